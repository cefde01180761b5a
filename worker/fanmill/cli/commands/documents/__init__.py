"""Commands that bring documents in and show their results."""
