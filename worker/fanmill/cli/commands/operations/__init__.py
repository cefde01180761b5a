"""Commands that show the state of a service."""
