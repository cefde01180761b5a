"""The columns of a record: one row from the JSON that a sink hands over."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic_core import from_json, to_json

from fanmill.core.filters.record_keys import NUMERIC_STATISTICS
from fanmill.core.filters.record_values import record_passages, record_values
from fanmill.ports.store import CompletedEntry, OutcomeRefused
from fanmill.stores.postgresql.search_terms import record_terms, text_vector

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

COLUMNS: Final = (
    "entry_id",
    *KEY_COLUMNS.values(),
    "completed_at",
    "received_at",
    "topics",
    "tags",
    "failed",
    "terms",
    "tokens",
    "fingerprint",
    "record",
)
"""Columns in the order of `record_row`; `position` comes from its sequence."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
_NUL: Final = rb"\u0000"


def time_of(milliseconds: float) -> datetime:
    """Return milliseconds since 1970 as a time, at the latest the end of the year 9999."""
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return _EPOCH if milliseconds < 0 else _LAST


def record_row(entry: CompletedEntry) -> tuple[Any, ...]:
    """Return the values of `COLUMNS` for a record.

    Raises:
        OutcomeRefused: It is no record.
    """
    try:
        record, written = _storable(entry)
        values = record_values(record)
        return (
            entry.entry_id,
            *(values.get(key) for key in KEY_COLUMNS),
            _time(values["completed"]),
            _time(values["received"]),
            list(_items(values["topic"])),
            _written_tags(record),
            _failed(values),
            record_terms(values),
            text_vector(record_passages(record)),
            entry.fingerprint,
            written,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutcomeRefused(f"entry {entry.entry_id} has no record: {error!r}") from error


def _storable(entry: CompletedEntry) -> tuple[Mapping[str, Any], str]:
    """Return the record and its JSON without NUL, which no text of PostgreSQL can hold."""
    if _NUL not in entry.record_json:
        return entry.record, entry.record_json.decode()
    record = _without_nul(from_json(entry.record_json))
    return record, to_json(record).decode()


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(each) for key, each in value.items()}
    return value


def _time(milliseconds: Any) -> datetime | None:
    return None if milliseconds is None else time_of(milliseconds)


def _items(value: Any) -> tuple[str, ...]:
    return value or ()


def _failed(values: Mapping[str, Any]) -> list[str] | None:
    failed = values.get("failed")
    return None if failed is None else list(failed)


def _written_tags(record: Mapping[str, Any]) -> list[str]:
    """Return the tags as `namespace/value`, each once."""
    tags = (record.get("tagging") or {}).get("tags") or {}
    written = (f"{namespace}/{each['value']}" for namespace, all_ in tags.items() for each in all_)
    return list(dict.fromkeys(written))
