"""The scalar values of a record as columns, for CSV and Parquet. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

from fanmill.core.filters.record_keys import NUMERIC_STATISTICS
from fanmill.core.filters.record_values import record_values

ColumnType = Literal["text", "integer", "number", "time", "texts"]

_FIRST: Final[dict[str, tuple[str, ColumnType]]] = {
    "document_id": ("document", "text"),
    "revision": ("revision", "integer"),
    "source": ("source", "text"),
    "event_id": ("event", "text"),
    "title": ("title", "text"),
    "url": ("url", "text"),
    "language": ("lang", "text"),
    "script": ("script", "text"),
    "verdict": ("verdict", "text"),
    "duplicate_of": ("duplicate-of", "text"),
    "similarity": ("similarity", "number"),
    "containment": ("containment", "number"),
    "partition": ("partition", "text"),
    "text_sha256": ("digest", "text"),
    "received_at": ("received", "time"),
    "completed_at": ("completed", "time"),
    "problems": ("problems", "integer"),
}
"""Column: key of the filter language, and type."""

_STATISTICS: Final[dict[str, tuple[str, ColumnType]]] = {
    key.replace(".", "_"): (key, "integer" if each.kind == "integer" else "number")
    for key, each in NUMERIC_STATISTICS.items()
}

SCALAR_COLUMNS: Final[dict[str, ColumnType]] = {
    **{name: kind for name, (_, kind) in _FIRST.items()},
    **{name: kind for name, (_, kind) in _STATISTICS.items()},
}
"""Type of each scalar column, in their order."""

_KEYS: Final = {
    **{name: key for name, (key, _) in _FIRST.items()},
    **{name: key for name, (key, _) in _STATISTICS.items()},
}
_TIMES: Final = frozenset(name for name, kind in SCALAR_COLUMNS.items() if kind == "time")


def scalars_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of `SCALAR_COLUMNS`; None for one that the record lacks.

    Times are texts of RFC 3339 in UTC with milliseconds.

    Args:
        record: The members of a `DocumentResult` as JSON has them.
    """
    values = record_values(record)
    found = {name: values.get(key) for name, key in _KEYS.items()}
    for name in _TIMES:
        found[name] = _moment(found[name])
    return found


def _moment(ms: Any) -> str | None:
    if ms is None:
        return None
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
