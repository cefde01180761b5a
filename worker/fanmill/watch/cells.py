"""The texts of cells: escaped, without markup, cut to what a terminal can show."""

from __future__ import annotations

from typing import Any, Final
from unicodedata import normalize

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from fanmill.core.text.escapes import escape_controls
from fanmill.screens.forms import moment, written
from fanmill.screens.tables import Column, Row

LONGEST: Final = 120
"""Limit of cells of a value in any table; the details of a row show all of it."""
_MIDDLE: Final = 4
_RIGHT: Final = {"count", "rate", "seconds", "milliseconds", "bytes", "share"}
_MARKS: Final = {"": " ", "good": " ", "warn": "!", "bad": "!"}


def heading(column: Column, width: int) -> Text:
    """Return the heading of a column."""
    return Text(cut(column.title, width), justify=_side(column))


def shown(value: Any, column: Column, now_ms: int) -> str:
    """Return a value for a table, without control characters: times as ages."""
    # Terminals differ in the width of letters with combining marks; composed ones are one cell.
    text = normalize("NFC", escape_controls(written(value, column.kind, now_ms=now_ms)))
    # A character needs up to two cells, and combining ones none: this is only to save time.
    return text if len(text) <= 4 * LONGEST else text[: 4 * LONGEST]


def cell(text: str, column: Column, width: int, style: str = "") -> Text:
    """Return a text for a cell of some width, its end left out if it is longer."""
    short = cut_middle(text, width) if column.kind == "id" else cut(text, width)
    return Text(short, style=style, justify=_side(column))


def cut(text: str, width: int) -> str:
    """Return a text of at most `width` cells; `…` where its end is left out."""
    if cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, max(0, width - 1)).rstrip()}…"


def cut_middle(text: str, width: int) -> str:
    """Return an id of at most `width` cells: ids often differ at their ends only."""
    excess = cell_len(text) - width
    if excess <= 0 or width < _MIDDLE:
        return cut(text, width)
    tail = text[-(width // 2) :]
    while cell_len(tail) > width // 2:
        tail = tail[1:]
    return f"{cut(text, width - cell_len(tail))}{tail}"


def mark(row: Row, *, chosen: bool, style: str) -> Text:
    """Return the first cell: `x` for a chosen row, `!` for one with a trouble."""
    return Text(("x" if chosen else " ") + _MARKS[row.tone], style=f"bold {style}".strip())


def exact(value: Any, column: Column, now_ms: int) -> str:
    """Return a value as a whole, times with their age."""
    if value is None or value == "":
        return "-"
    if column.kind == "moment":
        return f"{moment(int(value))}, {written(value, 'moment', now_ms=now_ms)}"
    return escape_controls(written(value, column.kind))


def _side(column: Column) -> Any:
    return "right" if column.kind in _RIGHT else "left"
