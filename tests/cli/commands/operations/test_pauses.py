"""Pauses and orders to workers as an operator gives and sees them."""

import re

import pytest
from redis import Redis

from fanmill.ops.process_registry import Process, write_entry
from fanmill.stores.keys import Keys

WORKER = Process(
    name="worker-mill1-1-abcdef",
    role="worker",
    host="mill1",
    pid=1,
    version="0.1.0",
    queues=("tag",),
    concurrency=2,
    seen_ms=0,
)


def test_a_pause_is_shown_with_who_and_why_until_it_is_resumed(fanmill):
    assert fanmill("pause", "tag", "--note", "new rules").code == 0
    (again,) = fanmill("pause", "tag", "--note", "another", "--json").rows
    assert again["note"] == "new rules", "the first pause counts"
    (status,) = fanmill("status", "--json").rows
    assert status["pauses"]["tag"]["note"] == "new rules"
    assert "@" in status["pauses"]["tag"]["by"]
    assert "new rules" in fanmill("status").out
    (found,) = [row for row in fanmill("doctor", "--json").rows if row["check"] == "pauses"]
    assert found["level"] == "warning"
    assert "new rules" in found["seen"]
    assert found["advice"] == "fanmill resume tag"
    (ended,) = fanmill("resume", "tag", "--json").rows
    assert ended["ended"]["note"] == "new rules"
    assert fanmill("status", "--json").rows[0]["pauses"] == {}
    assert "was not paused" in fanmill("resume", "tag").err


def test_an_unknown_target_or_worker_is_refused(fanmill):
    refused = fanmill("pause", "tagging")
    assert refused.code == 2
    assert "unknown target 'tagging'; known: intake, deduplicate, summarize, tag" in refused.err
    assert fanmill("workers", "quiet").code == 2
    assert fanmill("workers", "quiet", "nobody").code == 1


def test_a_note_cannot_draw_on_the_terminal(fanmill):
    fanmill("pause", "intake", "--note", "\x1b[2Jgone [bold]markup")
    shown = fanmill("status").out + fanmill("doctor").out
    assert "\x1b" not in shown
    assert "[bold]markup" in shown


@pytest.mark.parametrize("columns", ["80", "120"])
def test_workers_are_listed_with_orders_at_any_width(
    fanmill, redis: Redis, keys: Keys, columns: str
):
    write_entry(redis, keys, WORKER)
    fanmill.environment["COLUMNS"] = columns
    shown = fanmill("workers").out
    assert "0/2" in shown
    assert "mill1" in shown
    assert max(map(len, shown.splitlines())) <= int(columns)
    assert fanmill("workers", "quiet", WORKER.name, "--note", "a look").code == 0
    (row,) = fanmill("workers", "--json").rows
    assert (row["order"]["order"], row["order"]["note"]) == ("quiet", "a look")
    assert (row["slots"], row["load"]["busy"]) == (2, 0)
    assert fanmill("workers", "resume", "--all").code == 0
    assert fanmill("workers", "--json").rows[0]["order"] is None


def test_workers_show_the_pauses_in_force(fanmill, redis: Redis, keys: Keys):
    assert "paused" not in fanmill("workers").out
    fanmill("pause", "tag", "--note", "new rules")
    assert "new rules" in fanmill("workers").out, "also without a worker"
    write_entry(redis, keys, WORKER)
    assert "new rules" in fanmill("workers").out
    (row,) = fanmill("workers", "--json").rows
    assert (row["pauses"]["tag"]["note"], list(row["pauses"])) == ("new rules", ["tag"])


def test_a_silent_worker_is_shown_as_silent(fanmill, redis: Redis, keys: Keys):
    write_entry(redis, keys, WORKER)
    entry = redis.hget(keys.processes, WORKER.name).decode()
    seen = int(entry.partition('"seen_ms": ')[2].partition(",")[0])
    redis.hset(keys.processes, WORKER.name, entry.replace(str(seen), str(seen - 14_000)))
    state = fanmill("workers", "--json").rows[0]["state"]
    silent = re.fullmatch(r"silent for (\d+) s", state)
    assert silent, state
    assert 14 <= int(silent[1]) < 60


def test_a_foreign_field_is_no_order_to_a_worker(fanmill, redis: Redis, keys: Keys):
    write_entry(redis, keys, WORKER)
    for value in (b"", b"[]", b"\xff", b'{"order": "rm -rf"}', b'{"order": ["quiet"]}'):
        redis.hset(keys.controls, f"request:{WORKER.name}", value)
        assert fanmill("workers", "--json").rows[0]["order"] is None
    redis.hset(keys.controls, "pause:tag", b"not JSON")
    assert fanmill("status", "--json").rows[0]["pauses"]["tag"]["by"] == "unknown"
    for since in (b"-1", b"9" * 30, b"1e9", b'"now"'):
        redis.hset(keys.controls, "pause:tag", b'{"by": "x", "since_ms": %s}' % since)
        for command in (("status",), ("workers",), ("doctor",), ("watch", "--once")):
            assert "tag" in fanmill(*command).out, (command, since)
