"""Live updates: each page is rendered once a second for all of its viewers.

A viewer's stream of server-sent events belongs to a channel, the address of its page. The channel
renders while it has viewers, and sends what has changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool

log = structlog.get_logger("fanmill.console")

PERIOD_SECONDS: Final = 1.0
KEEP_ALIVE_SECONDS: Final = 15.0
MAX_CHANNELS: Final = 200
"""Limit of different pages that are watched at once; further ones are not live."""

Render = Callable[[], str]


class TooManyChannels(Exception):
    """No further page can be live."""


class _Channel:
    def __init__(self, render: Render) -> None:
        self.render = render
        self.viewers = 0
        self.text = ""
        self.changed = asyncio.Condition()
        self.task: asyncio.Task[None] | None = None


class Hub:
    """The channels of one process; belongs to its event loop."""

    def __init__(self, period_seconds: float = PERIOD_SECONDS) -> None:
        self._period = period_seconds
        self._channels: dict[str, _Channel] = {}
        self._closed = False
        self.renders = 0
        """Number of renderings; fewer than events sent while viewers share a page."""

    @property
    def viewers(self) -> int:
        """Number of open streams."""
        return sum(channel.viewers for channel in self._channels.values())

    async def events(self, name: str, render: Render) -> AsyncGenerator[bytes, None]:
        """Yield the server-sent events of a channel until the viewer leaves.

        Args:
            name: Address of the page.
            render: Returns its HTML; called in a thread. An exception keeps the last one.

        Raises:
            TooManyChannels: The limit is reached.
        """
        channel = self._channels.get(name)
        if channel is None:
            if len(self._channels) >= MAX_CHANNELS:
                raise TooManyChannels
            channel = self._channels[name] = _Channel(render)
        channel.viewers += 1
        if channel.task is None:
            channel.task = asyncio.create_task(self._run(name, channel))
        try:
            sent = ""
            while not self._closed:
                if channel.text != sent:
                    sent = channel.text
                    yield _event(sent)
                    continue
                # Not `wait_for`: in Python 3.11 it may swallow a cancellation, and the stream of a
                # viewer who has left would go on.
                try:
                    async with asyncio.timeout(KEEP_ALIVE_SECONDS), channel.changed:
                        if channel.text == sent:
                            await channel.changed.wait()
                except TimeoutError:
                    yield b": alive\n\n"
        finally:
            channel.viewers -= 1
            if not channel.viewers:
                self._channels.pop(name, None)
                if channel.task is not None:
                    channel.task.cancel()

    async def _run(self, name: str, channel: _Channel) -> None:
        while True:
            try:
                text = await run_in_threadpool(channel.render)
            except Exception as error:  # noqa: BLE001  a server that is away: the page stays
                log.warning("page not rendered", page=name, error=type(error).__name__)
            else:
                self.renders += 1
                if text != channel.text:
                    channel.text = text
                    async with channel.changed:
                        channel.changed.notify_all()
            await asyncio.sleep(self._period)

    async def close(self) -> None:
        """End all channels and streams."""
        self._closed = True
        for channel in list(self._channels.values()):
            if channel.task is not None:
                channel.task.cancel()
                with suppress(asyncio.CancelledError):
                    await channel.task
            async with channel.changed:
                channel.changed.notify_all()


def _event(text: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in text.splitlines())
    return f"{lines}\n".encode()
