"""Points in time as text. Pure: the time comes in, nobody looks at a clock."""

from datetime import UTC, datetime


def rfc3339(milliseconds: int) -> str:
    """Return milliseconds since 1970 as RFC 3339 in UTC, such as `2026-01-02T03:04:05.678Z`."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


def received_at(entry_id: str) -> str:
    """Return when the ledger took an entry: its id begins with the server's time in ms."""
    return rfc3339(int(entry_id.partition("-")[0]))


def order_of(entry_id: str) -> tuple[int, int]:
    """Return what entry ids sort by: milliseconds and sequence number, as numbers."""
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds), int(sequence)
