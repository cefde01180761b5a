"""`fanmill status --watch`: for programs, on a terminal, and where it cannot look again."""

import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from json import loads

from redis import Redis

from builders import RedisStores, ingested
from fanmill.stores.keys import Keys
from fanmill_contracts import encode

LOOKS = ("status", "--watch", "--interval", "0.1")


def test_each_look_is_a_line_for_programs(fanmill, redis: Redis, keys: Keys):
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    process = subprocess.Popen(
        [sys.executable, "-m", "fanmill", *LOOKS, "--json"],
        env=fanmill.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert loads(process.stdout.readline())["waiting"] == 0
    stores.add(encode(ingested("a")))
    while loads(process.stdout.readline())["waiting"] == 0:
        pass
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert (process.returncode, b"Traceback" in error) == (130, False)


def test_the_picture_follows_on_a_terminal(fanmill, redis: Redis, keys: Keys):
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    terminal, end = pty.openpty()
    environment = {**fanmill.environment, "TERM": "xterm", "LINES": "50"}
    process = subprocess.Popen(
        [sys.executable, "-m", "fanmill", *LOOKS],
        env=environment,
        stdin=end,
        stdout=end,
        stderr=end,
    )
    os.close(end)
    shown = b""
    published = interrupted = False
    with suppress(OSError):  # Linux ends the stream so
        while chunk := os.read(terminal, 1 << 14):
            shown += chunk
            if not published and b"99 % within" in shown:
                published, shown = True, b""
                for number in range(77):
                    stores.add(encode(ingested(f"doc-{number}")))
            elif not interrupted and b"77" in shown and b"99 % within" in shown:
                # Only once: the last picture shows the same, and the interpreter then ends.
                process.send_signal(signal.SIGINT)
                interrupted, shown = True, b""
    os.close(terminal)
    assert process.wait(60) == 130
    assert b"Traceback" not in shown


def test_without_a_terminal_it_looks_once_and_says_so(fanmill):
    done = fanmill(*LOOKS)
    assert (done.code, "--watch needs a terminal, or --json" in done.err) == (0, True)
    assert "in flight" in done.out
