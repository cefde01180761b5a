"""The cost of a look for Redis: commands and bytes, on every screen."""

from json import dumps
from typing import Any

import pytest
from redis import Redis

from action_builders import reject_many
from builders import Mill, RedisStores, ingested
from fanmill.ops.process_registry import server_ms
from fanmill.screens.ledger import waiting_table
from fanmill.screens.reading import Reader
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.watch.catalogue import VIEWS, View
from fanmill.watch.look import look

COMMANDS = 150
"""Commands of a look, those within scripts among them; 65 to 127 when it was written."""
REPLIES = 150_000
"""Bytes that a look receives: 20 kB when it was written, and 124 kB for 50 events that wait."""


@pytest.fixture
def reader(settings: Settings, redis: Redis, keys: Keys, opened_mill: Mill) -> Reader:
    """A service with a day of history, a backlog, and rejections."""
    reject_many(opened_mill.stores, 60)
    opened_mill.publish(*(ingested(f"waiting-{n}", "It waits. " * 500) for n in range(50)))
    minute = server_ms(redis) // 60_000
    names = [f"{name}:{bound}" for name in ("total", "tag") for bound in (2, 5, 10, "sum")]
    with redis.pipeline(transaction=False) as pipe:
        for number in range(1, 1440):
            pipe.hset(f"{keys.history}m{minute - number}", mapping=dict.fromkeys(names, number))
        pipe.execute()
    return Reader(settings)


def spent(redis: Redis) -> tuple[int, int]:
    """Return the commands that the server has executed, and the bytes that it has sent."""
    stats: Any = redis.info("commandstats")
    commands = sum(each["calls"] for name, each in stats.items() if name != "cmdstat_info")
    network: Any = redis.info("stats")
    return commands, int(network["total_net_output_bytes"])


def test_a_look_costs_few_commands_and_bytes(reader: Reader, redis: Redis) -> None:
    seen: dict[str, tuple[int, int]] = {}

    def cost(view: View) -> tuple[int, int]:
        before = spent(redis)
        look(reader, view)
        after = spent(redis)
        return after[0] - before[0], after[1] - before[1]

    assert cost(VIEWS[0])[0] > 1440, "the first look reads the whole day"
    for view in VIEWS:
        look(reader, view)
        seen[view.name] = cost(view)
    for commands, replies in seen.values():
        assert commands <= COMMANDS, seen
        assert replies <= REPLIES, seen


def test_a_look_reads_the_state_once_for_all_parts(reader: Reader, redis: Redis) -> None:
    consumers = next(view for view in VIEWS if view.name == "consumers")
    actions = next(view for view in VIEWS if view.name == "actions")
    for view in (consumers, actions):
        look(reader, view)
    costs = []
    for view in (actions, consumers):
        before, _ = spent(redis)
        look(reader, view)
        costs.append(spent(redis)[0] - before)
    assert costs[1] <= costs[0] + 5


def test_ids_behind_a_long_text_are_shown(settings: Settings, redis: Redis, keys: Keys) -> None:
    RedisStores(redis, keys).ledger.open()
    event = {"data": {"text": "long " * 2000, "document_id": "d-1"}, "id": "e-1", "source": "/s"}
    redis.xadd(keys.ingested, {"event": dumps(event)})
    (row,) = waiting_table(Reader(settings)).rows
    assert list(row.values[2:5]) == ["d-1", "e-1", "/s"]
    assert row.values[6] == len(dumps(event))
