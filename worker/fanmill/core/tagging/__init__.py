"""The interface of taggers and the runner that applies them."""
