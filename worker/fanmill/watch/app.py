"""The application: reads in a thread at an interval, takes keys, does acts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar

from redis.exceptions import RedisError
from textual.app import App
from textual.css.query import NoMatches
from textual.events import Key
from textual.widgets import DataTable, Input

from fanmill.core.filters import FilterError
from fanmill.core.text.escapes import escape_controls
from fanmill.ports.store import StoreError
from fanmill.screens.acts import Act, Viewer
from fanmill.screens.overview import SPANS, Span
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Action, Row, Table
from fanmill.watch.catalogue import ACTS, VIEWS, View
from fanmill.watch.details import beside, values_of
from fanmill.watch.dialogs import Page
from fanmill.watch.keys import DO, help_text
from fanmill.watch.look import look
from fanmill.watch.main_screen import MainScreen
from fanmill.watch.orders import Orders, trouble_of
from fanmill.watch.styles import DARK, HEIGHTS, LIGHT, WIDTHS
from fanmill.watch.table_view import TableView


class WatchApp(App[None]):
    """The console in a terminal.

    Args:
        reader: Reads all partitions.
        viewer: The person at the terminal, with a role.
        label: Name of the installation; may be empty.
        interval: Seconds between two looks.
    """

    ENABLE_COMMAND_PALETTE = False
    TITLE = "fanmill watch"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar = [("ctrl+c", "quit", "quit")]

    def __init__(
        self, reader: Reader, viewer: Viewer, label: str = "", interval: float = 2.0
    ) -> None:
        super().__init__()
        self._reader = reader
        self._viewer = viewer
        self._label = label
        self._interval = interval
        self._view: View = VIEWS[0]
        self._span: Span = "24h"
        self._held = False
        self._going = False
        self._stored: dict[str, Sequence[Table]] = {}
        """Tables of the screen if it is not live."""
        self._wake = asyncio.Event()
        self._orders = Orders(self, reader, viewer)
        self.main = MainScreen(viewer.role, label)

    @property
    def view(self) -> View:
        """The screen that is shown."""
        return self._view

    async def on_mount(self) -> None:
        """Begin to look."""
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name
        await self.push_screen(self.main)
        self.run_worker(self._watch(), group="watch")

    async def _watch(self) -> None:
        while True:
            self._wake.clear()
            await self._look_once()
            while not await self._woken() and self._held:
                pass

    async def _woken(self) -> bool:
        """Wait for the next look; return whether a key has asked for it."""
        with suppress(TimeoutError):
            return await asyncio.wait_for(self._wake.wait(), self._interval)
        return False

    async def _look_once(self) -> None:
        try:
            await self._read()
        except NoMatches:
            # While the terminal is given back, widgets are gone before the worker that draws them.
            if self.is_running and self.main.query("#attention"):
                raise

    async def _read(self) -> None:
        view, span, where = self._view, self._span, self.main.wanted
        known = self._stored.get(view.name) if not view.live else None
        try:
            seen = await asyncio.to_thread(look, self._reader, view, span, where, known)
        except FilterError as error:
            self._orders.tell(str(error), "error")
            if self.main.wanted == where:
                self.main.wanted = ""
            self.look_now()
        except Exception as error:  # noqa: BLE001  the terminal stays, with what it knows
            if isinstance(error, StoreError):
                self._reader.forget_store()
            self.main.show_trouble(trouble_of(error), self._interval)
            self.main.show_place(self._view, "away")
        else:
            if view is self._view and where == self.main.wanted:
                self._stored = {} if view.live else {view.name: seen.tables}
                await self.main.show(seen, span)
                self.main.show_place(self._view, self._state)

    @property
    def _state(self) -> str:
        rights = "" if self._viewer.role == "reader" else f"{self._viewer.role} "
        return rights + ("held" if self._held else "live")

    def look_now(self) -> None:
        """Look again at once, at stored things, too."""
        self._stored = {}
        self._wake.set()

    def action_go(self, name: str) -> None:
        """Go to a screen."""
        self._view = next(view for view in VIEWS if view.name == name)
        self.main.wanted = ""
        self.main.show_place(self._view, self._state)
        self.look_now()

    def on_key(self, event: Key) -> None:
        """Do what a key says."""
        if self.screen is not self.main or isinstance(self.focused, Input):
            if event.key == "escape" and self.screen is self.main:
                self.main.close_filter()
            return
        character = event.character or ""
        if self._going:
            self._going = False
            for view in VIEWS:
                if view.key == character:
                    self.action_go(view.name)
                    return
        if character.isdecimal() and 1 <= int(character) <= len(VIEWS):
            self.action_go(VIEWS[int(character) - 1].name)
            return
        if character and self._act_on_rows(character):
            return
        do = DO.get(character if event.is_printable else event.key)
        if do is not None:
            getattr(self, do)()

    def do_going(self) -> None:
        """Expect the letter of a screen."""
        self._going = True

    def do_next(self) -> None:
        """Go to the next row."""
        self.main.step(1)

    def do_previous(self) -> None:
        """Go to the previous row."""
        self.main.step(-1)

    def do_choose(self) -> None:
        """Choose the row, or no longer."""
        if self.main.at:
            self.main.at.toggle()

    def do_choose_all(self) -> None:
        """Choose all rows of the table, or none."""
        if self.main.at:
            self.main.at.toggle_all()

    def do_filter(self) -> None:
        """Ask for a filter."""
        if self.main.tables:
            self.main.open_filter()

    def do_no_filter(self) -> None:
        """End the filter."""
        if self.main.wanted:
            self.main.wanted = ""
            self.look_now()

    def do_hold(self) -> None:
        """Hold the numbers, or let them live again."""
        self._held = not self._held
        self.main.show_place(self._view, self._state)
        if not self._held:
            self.look_now()

    def do_span(self) -> None:
        """Show another span."""
        spans = list(SPANS)
        self._span = spans[(spans.index(self._span) + 1) % len(spans)]
        self.look_now()

    def do_theme(self) -> None:
        """Change between dark and light."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name
        for table in self.main.tables:
            table.draw()

    def do_help(self) -> None:
        """Show the keys."""
        tables = [each.table for each in self.main.tables]
        self.push_screen(Page("Keys", help_text(self._viewer.role, tables)))

    def do_pause(self) -> None:
        """Ask which part to pause or to resume."""
        self.run_worker(self._pause(), group="act")

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Use the filter."""
        self.main.wanted = event.value.strip()
        self.main.close_filter()
        self.look_now()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Open a row."""
        view = event.data_table.parent
        if isinstance(view, TableView) and view.current and self.main.look:
            row, now_ms = view.current, self.main.look.overview.now_ms
            page = Page(view.table.title, values_of(view.table, row, now_ms))
            self.push_screen(page)
            self.run_worker(self._add_details(page, view.table, row), group="details")

    async def _add_details(self, page: Page, table: Table, row: Row) -> None:
        try:
            more = await asyncio.to_thread(beside, self._reader, table, row)
        except (RedisError, StoreError) as error:
            more = escape_controls(f"\n{trouble_of(error)}", keep_line_breaks=True)
        if more:
            page.add(more)

    async def _pause(self) -> None:
        if await self._orders.pause({} if self.main.look is None else self.main.look.pauses):
            self.look_now()

    def _act_on_rows(self, key: str) -> bool:
        """Begin the action of the table with this key; return whether it has one."""
        at = self.main.at
        for action in at.table.actions if at else ():
            if at and action.key == key:
                act = ACTS[at.table.name, action.name]
                ids = [] if action.whole else at.ids()
                self.run_worker(self._carry_out(act, action, ids, {}), group="act")
                return True
        return False

    async def _carry_out(
        self, act: Act, action: Action, ids: list[str], values: dict[str, str]
    ) -> None:
        if await self._orders.carry_out(act, action, ids, values):
            for table in self.main.tables:
                table.chosen.clear()
            self.look_now()
