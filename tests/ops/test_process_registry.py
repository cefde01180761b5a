"""The process registry and the heartbeat that keeps its entries fresh."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from json import dumps, loads
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError

from fanmill.local.server import EmbeddedServer
from fanmill.ops.heartbeat import BEAT_SECONDS, MAX_IDLE_SECONDS, Heartbeat
from fanmill.ops.process_registry import (
    FORGOTTEN_SECONDS,
    GONE_SECONDS,
    Process,
    process_name,
    running_processes,
    server_ms,
)
from fanmill.stores.keys import Keys
from fanmill.stores.redis import RedisControls, connect
from polling import until

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
def heartbeat(server: EmbeddedServer, keys: Keys) -> Iterator[Heartbeat]:
    with connect(server.url, retry_seconds=3) as client:
        yield Heartbeat(client, keys, WORKER)


def test_a_beat_writes_the_process_with_the_servers_time(
    heartbeat: Heartbeat, redis: Redis, keys: Keys
) -> None:
    before = server_ms(redis)
    heartbeat.beat()
    (found,) = running_processes(redis, keys)
    assert replace(found, seen_ms=0, load=WORKER.load) == WORKER
    assert (found.load.memory_bytes or 0) > 1_000_000
    assert before <= found.seen_ms <= server_ms(redis)


def test_a_beat_that_is_not_due_writes_nothing(
    heartbeat: Heartbeat, redis: Redis, keys: Keys
) -> None:
    heartbeat.beat()
    redis.delete(keys.processes)
    heartbeat.beat()
    assert running_processes(redis, keys) == []


def test_a_process_that_stops_is_gone_and_the_others_stay(
    heartbeat: Heartbeat, redis: Redis, keys: Keys
) -> None:
    heartbeat.beat()
    intake = Heartbeat(redis, keys, replace(WORKER, name="intake-host-2", role="intake", queues=()))
    intake.beat()
    assert [process.name for process in running_processes(redis, keys)] == [
        "intake-host-2",
        "worker-host-1",
    ]
    heartbeat.stop()
    assert [process.name for process in running_processes(redis, keys)] == ["intake-host-2"]
    intake.stop()
    assert not redis.exists(keys.processes)


def test_a_process_without_a_recent_heartbeat_is_dead(redis: Redis, keys: Keys) -> None:
    now = server_ms(redis)
    gone_ms = int(GONE_SECONDS * 1000)
    for name, seen_ms in {"dead": now - gone_ms - 1, "late": now - gone_ms + 10_000}.items():
        entry = {**asdict(replace(WORKER, name=name)), "seen_ms": seen_ms}
        redis.hset(keys.processes, name, dumps(entry))
    assert [process.name for process in running_processes(redis, keys)] == ["late"]
    assert sorted(redis.hkeys(keys.processes)) == [b"dead", b"late"]


def test_a_heartbeat_removes_dead_processes_and_leaves_unknown_entries(
    heartbeat: Heartbeat, redis: Redis, keys: Keys
) -> None:
    old_ms = server_ms(redis) - int(FORGOTTEN_SECONDS * 1000) - 1
    RedisControls(redis, keys).request("dead", "quiet", "test@here")
    redis.hset(keys.processes, "dead", dumps({**asdict(WORKER), "seen_ms": old_ms}))
    redis.hset(keys.processes, "later", dumps({"role": "gate"}))
    heartbeat.beat()
    assert sorted(redis.hkeys(keys.processes)) == [b"later", b"worker-host-1"]
    assert not redis.exists(keys.controls), "orders to the dead are gone, too"


@pytest.mark.parametrize(
    "change",
    [
        {"documents_per_second": 17.5},
        {"queues": ["summarize", "translate"]},
        {"container": "boot/mnt:[4026531841]"},
    ],
)
def test_an_entry_of_a_later_release_is_read(
    redis: Redis, keys: Keys, change: dict[str, Any]
) -> None:
    entry = {**asdict(WORKER), "seen_ms": server_ms(redis), **change}
    redis.hset(keys.processes, WORKER.name, dumps(entry))
    assert [process.name for process in running_processes(redis, keys)] == [WORKER.name]


@pytest.mark.parametrize(
    "entry",
    [
        dumps({**asdict(WORKER), "role": "gate", "seen_ms": 2**60}),
        dumps({**asdict(WORKER), "seen_ms": "now"}),
        dumps({"role": "worker"}),
        dumps([1, 2]),
        "null",
        "not JSON",
        b"\xff\xfe",
        "[" * 5000,
        "",
    ],
)
def test_an_entry_that_is_not_understood_is_left_out(
    heartbeat: Heartbeat, redis: Redis, keys: Keys, entry: str | bytes
) -> None:
    redis.hset(keys.processes, "other", entry)
    heartbeat.beat()
    assert [process.name for process in running_processes(redis, keys)] == [WORKER.name]
    assert redis.hexists(keys.processes, "other")


def test_the_thread_beats_until_it_is_told_to_leave(
    heartbeat: Heartbeat, redis: Redis, keys: Keys
) -> None:
    errors: list[Exception] = []
    heartbeat.start_thread(errors.append)
    assert running_processes(redis, keys), "the entry is there before the loop begins"
    redis.delete(keys.processes)
    heartbeat.progress()
    until(lambda: running_processes(redis, keys))
    heartbeat.stop()
    assert running_processes(redis, keys) == []
    assert errors == []


def test_a_server_that_is_away_is_told_and_outlived(
    keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> None:
    errors: list[Exception] = []
    with EmbeddedServer(tmp_path_factory.mktemp("away"), durable=False) as own:
        client = connect(own.url, retry_seconds=0)
        client.ping()
    heartbeat = Heartbeat(client, keys, WORKER)
    heartbeat.start_thread(errors.append)
    assert errors
    with pytest.raises(RedisError):
        heartbeat.stop()
    client.close()


def test_a_loop_without_progress_is_not_alive(redis: Redis, keys: Keys) -> None:
    now = [100.0]
    heartbeat = Heartbeat(redis, keys, WORKER, clock=lambda: now[0])
    heartbeat.write_if_due()
    assert running_processes(redis, keys) == []
    heartbeat.progress()
    now[0] += MAX_IDLE_SECONDS
    heartbeat.write_if_due()
    assert len(running_processes(redis, keys)) == 1
    redis.delete(keys.processes)
    now[0] += BEAT_SECONDS
    heartbeat.write_if_due()
    assert running_processes(redis, keys) == []
    heartbeat.progress()
    heartbeat.write_if_due()
    assert len(running_processes(redis, keys)) == 1


def test_a_name_is_random_in_its_last_part() -> None:
    name = "from fanmill.ops.process_registry import process_name; print(process_name('intake'))"
    command = [sys.executable, "-c", name]
    names = {subprocess.check_output(command, text=True).rpartition("-")[2] for _ in range(2)}
    assert len(names) == 2


def test_names_of_two_roles_in_one_process_differ() -> None:
    assert process_name("intake") != process_name("worker")
    assert process_name("worker") == process_name("worker")


def test_the_entry_is_json_for_anybody(heartbeat: Heartbeat, redis: Redis, keys: Keys) -> None:
    heartbeat.beat()
    entry: Any = redis.hget(keys.processes, WORKER.name)
    content = loads(entry)
    assert content.pop("seen_ms") > 0
    assert content.pop("load").pop("memory_bytes") > 1_000_000
    assert content == {
        "name": "worker-host-1",
        "role": "worker",
        "host": "host",
        "pid": 1,
        "version": "0.1.0",
        "sink": "",
        "trouble": "",
        "trouble_seconds": 0.0,
        "queues": ["summarize", "tag"],
        "concurrency": 2,
        "state": "active",
        "container": "",
    }
