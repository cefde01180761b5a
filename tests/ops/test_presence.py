"""Who is there: beats, expiry, leaving."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from json import dumps, loads
from typing import Any

import pytest
from redis import Redis

from builders import until
from fanmill.local.server import EmbeddedServer
from fanmill.ops.presence import (
    GONE_SECONDS,
    Presence,
    Process,
    present,
    process_name,
    server_ms,
)
from fanmill.stores.keys import Keys
from fanmill.stores.redis import connect

WORKER = Process(
    name="worker-host-1",
    role="worker",
    host="host",
    pid=1,
    version="0.1.0",
    queues=("summarize", "tag"),
    concurrency=2,
    seen_ms=0,
)


@pytest.fixture
def presence(server: EmbeddedServer, keys: Keys) -> Iterator[Presence]:
    with connect(server.url, retries=3) as client:
        yield Presence(client, keys, WORKER)


def test_a_beat_writes_the_process_with_the_servers_time(
    presence: Presence, redis: Redis, keys: Keys
) -> None:
    before = server_ms(redis)
    presence.beat()
    (found,) = present(redis, keys)
    assert replace(found, seen_ms=0) == WORKER
    assert before <= found.seen_ms <= server_ms(redis)


def test_a_beat_that_is_not_due_writes_nothing(
    presence: Presence, redis: Redis, keys: Keys
) -> None:
    presence.beat()
    redis.delete(keys.processes)
    presence.beat()
    assert present(redis, keys) == []


def test_who_leaves_is_gone_and_the_others_stay(
    presence: Presence, redis: Redis, keys: Keys
) -> None:
    presence.beat()
    intake = Presence(redis, keys, replace(WORKER, name="intake-host-2", role="intake", queues=()))
    intake.beat()
    assert [process.name for process in present(redis, keys)] == ["intake-host-2", "worker-host-1"]
    presence.leave()
    assert [process.name for process in present(redis, keys)] == ["intake-host-2"]
    intake.leave()
    assert not redis.exists(keys.processes)


def test_who_was_not_seen_for_long_is_gone_and_removed(redis: Redis, keys: Keys) -> None:
    now = server_ms(redis)
    gone_ms = int(GONE_SECONDS * 1000)
    for name, seen_ms in {"dead": now - gone_ms - 1, "late": now - gone_ms + 10_000}.items():
        entry = {**asdict(replace(WORKER, name=name)), "seen_ms": seen_ms}
        redis.hset(keys.processes, name, dumps(entry))
    assert [process.name for process in present(redis, keys)] == ["late"]
    assert redis.hkeys(keys.processes) == [b"late"]


def test_an_entry_of_a_later_release_is_read(redis: Redis, keys: Keys) -> None:
    entry = {**asdict(WORKER), "seen_ms": server_ms(redis), "documents_per_second": 17.5}
    redis.hset(keys.processes, WORKER.name, dumps(entry))
    assert [process.name for process in present(redis, keys)] == [WORKER.name]


def test_the_thread_beats_until_it_is_told_to_leave(
    presence: Presence, redis: Redis, keys: Keys
) -> None:
    errors: list[Exception] = []
    presence.start_thread(errors.append)
    until(lambda: present(redis, keys))
    presence.leave()
    assert present(redis, keys) == []
    assert errors == []


def test_a_server_that_is_away_is_told_and_outlived(
    keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> None:
    errors: list[Exception] = []
    with EmbeddedServer(tmp_path_factory.mktemp("away"), durable=False) as own:
        client = connect(own.url, retries=0)
        client.ping()
    presence = Presence(client, keys, WORKER)
    presence.start_thread(errors.append)
    until(lambda: errors)
    presence._stop.set()
    client.close()


def test_names_of_two_roles_in_one_process_differ() -> None:
    assert process_name("intake") != process_name("worker")
    assert process_name("worker") == process_name("worker")


def test_the_entry_is_json_for_anybody(presence: Presence, redis: Redis, keys: Keys) -> None:
    presence.beat()
    entry: Any = redis.hget(keys.processes, WORKER.name)
    content = loads(entry)
    assert content.pop("seen_ms") > 0
    assert content == {
        "name": "worker-host-1",
        "role": "worker",
        "host": "host",
        "pid": 1,
        "version": "0.1.0",
        "queues": ["summarize", "tag"],
        "concurrency": 2,
    }
