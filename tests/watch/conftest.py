"""The terminal console in this process, driven by Textual's pilot, on a real server."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

import pytest
from rich.text import Text
from textual.pilot import Pilot
from textual.widgets import Static

from fanmill.screens.acts import Viewer
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Role
from fanmill.settings import Settings
from fanmill.watch.app import WatchApp

DEADLINE_SECONDS = 30.0

Steps = Callable[["Driver"], Awaitable[None]]


class Driver:
    """Presses keys and waits for what they bring about."""

    def __init__(self, app: WatchApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def goes(self, *keys: str) -> None:
        """Press the keys of another screen and wait until it is read."""
        before = self.app.main.look
        await self.press(*keys)
        await self.until(lambda: self.app.main.look is not before, f"the screen of {keys}")

    async def until(self, condition: Callable[[], Any], what: str) -> None:
        deadline = monotonic() + DEADLINE_SECONDS
        while not condition():
            assert monotonic() < deadline, f"{what}; the screen shows:\n{self.text()}"
            await self.pilot.pause(0.02)

    async def sees(self, *texts: str) -> None:
        """Wait until the screen shows these texts."""
        for text in texts:
            await self.until(lambda text=text: text in self.text(), f"{text!r} is shown")

    def text(self) -> str:
        """Return the characters of the screen as they are drawn, line breaks between lines."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    def attention(self) -> str:
        shown = self.app.main.query_one("#attention", Static).content
        return shown.plain if isinstance(shown, Text) else str(shown)


@pytest.fixture
def watched(settings: Settings) -> Callable[..., None]:
    """Run steps against an application: `watched(steps, role, size)`."""

    def run(
        steps: Steps,
        role: Role = "reader",
        size: tuple[int, int] = (80, 24),
        interval: float = 60.0,
        settings: Settings = settings,
    ) -> None:
        async def drive() -> None:
            app = WatchApp(Reader(settings), Viewer("anna@mill1", role), "staging", interval)
            async with app.run_test(size=size, notifications=True) as pilot:
                await steps(Driver(app, pilot))

        asyncio.run(drive())

    return run
