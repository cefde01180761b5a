"""The person who gives an order, for the record of it."""

import getpass
import socket


def actor() -> str:
    """Return user and host of this command, such as `anna@mill1`."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a user without a name.
        user = "unknown"
    return f"{user}@{socket.gethostname()}"
