"""Commands that run the processes of a service."""
