"""A table of the catalogue as a widget that keeps its cursor, its choice and its place."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from fanmill.core.text.escapes import escape_controls
from fanmill.screens.tables import Column, Row, Table
from fanmill.watch.cells import NARROW_CELL, WIDE_CELL, cell, heading, mark

WIDE: int = 110
"""Columns of a terminal from which on all columns of a table are shown."""


class Rows(DataTable[Text]):
    """The rows; Enter opens one."""

    BINDINGS: ClassVar = []


class TableView(Vertical):
    """A table with its heading, the advice when it is empty, and its remarks."""

    DEFAULT_CSS = """
    TableView { height: auto; margin-bottom: 1; }
    TableView > .title { text-style: bold; color: $primary; padding: 0 1; }
    TableView > Rows { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    TableView > .remark { color: $text-muted; padding: 0 1; }
    """

    def __init__(self, name: str) -> None:
        super().__init__(id=f"table-{name}")
        self.table = Table(name, "", ())
        self.chosen: set[str] = set()
        self._shape: tuple[object, ...] = ()
        self._now_ms = 0

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
        wide = self.app.size.width >= WIDE
        columns = [column for column in table.columns if wide or not column.wide]
        shape = (tuple(columns), tuple(row.id for row in table.rows))
        cells = [self._cells(row, columns, wide=wide) for row in table.rows]
        if shape == self._shape:
            self._update(cells)
        else:
            self._rebuild(columns, cells)
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

    def _cells(self, row: Row, columns: list[Column], *, wide: bool) -> list[Text]:
        limit = WIDE_CELL if wide else NARROW_CELL
        values = dict(zip((column.name for column in self.table.columns), row.values, strict=True))
        shown = [cell(values[each.name], each, self._now_ms, limit) for each in columns]
        return [mark(row, chosen=row.id in self.chosen), *shown]

    def _update(self, cells: list[list[Text]]) -> None:
        rows = self.rows
        for at, values in enumerate(cells):
            for column, value in enumerate(values):
                if rows.get_cell_at((at, column)) != value:  # type: ignore[arg-type]
                    rows.update_cell_at((at, column), value, update_width=True)  # type: ignore[arg-type]

    def _rebuild(self, columns: list[Column], cells: list[list[Text]]) -> None:
        rows = self.rows
        under = (
            str(rows.coordinate_to_cell_key(rows.cursor_coordinate).row_key.value)
            if (rows.row_count)
            else ""
        )
        top = rows.scroll_y
        before = rows.cursor_row
        rows.clear(columns=True)
        rows.add_column(Text("  "))
        for column in columns:
            rows.add_column(heading(column))
        for row, values in zip(self.table.rows, cells, strict=True):
            rows.add_row(*values, key=row.id)
        ids = [row.id for row in self.table.rows]
        if ids:
            at = ids.index(under) if under in ids else min(before, len(ids) - 1)
            rows.move_cursor(row=max(0, at), animate=False, scroll=False)
            rows.scroll_to(y=top, animate=False)
