"""Exit codes: part of the command line's contract, listed in every `--help`."""

from enum import IntEnum


class Exit(IntEnum):
    """What the caller's script may branch on."""

    DONE = 0
    """All went well."""
    FAILURE = 1
    """The command ran, but something is not as it should be: a document was
    rejected or is unknown, an input could not be read, a check failed."""
    USAGE = 2
    """Wrong arguments or settings; nothing was done."""
    SERVER = 3
    """The server cannot be reached, or refused."""
    BACKLOG = 4
    """The ledger is full; the message says how many events were written."""
    INTERRUPTED = 130
    """Ended by Ctrl-C or SIGTERM; everything that was started has ended too."""


EPILOG = (
    "Exit codes: 0 done; 1 done, but something is wrong (a rejected or unknown document, "
    "an unreadable input, a failed check); 2 wrong arguments or settings; 3 server not reached; "
    "4 ledger full; 130 interrupted."
)
