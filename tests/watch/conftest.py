"""The terminal console in this process, driven by Textual's pilot, on a real server."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

import pytest
from redis import Redis
from textual.pilot import Pilot
from textual.widgets import Static

from builders import Mill, RedisStores
from fanmill.screens.acts import Viewer
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Role
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
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
        main = self.app.main
        before = main.look
        await self.press(*keys)
        await self.until(
            lambda: (
                main.look is not None
                and main.look is not before
                and main.look.view == self.app.view.name
            ),
            f"the screen of {keys}",
        )

    async def refused(self, number: int) -> None:
        """Wait until there are so many messages."""
        await self.until(lambda: len(self.app._notifications) >= number, f"{number} messages")

    async def told(self, *texts: str) -> None:
        """Wait for a message with these texts."""
        await self.until(
            lambda: any(
                all(text in each.message for text in texts) for each in self.app._notifications
            ),
            f"the message {texts}",
        )

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
        """Return the lines of attention in one line."""
        shown: Any = self.app.main.query_one("#attention", Static).content
        return " ".join(getattr(shown, "plain", str(shown)).split())


@pytest.fixture
def opened_mill(redis: Redis, keys: Keys) -> Mill:
    """A fanmill in one thread on the server of the test; its ledger is open and empty."""
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return Mill(stores)


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
