"""Two partitions: the terminal shows both, and an act reaches the one that has the row."""

from collections.abc import Callable

import pytest
from redis import Redis

from action_builders import reject_many
from builders import Mill, RedisStores, ingested
from fanmill.local.server import EmbeddedServer
from fanmill.screens.reading import Reader
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.stores.redis.controls import RedisControls
from fanmill.watch.catalogue import VIEWS
from fanmill.watch.look import as_json, look
from fanmill_contracts import StreamNames
from watch.conftest import Driver


@pytest.fixture
def both(server: EmbeddedServer, namespace: str) -> Settings:
    urls = " ".join(f"{server.url}#{namespace}-{number}" for number in range(2))
    return Settings.model_validate(
        {"redis_url": server.url, "namespace": namespace, "partitions": urls}
    )


@pytest.fixture
def partitions(redis: Redis, namespace: str) -> list[RedisStores]:
    """Partition 0 has an event that waits, partition 1 has two; both have rejections of a group."""
    found = []
    for number in range(2):
        stores = RedisStores(redis, Keys(StreamNames(f"{namespace}-{number}")))
        stores.ledger.open()
        reject_many(stores, 2 + number)
        names = [f"waiting-{number}-{at}" for at in range(1 + number)]
        Mill(stores).publish(*(ingested(name, "It waits.") for name in names))
        found.append(stores)
    return found


def test_numbers_are_sums_and_lines_name_their_partition(
    both: Settings, partitions: list[RedisStores]
) -> None:
    reader = Reader(both)
    seen = look(reader, VIEWS[0])
    told = as_json(reader, seen.overview)
    assert told["tiles"]["waiting"]["value"] == 3
    assert told["tiles"]["rejected"]["value"] == 5
    assert {line["partition"] for line in told["attention"]} == {0, 1}
    assert [row["open"] for row in told["tables"]["failures"]] == [5]
    assert {row["id"][:2] for row in told["tables"]["waiting"]} == {"0:", "1:"}
    assert len(told["tables"]["rejections"]) == 5


def test_acts_reach_the_partition_of_their_row(
    watched: Callable[..., None],
    both: Settings,
    partitions: list[RedisStores],
    redis: Redis,
    namespace: str,
) -> None:
    keys = [Keys(StreamNames(f"{namespace}-{number}")) for number in range(2)]

    async def steps(driver: Driver) -> None:
        await driver.until(lambda: "Partition 1." in driver.attention(), "its partition")
        await driver.goes("g", "l")
        await driver.sees("Waiting  3", "waiting-0-0", "waiting-1-1")
        await driver.press("j", "j", "X")
        await driver.sees("Remove 1: Take it out of work?")
        await driver.press("enter", "y")
        await driver.told("Removed 1")
        await driver.sees("Waiting  2")
        await driver.press("P")
        await driver.sees("pause intake")
        await driver.press("1", "enter", "y")
        await driver.told("intake is paused")
        await driver.goes("g", "f")
        await driver.press("r")
        await driver.sees("5 would be replayed.")

    watched(steps, "operator", settings=both, size=(100, 40))
    assert [redis.xlen(each.ingested) for each in keys] == [1, 1]
    assert all("intake" in RedisControls(redis, each).read().pauses for each in keys)
