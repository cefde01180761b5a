"""Commands for the duplicate index."""
