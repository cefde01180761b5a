"""The taggers that come with fanmill."""
