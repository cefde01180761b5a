"""Live updates: one rendering for all viewers of a page."""

import asyncio
from itertools import count

from fanmill.console.live import MAX_CHANNELS, Hub, TooManyChannels


def test_fifty_viewers_share_each_rendering() -> None:
    async def watch() -> tuple[int, int, int]:
        hub, numbers = Hub(period_seconds=0.01), count()

        def render() -> str:
            return f"<p>{next(numbers)}</p>\n<p>second line</p>"

        async def viewer() -> int:
            events = hub.events("/live/", render)
            seen = [await anext(events) for _ in range(5)]
            await events.aclose()
            assert all(event.startswith(b"data: <p>") for event in seen)
            assert all(event.endswith(b"data: <p>second line</p>\n\n") for event in seen)
            return len(seen)

        sent = sum(await asyncio.gather(*(viewer() for _ in range(50))))
        return sent, hub.renders, hub.viewers

    sent, renders, viewers = asyncio.run(watch())
    assert sent == 250
    assert renders < 50
    assert viewers == 0


def test_a_rendering_that_fails_keeps_the_last_one() -> None:
    async def watch() -> list[bytes]:
        hub, numbers = Hub(period_seconds=0.01), count()

        def render() -> str:
            number = next(numbers)
            if number == 1:
                raise ValueError("away")
            return str(number)

        events = hub.events("/live/", render)
        seen = [await anext(events), await anext(events)]
        await events.aclose()
        await hub.close()
        return seen

    assert asyncio.run(watch()) == [b"data: 0\n\n", b"data: 2\n\n"]


def test_the_number_of_live_pages_is_limited() -> None:
    async def fill() -> None:
        hub = Hub()
        streams = [hub.events(f"/{number}", lambda: "x") for number in range(MAX_CHANNELS)]
        for stream in streams:
            await anext(stream)
        try:
            await anext(hub.events("/more", lambda: "x"))
        except TooManyChannels:
            pass
        else:
            raise AssertionError
        for stream in streams:
            await stream.aclose()

    asyncio.run(fill())
