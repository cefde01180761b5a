"""The service on one machine: the embedded server and supervised processes."""
