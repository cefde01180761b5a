"""Commands that remove something: they ask on a terminal and want --yes elsewhere."""

import os
import pty
import sys
from contextlib import suppress

import pytest

from builders import Mill, RedisStores, ingested
from fork_server import popen

COMMANDS = (
    ("forget", "first", "--note", "asked"),
    ("index", "rebuild"),
    ("rejected", "drop", "--all"),
)


@pytest.fixture
def stores(redis, keys):
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    mill = Mill(stores)
    mill.publish(ingested("first", "The ferry leaves at eight."))
    redis.xadd(keys.ingested, {"event": b"{bad"})
    mill.run()
    return stores


def contents(stores, redis, keys):
    """Return everything that a removal would change."""
    index = {
        key: redis.object("encoding", key)
        for key in redis.scan_iter(f"*{keys.streams.namespace}*idx*")
    }
    return stores.records.count(), stores.rejections.count(), sorted(index)


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_terminal_yes_is_needed(fanmill, stores, redis, keys, command):
    before = contents(stores, redis, keys)
    refused = fanmill(*command)
    assert refused.code == 2
    assert "--yes" in refused.err
    assert "--dry-run" in refused.err
    tried = fanmill(*command, "--dry-run")
    assert tried.code == 0, tried.err
    assert "would " in tried.err
    assert contents(stores, redis, keys) == before
    done = fanmill(*command, "--yes")
    assert done.code == 0, done.err


@pytest.mark.parametrize(("answer", "left"), [(b"n\n", 1), (b"\n", 1), (b"y\n", 0)])
def test_on_a_terminal_a_question_is_asked(fanmill, stores, answer, left):
    terminal, end = pty.openpty()
    process = popen(
        [sys.executable, "-m", "fanmill", "rejected", "drop", "--all"],
        env=fanmill.environment,
        stdin=end,
        stdout=end,
        stderr=end,
    )
    os.close(end)
    shown = b""
    asked = False
    with suppress(OSError):  # Linux ends the stream so
        while chunk := os.read(terminal, 1 << 12):
            shown += chunk
            if not asked and b"[y/N]" in shown:
                asked = True
                os.write(terminal, answer)
    os.close(terminal)
    assert process.wait(60) == left
    assert b"Drop 1 rejection for good?" in shown
    assert stores.rejections.count() == left
