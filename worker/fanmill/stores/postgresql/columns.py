"""The columns of records by the keys of filters."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from fanmill.core.filters.record_keys import NUMERIC_STATISTICS

STATISTIC_COLUMNS: Final[Mapping[str, str]] = {
    key: key.replace(".", "_") for key in NUMERIC_STATISTICS
}
"""Column of each statistic, by its key in filters."""

KEY_COLUMNS: Final[Mapping[str, str]] = {
    "lang": "language",
    "verdict": "verdict",
    "duplicate-of": "duplicate_of",
    "source": "source",
    "site": "site",
    "title": "title",
    "url": "url",
    "document": "document_id",
    "event": "event_id",
    "digest": "text_sha256",
    "partition": "partition",
    "script": "script",
    "problems": "problems",
    "revision": "revision",
    "similarity": "similarity",
    "containment": "containment",
    **STATISTIC_COLUMNS,
}
"""Columns with the value of a key as it is."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)


def time_of(milliseconds: float) -> datetime:
    """Return milliseconds since 1970 as a time, at the latest the end of the year 9999."""
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return _EPOCH if milliseconds < 0 else _LAST
