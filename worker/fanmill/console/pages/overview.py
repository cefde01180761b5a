"""The overview: what needs attention, tiles, the pipeline, the course of events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from fanmill.console.page import Page, Query
from fanmill.screens.consumers import groups_table as readers_table
from fanmill.screens.failures import groups_table
from fanmill.screens.overview import SPANS, overview
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Table

_GROUPS: Final = 5
_FAILURES: Final = ("cause", "stage", "open", "trend", "last")
_READERS: Final = ("group", "stream", "lag", "behind", "partition")


def view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return the values of the overview."""
    span = query.get("span", "24h")
    found = overview(reader)
    failures = _part(groups_table(reader), _FAILURES)
    readers = _part(readers_table(found.readings), _READERS[: 4 + (len(reader.partitions) > 1)])
    return {
        "overview": found,
        "span": span if span in SPANS else "24h",
        "spans": SPANS,
        "failures": replace(failures, title="Largest failure groups"),
        "readers": replace(readers, title="Readers of the outcomes"),
    }


def _part(table: Table, names: tuple[str, ...]) -> Table:
    """Return the first rows of a table with some of its columns and without its buttons."""
    kept = [at for at, column in enumerate(table.columns) if column.name in names]
    rows = [
        replace(row, values=tuple(row.values[at] for at in kept)) for row in table.rows[:_GROUPS]
    ]
    columns = tuple(replace(table.columns[at], wide=False) for at in kept)
    return replace(table, columns=columns, rows=rows, actions=())


PAGES = (Page("overview", "Overview", "/", view, key="o", live=True),)
