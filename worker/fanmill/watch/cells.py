"""The texts of cells: escaped, without markup, cut to what a terminal can show."""

from __future__ import annotations

from typing import Any, Final

from rich.text import Text

from fanmill.core.text.escapes import escape_controls
from fanmill.screens.forms import moment, written
from fanmill.screens.tables import Column, Row

NARROW_CELL, WIDE_CELL = 24, 60
"""Limits of characters of a cell in a narrow and a wide terminal; the details show all of it."""
_RIGHT: Final = {"count", "rate", "seconds", "milliseconds", "bytes", "share"}
_MARKS: Final = {"": " ", "good": " ", "warn": "!", "bad": "!"}


def heading(column: Column) -> Text:
    """Return the heading of a column."""
    return Text(column.title, justify="right" if column.kind in _RIGHT else "left")


def cell(value: Any, column: Column, now_ms: int, limit: int) -> Text:
    """Return a value for a table: times as ages, long texts with their end left out."""
    shown = escape_controls(written(value, column.kind, now_ms=now_ms))
    if len(shown) > limit:
        shown = f"{shown[: limit - 1]}…"
    return Text(shown, justify="right" if column.kind in _RIGHT else "left")


def mark(row: Row, *, chosen: bool) -> Text:
    """Return the first cell: `x` for a chosen row, `!` for one with a trouble."""
    return Text(("x" if chosen else " ") + _MARKS[row.tone], style="bold")


def exact(value: Any, column: Column, now_ms: int) -> str:
    """Return a value as a whole, times with their age."""
    if value is None or value == "":
        return "-"
    if column.kind == "moment":
        return f"{moment(int(value))}, {written(value, 'moment', now_ms=now_ms)}"
    return escape_controls(written(value, column.kind))
