"""The screen with the navigation, the attention lines, and the overview or tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from fanmill.core.filters.errors import FilterError
from fanmill.core.text.escapes import escape_controls
from fanmill.screens.filtering import filtered
from fanmill.screens.forms import moment
from fanmill.screens.overview import Span
from fanmill.screens.tables import Role
from fanmill.watch.catalogue import VIEWS, View
from fanmill.watch.keys import footer
from fanmill.watch.look import Look, said
from fanmill.watch.overview_view import OverviewView
from fanmill.watch.table_view import TableView

_MARKS: Final = {"bad": ("!!", "bold red"), "warn": (" !", "yellow")}
MAX_ATTENTION: Final = 3
"""Lines of attention on every screen but the overview, which shows them all."""


class Tab(Static):
    """The title of a screen; a click goes there."""

    def __init__(self, at: int, view: View) -> None:
        super().__init__(f"{at} {view.title}", markup=False, id=f"tab-{view.name}")
        self._view = view

    def on_click(self) -> None:
        """Go to the screen."""
        self.app.action_go(self._view.name)  # type: ignore[attr-defined]


class MainScreen(Screen[None]):
    """All screens share this one: the parts of the others are hidden."""

    AUTO_FOCUS = ""
    CSS = """
    #nav { height: 1; background: $panel; }
    #nav Tab { width: auto; padding: 0 1; }
    #nav Tab.here { background: $primary; color: $background; text-style: bold; }
    #attention { height: auto; max-height: 8; padding: 0 1; margin-bottom: 1; }
    #body { height: 1fr; }
    #filter { display: none; height: 1; border: none; padding: 0 1; background: $panel; }
    #filter.open { display: block; }
    #foot { height: 1; background: $panel; padding: 0 1; }
    #keys { width: 1fr; height: 1; color: $text-muted; }
    #state { width: auto; text-style: bold; }
    """

    def __init__(self, role: Role, label: str) -> None:
        super().__init__()
        self._role: Role = role
        self._label = label
        self.look: Look | None = None
        self.wanted = ""
        """The filter."""
        self._tables: dict[str, TableView] = {}

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Horizontal(id="nav"):
            for at, view in enumerate(VIEWS, 1):
                yield Tab(at, view)
        yield Static("Looking...", id="attention")
        with VerticalScroll(id="body", can_focus=False):
            yield OverviewView()
        yield Input(
            id="filter", disabled=True, placeholder="filter, such as source:/crawler/eu or age:>10m"
        )
        with Horizontal(id="foot"):
            yield Static(id="keys", markup=False)
            yield Static(id="state", markup=False)

    def on_mount(self) -> None:
        """Hide what has no contents yet."""
        self.query_one(OverviewView).display = False

    @property
    def tables(self) -> list[TableView]:
        """The tables that are shown, in their order."""
        return [each for each in self._tables.values() if each.display]

    @property
    def at(self) -> TableView | None:
        """The table with the cursor."""
        for each in self.tables:
            if each.rows.has_focus:
                return each
        return next((each for each in self.tables if each.table.rows), None)

    def show_place(self, view: View, state: str) -> None:
        """Show which screen it is, and whether it is live."""
        for tab in self.query(Tab):
            tab.set_class(tab.id == f"tab-{view.name}", "here")
        self.query_one("#state", Static).update(" · ".join(filter(None, (self._label, state))))

    async def show(self, seen: Look, span: Span) -> None:
        """Show a look."""
        fresh = self.look is None or [t.name for t in self.look.tables] != [
            t.name for t in seen.tables
        ]
        self.look = seen
        self._show_attention(seen)
        overview = self.query_one(OverviewView)
        overview.display = seen.course is not None
        if seen.course is not None:
            overview.show(seen.overview, seen.course, span)
        await self._show_tables(seen)
        if fresh and not self.query_one("#filter", Input).has_focus:
            self._focus_first()
        self.show_keys()

    async def _show_tables(self, seen: Look) -> None:
        tables = list(seen.tables)
        try:
            tables = filtered(tables, self.wanted) if tables else []
        except FilterError as error:
            self.notify(escape_controls(str(error)), severity="error", markup=False)
            self.wanted = ""
        for name, view in self._tables.items():
            view.display = any(table.name == name for table in tables)
        for table in tables:
            if table.name not in self._tables:
                self._tables[table.name] = TableView(table.name)
                await self.query_one("#body").mount(self._tables[table.name])
            self._tables[table.name].show(table, seen.overview.now_ms)

    def _focus_first(self) -> None:
        first = next((each for each in self.tables if each.table.rows), None)
        if first is None:
            self.set_focus(None)
        else:
            first.rows.focus()

    def show_keys(self) -> None:
        """Show the keys that matter now."""
        at = self.at or next(iter(self.tables), None)
        text = footer(self._role, at.table if at else None, filtered=self.wanted)
        self.query_one("#keys", Static).update(text)

    def _show_attention(self, seen: Look) -> None:
        lines = seen.overview.lines
        most = len(lines) if seen.course is not None else MAX_ATTENTION
        text = Text()
        for line in lines[:most]:
            sign, style = _MARKS[line.severity]
            text.append(f"{sign} ", style=style)
            text.append(f"{escape_controls(said(line))}\n")
        if len(lines) > most:
            text.append(f"   {len(lines) - most:,} more on the overview\n")
        if not lines:
            text.append(seen.overview.well, style="green")
        text.rstrip()
        self.query_one("#attention", Static).update(text)

    def show_trouble(self, message: str, again: float) -> None:
        """Show that a server is away; what was read before stays."""
        text = Text("!! ", style="bold red")
        text.append(f"{escape_controls(message)} Next try in {again:g} s. See: fanmill doctor.")
        if self.look is not None:
            text.append(f" The numbers below are those of {moment(self.look.overview.now_ms)}.")
        self.query_one("#attention", Static).update(text)

    def step(self, by: int) -> None:
        """Move the cursor by a row, on to the next table at an end."""
        at = self.at
        if at is None:
            self.query_one("#body").scroll_relative(y=by, animate=False)
            return
        to = at.rows.cursor_row + by
        if at.rows.has_focus and not 0 <= to < at.rows.row_count:
            shown = [each for each in self.tables if each.table.rows]
            index = shown.index(at) + by
            if 0 <= index < len(shown):
                at = shown[index]
                to = 0 if by > 0 else at.rows.row_count - 1
        at.rows.focus()
        at.rows.move_cursor(row=to, animate=False)

    def open_filter(self) -> None:
        """Ask for a filter."""
        entry = self.query_one("#filter", Input)
        entry.add_class("open")
        entry.disabled = False
        entry.value = self.wanted
        entry.focus()

    def close_filter(self) -> None:
        """Hide the entry; the filter stays."""
        entry = self.query_one("#filter", Input)
        entry.remove_class("open")
        entry.disabled = True
        self._focus_first()

    def chosen(self) -> Sequence[str]:
        """Return the ids that an act is for."""
        return self.at.ids() if self.at else []
