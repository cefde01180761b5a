"""Acts of the terminal: they change Redis, ask before, and need a role."""

from collections.abc import Callable

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.stores.redis.controls import RedisControls
from fanmill.wiring import Wiring
from watch.conftest import Driver


@pytest.fixture
def mill(opened_mill: Mill) -> Mill:
    """Two events that wait."""
    opened_mill.publish(*(ingested(f"document-{number}", "It waits.") for number in range(2)))
    return opened_mill


def test_a_waiting_event_is_removed_after_a_reason_and_a_yes(
    watched: Callable[..., None], mill: Mill, redis: Redis, keys: Keys
) -> None:
    async def steps(driver: Driver) -> None:
        main = driver.app.main
        await driver.goes("2")
        await driver.press("X")
        await driver.sees("Remove 1: Take it out of work?")
        await driver.press(*"spam", "enter", "n")
        await driver.until(lambda: driver.app.screen is main, "the dialog is closed")
        assert redis.xlen(keys.ingested) == 2
        await driver.press("X")
        await driver.sees("Remove 1: Take it out of work?")
        await driver.press(*"spam", "enter", "y")
        await driver.until(lambda: redis.xlen(keys.ingested) == 1, "one is removed")
        await driver.until(lambda: main.at and len(main.at.table.rows) == 1, "it is not shown")
        await driver.told("Removed 1")

    watched(steps, "operator")
    (rejection,) = RedisStores(redis, keys).rejections.entries()
    assert rejection.event.data.error is not None
    assert "anna@mill1: spam" in rejection.event.data.error


def test_a_reader_is_refused_and_told_how_to_get_the_right(
    watched: Callable[..., None], mill: Mill, redis: Redis, keys: Keys
) -> None:
    async def steps(driver: Driver) -> None:
        await driver.goes("2")
        await driver.press("X")
        await driver.told("Your role may not do this", "--role operator")
        await driver.sees("read-only")
        await driver.press("P")
        await driver.sees("pause intake")
        await driver.press("1")
        await driver.until(lambda: len(driver.app._notifications) == 2, "both are refused")
        assert driver.app.screen is driver.app.main

    watched(steps)
    assert redis.xlen(keys.ingested) == 2
    assert not RedisControls(redis, keys).read().pauses


def test_a_stage_is_paused_with_a_reason_and_resumed(
    watched: Callable[..., None], redis: Redis, keys: Keys
) -> None:
    controls = RedisControls(redis, keys)

    async def steps(driver: Driver) -> None:
        await driver.sees("Oldest waiting")
        await driver.press("P")
        await driver.sees("4  pause tag")
        await driver.press("4")
        await driver.sees("Pause tag?")
        await driver.press(*"rules", "enter", "y")
        await driver.until(lambda: "tag" in controls.read().pauses, "it is paused")
        assert controls.read().pauses["tag"].note == "rules"
        assert controls.read().pauses["tag"].by == "anna@mill1"
        await driver.until(lambda: "tag is paused since" in driver.attention(), "it is shown")
        assert "by anna@mill1: rules." in driver.attention()
        await driver.press("P")
        await driver.sees("resume tag", "paused by anna@mill1: rules")
        await driver.press("4")
        await driver.until(lambda: not controls.read().pauses, "it works again")

    watched(steps, "operator")


def test_a_worker_is_quieted_resumed_and_stopped(
    watched: Callable[..., None], settings: Settings, redis: Redis, keys: Keys
) -> None:
    heartbeat = Wiring(settings).heartbeat("worker", ("tag",), 2)
    heartbeat.beat()
    controls = RedisControls(redis, keys)

    def orders() -> list[str]:
        return [request.order for request in controls.read().requests.values()]

    async def steps(driver: Driver) -> None:
        await driver.goes("g", "w")
        await driver.press("q")
        await driver.sees("Let it finish its batches and take no more?")
        await driver.press("enter", "y")
        await driver.until(lambda: orders() == ["quiet"], "it is quiet")
        heartbeat.beat()
        await driver.press("r")
        await driver.until(lambda: orders() == [], "it works again")
        heartbeat.beat()
        await driver.press("S")
        await driver.sees("Let it finish its batches and end?")
        await driver.press("enter", "y")
        await driver.until(lambda: orders() == ["stop"], "it stops")

    try:
        watched(steps, "operator")
    finally:
        heartbeat.stop()
