"""Stream entry ids: their order, and the times that most of them begin with.

A producer may choose an id of its own, up to 2**64 - 1 for each half. Nothing here
raises on any id that a stream can hold. Pure: nothing looks at a clock.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

MAX_MILLISECONDS: Final = 253_402_300_799_999
"""Last millisecond of the year 9999 in UTC, the last year that RFC 3339 can write."""

_DAY_MILLISECONDS: Final = 86_400_000

_ID: Final = re.compile(r"(\d{1,20})-(\d{1,20})", re.ASCII)


def is_entry_id(text: str) -> bool:
    """Return whether a text is a whole entry id, such as `1769850000000-0`."""
    halves = _ID.fullmatch(text)
    return halves is not None and all(int(half) < 2**64 for half in halves.groups())


def rfc3339(milliseconds: int) -> str:
    """Return milliseconds since 1970 as RFC 3339 in UTC, such as `2026-01-02T03:04:05.678Z`.

    Times beyond the year 9999 give the last millisecond of that year.
    """
    seconds, rest = divmod(min(milliseconds, MAX_MILLISECONDS), 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


def received_at(entry_id: str, now_ms: int) -> str | None:
    """Return when the ledger took an entry, as RFC 3339; None if its id is later than `now_ms`."""
    milliseconds = order_of(entry_id)[0]
    return None if milliseconds > now_ms else rfc3339(milliseconds)


def day_of(entry_id: str) -> str:
    """Return the day of an entry in UTC, `YYYY-MM-DD`; at the latest `9999-12-31`."""
    return _day(min(order_of(entry_id)[0], MAX_MILLISECONDS) // _DAY_MILLISECONDS)


@lru_cache(maxsize=64)
def _day(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days)).isoformat()


def order_of(entry_id: str) -> tuple[int, int]:
    """Return the sort key of an entry id: milliseconds and sequence number, as numbers.

    A store of several partitions has ids of rejections that end in `.N`, for the partition.
    """
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds), int(sequence.partition(".")[0])
