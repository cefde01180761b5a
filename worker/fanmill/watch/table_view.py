"""A table of the catalogue as a widget that keeps its cursor, its choice and its place."""

from __future__ import annotations

from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from fanmill.core.text.escapes import escape_controls
from fanmill.screens.tables import Row, Table
from fanmill.watch.cells import LONGEST, cell, heading, mark, shown
from fanmill.watch.fitting import GAP, fit, natural

_MARK_WIDTH = 2
_SCROLL_BARS = 2
"""Columns that the scroll bars of the table and of the screen need."""
_FRAME = 2
"""Lines of a table beside its rows and remarks: the title, and the empty line below."""


class Rows(DataTable[Text]):
    """The rows; Enter opens one."""

    BINDINGS: ClassVar = []


class TableView(Vertical):
    """A table with its heading, the advice when it is empty, and its remarks."""

    def __init__(self, name: str) -> None:
        super().__init__(id=f"table-{name}")
        self.table = Table(name, "", ())
        self.chosen: set[str] = set()
        self._shape: tuple[object, ...] = ()
        self._now_ms = 0
        self._too_wide = False

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield Static(classes="title", markup=False)
        yield Rows(cursor_type="row", zebra_stripes=False)
        yield Static(classes="remark", markup=False)

    @property
    def rows(self) -> Rows:
        """The widget of the rows."""
        return self.query_one(Rows)

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        at = self.rows.cursor_row
        return self.table.rows[at] if 0 <= at < len(self.table.rows) else None

    @property
    def lines(self) -> int:
        """Number of lines that the whole table needs."""
        return _FRAME + self._row_lines + self._remark_lines

    def limit(self, lines: int) -> None:
        """Show at most so many lines; the rows scroll."""
        room = max(2, lines - _FRAME - self._remark_lines)
        # Not a height of `auto`: on a busy machine the table sometimes missed its new rows.
        self.rows.styles.height = min(self._row_lines, room)

    @property
    def _row_lines(self) -> int:
        """Lines of all rows, their headings, and a scroll bar below if they are too wide."""
        return len(self.table.rows) + 1 + self._too_wide if self.table.rows else 0

    @property
    def _remark_lines(self) -> int:
        return len(wrap(self._remark(), max(20, self.app.size.width - 3)))

    def ids(self) -> list[str]:
        """Return the ids of the chosen rows, or else of the current one."""
        if self.chosen:
            return [row.id for row in self.table.rows if row.id in self.chosen]
        return [self.current.id] if self.current else []

    def toggle(self) -> None:
        """Choose the current row, or no longer."""
        if self.current:
            self.chosen ^= {self.current.id}
            self.draw()

    def toggle_all(self) -> None:
        """Choose all rows that are shown, or none."""
        every = {row.id for row in self.table.rows}
        self.chosen = set() if self.chosen == every else every
        self.draw()

    def show(self, table: Table, now_ms: int) -> None:
        """Show a table as of now; the cursor stays on its row."""
        self.table = table
        self._now_ms = now_ms
        self.chosen &= {row.id for row in table.rows}
        self.draw()

    def draw(self) -> None:
        """Draw the rows anew, or only the cells that changed."""
        table, rows = self.table, self.rows
        texts = [
            [shown(*each, self._now_ms) for each in zip(row.values, table.columns, strict=True)]
            for row in table.rows
        ]
        widths = [
            natural(column, min(LONGEST, max((cell_len(line[at]) for line in texts), default=0)))
            for at, column in enumerate(table.columns)
        ]
        room = self.app.size.width - _SCROLL_BARS - _MARK_WIDTH - GAP
        fitted = fit(table.columns, widths, room)
        self._too_wide = sum(width + GAP for _, width in fitted) > room
        shape = (table.columns, fitted, tuple(row.id for row in table.rows))
        cells = [
            self._cells(row, line, fitted) for row, line in zip(table.rows, texts, strict=True)
        ]
        if shape == self._shape:
            self._update(cells)
        else:
            self._rebuild(fitted, cells)
            self._shape = shape
        rows.display = bool(table.rows)
        count = f"  {len(table.rows):,}" if table.rows else ""
        chosen = f", {len(self.chosen):,} chosen" if self.chosen else ""
        self.query_one(".title", Static).update(f"{table.title}{count}{chosen}")
        remark = self.query_one(".remark", Static)
        text = self._remark()
        remark.update(escape_controls(text))
        remark.display = bool(text)

    def _remark(self) -> str:
        table = self.table
        parts = [] if table.rows else [table.note or table.empty]
        if table.rows:
            if table.more is None:
                parts.append("There may be more.")
            elif table.more:
                parts.append(f"{table.more:,} more are not shown.")
            parts.append(table.note)
        return " ".join(part for part in parts if part)

    def _cells(self, row: Row, texts: list[str], fitted: list[tuple[int, int]]) -> list[Text]:
        theme = self.app.current_theme
        style = {"warn": theme.warning, "bad": theme.error}.get(row.tone) or ""
        columns = self.table.columns
        return [
            mark(row, chosen=row.id in self.chosen, style=style),
            *(cell(texts[at], columns[at], width, style) for at, width in fitted),
        ]

    def _update(self, cells: list[list[Text]]) -> None:
        rows = self.rows
        for at, values in enumerate(cells):
            for column, value in enumerate(values):
                before = rows.get_cell_at((at, column))  # type: ignore[arg-type]
                if before != value or before.style != value.style:
                    rows.update_cell_at((at, column), value)  # type: ignore[arg-type]

    def _rebuild(self, fitted: list[tuple[int, int]], cells: list[list[Text]]) -> None:
        rows = self.rows
        under = (
            str(rows.coordinate_to_cell_key(rows.cursor_coordinate).row_key.value)
            if (rows.row_count)
            else ""
        )
        top = rows.scroll_y
        before = rows.cursor_row
        rows.clear(columns=True)
        rows.add_column(Text(""), width=_MARK_WIDTH)
        for at, width in fitted:
            rows.add_column(heading(self.table.columns[at], width), width=width)
        for row, values in zip(self.table.rows, cells, strict=True):
            rows.add_row(*values, key=row.id)
        ids = [row.id for row in self.table.rows]
        if ids:
            at = ids.index(under) if under in ids else min(before, len(ids) - 1)
            rows.move_cursor(row=max(0, at), animate=False, scroll=False)
            rows.scroll_to(y=top, animate=False)
