"""Filters on the rows of a table, in the language of all filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from fanmill.core.filters.keys import Catalogue, Key
from fanmill.core.filters.keys import Kind as ValueKind
from fanmill.core.filters.matching import KeyValue, matches
from fanmill.core.filters.parser import parse_filter
from fanmill.screens.tables import Column, Kind, Table

_KINDS: Final[dict[Kind, ValueKind]] = {
    "text": "text",
    "prose": "text",
    "id": "text",
    "seconds": "duration",
    "moment": "time",
}
_MS: Final = 1000


def catalogue_of(tables: Sequence[Table]) -> Catalogue:
    """Return the columns of tables as keys of a filter."""
    return {
        column.name: Key(_KINDS.get(column.kind, "number"), column.meaning or column.title)
        for table in tables
        for column in table.columns
        if column.kind != "course"
    }


def filtered(tables: Sequence[Table], text: str) -> list[Table]:
    """Return tables with the rows that a filter matches.

    Args:
        tables: Tables of a screen; a key of one column may be missing in another table, where no
            row has it.
        text: The filter; bare words are searched in all texts of a row.

    Raises:
        FilterError: It cannot be read, or names no column.
    """
    wanted = parse_filter(text, catalogue_of(tables))
    if not wanted.terms:
        return list(tables)
    found = []
    for table in tables:
        rows = [
            row
            for row in table.rows
            if matches(wanted, _values(table.columns, row.values), _text(row.values))
        ]
        left = len(table.rows) - len(rows)
        note = f"The filter hides {left:,} of {len(table.rows):,} rows." if left else table.note
        found.append(replace(table, rows=rows, note=note))
    return found


def _values(columns: Sequence[Column], values: Sequence[Any]) -> dict[str, KeyValue]:
    return {
        column.name: None
        if value is None
        else value * _MS
        if column.kind == "seconds"
        else value
        if column.kind in {"count", "rate", "milliseconds", "moment", "bytes", "share"}
        else str(value)
        for column, value in zip(columns, values, strict=True)
        if column.kind != "course"
    }


def _text(values: Sequence[Any]) -> str:
    return "\n".join(str(value) for value in values if isinstance(value, str))
