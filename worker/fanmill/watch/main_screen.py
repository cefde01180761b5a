"""The screen with the navigation, the attention lines, and the overview or tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Input, Static

from fanmill.core.text.escapes import escape_controls
from fanmill.screens.overview import Span
from fanmill.screens.tables import Role
from fanmill.watch.attention import lines_of, trouble
from fanmill.watch.catalogue import VIEWS, View
from fanmill.watch.cells import cut
from fanmill.watch.keys import footer
from fanmill.watch.look import Look
from fanmill.watch.overview_view import OverviewView
from fanmill.watch.styles import SCREEN
from fanmill.watch.table_view import TableView

_NUMBERED: Final = 110
"""Columns of a terminal from which on the titles of screens have their numbers."""
_LABEL: Final = 20
_LEAST_LINES: Final = 6
"""Lines that a table has at least, however low the terminal is."""


class Tab(Static):
    """The title of a screen, its letter underlined; a click goes there."""

    def __init__(self, at: int, view: View) -> None:
        super().__init__(markup=False, id=f"tab-{view.name}")
        self._at, self._view = at, view

    def show(self, width: int) -> None:
        """Show the title, with its number if there is room."""
        title, key = self._view.title, self._view.key
        at = title.lower().index(key)
        number = f"{self._at} " if width >= _NUMBERED else ""
        self.update(
            Content.assemble(number, title[:at], (title[at : at + 1], "u"), title[at + 1 :])
        )

    def on_click(self) -> None:
        """Go to the screen."""
        self.app.action_go(self._view.name)  # type: ignore[attr-defined]


class MainScreen(Screen[None]):
    """All screens share this one: the parts of the others are hidden."""

    AUTO_FOCUS = ""
    CSS = SCREEN

    def __init__(self, role: Role, label: str) -> None:
        super().__init__()
        self._role: Role = role
        self._label = cut(escape_controls(label), _LABEL)
        self.look: Look | None = None
        self.wanted = ""
        """The filter."""
        self._state = ""
        self._tables: dict[str, TableView] = {}

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Horizontal(id="nav"):
            for at, view in enumerate(VIEWS, 1):
                yield Tab(at, view)
        yield Static("Looking...", id="attention")
        with VerticalScroll(id="body", can_focus=False):
            overview = OverviewView()
            overview.display = False
            yield overview
        yield Input(
            id="filter", disabled=True, placeholder="filter, such as source:/crawler/eu or age:>10m"
        )
        with Horizontal(id="foot"):
            yield Static(id="keys", markup=False)
            yield Static(id="state", markup=False)

    def on_resize(self, event: Resize) -> None:
        """Draw anew what depends on the size."""
        for tab in self.query(Tab):
            tab.show(event.size.width)
        if self.look is not None:
            self.query_one("#attention", Static).update(lines_of(self.look, self._room))
        for table in self.tables:
            table.draw()
        self.call_after_refresh(self._share_lines)
        self.show_keys()

    @property
    def _room(self) -> int:
        return max(20, self.app.size.width - 2)

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
        self._state = " · ".join(filter(None, (self._label, state)))
        self.query_one("#state", Static).update(self._state)
        self.show_keys()

    async def show(self, seen: Look, span: Span) -> None:
        """Show a look."""
        fresh = self.look is None or self.look.view != seen.view
        self.query_one("#attention", Static).update(lines_of(seen, self._room))
        overview = self.query_one(OverviewView)
        overview.display = seen.course is not None
        if seen.course is not None:
            overview.show(seen.overview, seen.course, span)
        await self._show_tables(seen)
        if fresh and not self.query_one("#filter", Input).has_focus:
            self.query_one("#body").scroll_to(y=0, animate=False)
            self._focus_first()
        self.look = seen
        self.show_keys()

    async def _show_tables(self, seen: Look) -> None:
        for name, view in self._tables.items():
            view.display = any(table.name == name for table in seen.tables)
        for table in seen.tables:
            if table.name not in self._tables:
                self._tables[table.name] = TableView(table.name)
                await self.query_one("#body").mount(self._tables[table.name])
            self._tables[table.name].show(table, seen.overview.now_ms)
        self._share_lines()

    def _share_lines(self) -> None:
        """Give small tables the lines that they need, and large ones equal shares of the rest."""
        left = self.query_one("#body").size.height
        by_need = sorted(self.tables, key=lambda each: each.lines)
        for at, table in enumerate(by_need):
            share = max(_LEAST_LINES, left // (len(by_need) - at))
            table.limit(share)
            left -= min(share, table.lines)

    def _focus_first(self) -> None:
        first = next((each for each in self.tables if each.table.rows), None)
        if first is None:
            self.set_focus(None)
        else:
            self.set_focus(first.rows, scroll_visible=False)

    def on_descendant_focus(self) -> None:
        """Show the keys of the table that has the cursor now."""
        self.show_keys()

    def show_keys(self) -> None:
        """Show the keys that matter now."""
        at = self.at or next(iter(self.tables), None)
        room = self._room - len(self._state) - 2
        text = footer(self._role, at.table if at else None, room, filtered=self.wanted)
        self.query_one("#keys", Static).update(text)

    def show_trouble(self, message: str, again: float) -> None:
        """Show that a server is away; what was read before stays."""
        shown = trouble(message, again, self.look, self._room)
        self.query_one("#attention", Static).update(shown)

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
        self.set_focus(at.rows, scroll_visible=False)
        at.rows.move_cursor(row=to, animate=False)
        at.scroll_visible(animate=False)

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
