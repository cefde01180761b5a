"""`fanmill watch` for scripts: plain text, JSON, and the age of the oldest event for cron."""

import json
import os
import pty
import re
import signal
import subprocess
import sys

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested
from cli.conftest import CommandLine
from fanmill.stores.keys import Keys


@pytest.fixture
def mill(redis: Redis, keys: Keys) -> Mill:
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return Mill(stores)


def test_once_prints_the_overview_of_an_empty_installation(fanmill: CommandLine) -> None:
    done = fanmill("watch", "--once")
    assert done.code == 0
    assert "No intake answers; 0 events wait. Start an intake: fanmill intake." in done.out
    assert re.search(r"^Oldest waiting +0\.0 s   target 60 s$", done.out, re.MULTILINE)
    assert re.search(r"^deduplicate +0 of 0 +0 +0\.0/s +- +-$", done.out, re.MULTILINE)
    assert "\x1b" not in done.out


def test_once_fits_into_80_columns_of_a_pipe(fanmill: CommandLine) -> None:
    narrow = CommandLine(
        fanmill.folder,
        {key: value for key, value in fanmill.environment.items() if key != "COLUMNS"},
    )
    done = narrow("watch", "--once")
    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= 80


def test_json_has_all_screens_in_one_object(fanmill: CommandLine, mill: Mill) -> None:
    mill.publish(ingested("refused", "refused by tag"), ingested("good", "A text."))
    mill.run()
    mill.publish(ingested("waiting-1", "It waits."))
    (seen,) = fanmill("watch", "--json", "--once").rows
    assert seen["well"] is False
    assert seen["attention"][0]["severity"] == "bad"
    assert seen["tiles"]["waiting"]["value"] == 1
    assert [row["document"] for row in seen["tables"]["waiting"]] == ["waiting-1"]
    assert [stage["name"] for stage in seen["stages"]] == ["deduplicate", "summarize", "tag"]
    assert {"workers", "inflight", "failures", "actions", "sinks"} <= set(seen["tables"])


def test_max_age_is_an_exit_code_with_a_reason(fanmill: CommandLine, mill: Mill) -> None:
    empty = fanmill("watch", "--max-age", "0")
    assert (empty.code, empty.out) == (0, "")
    assert "the oldest event waits for 0.0 s" in empty.err
    mill.publish(ingested("waiting-1", "It waits."))
    late = fanmill("watch", "--max-age", "0")
    assert late.code == 1
    assert "more than 0.0 s" in late.err
    assert fanmill("watch", "--max-age", "3600", "--once").code == 0
    assert fanmill("watch", "--max-age", "nan").code == 2
    assert fanmill("watch", "--redis-url", "redis://127.0.0.1:1/0", "--max-age", "5").code == 3


def test_a_pipe_is_no_terminal(fanmill: CommandLine) -> None:
    done = fanmill("watch")
    assert done.code == 2
    assert "--once, --json or --max-age" in done.err


def test_a_terminal_without_colors_is_left_in_order(fanmill: CommandLine) -> None:
    ours, theirs = pty.openpty()
    environment = {**fanmill.environment, "TERM": "xterm-256color", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "fanmill", "watch"],
        env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    try:
        while b"Oldest waiting" not in seen:
            seen += os.read(ours, 65536)
        os.write(ours, b"Q")
        while process.poll() is None:
            try:
                seen += os.read(ours, 65536)
            except OSError:
                break
        assert process.wait(30) == 0
    finally:
        process.kill()
        os.close(ours)
    assert b"\x1b[?1049l" in seen, "the alternate screen is left"


def test_a_look_without_a_server_or_with_a_wrong_one_ends_at_once(fanmill: CommandLine) -> None:
    for options in (["--once"], ["--json"], ["--json", "--once"], ["--max-age", "5"]):
        away = fanmill("watch", "--redis-url", "redis://127.0.0.1:1/0", *options)
        assert (away.code, away.out) == (3, ""), options
        assert "is it running?" in away.err
        assert "fanmill doctor" in away.err
        wrong = fanmill("watch", "--redis-url", "http://127.0.0.1/0", *options)
        assert (wrong.code, wrong.out) == (2, ""), options
        assert "expected redis://HOST:PORT/DB" in wrong.err
    password = fanmill.environment["FANMILL_REDIS_URL"].replace("://", "://nobody:secret@")
    refused = fanmill("watch", "--redis-url", password, "--once")
    assert refused.code == 3
    assert "secret" not in refused.err


def test_json_is_an_object_a_look_until_it_is_interrupted(fanmill: CommandLine) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "fanmill", "watch", "--json", "--interval", "0.5"],
        env=fanmill.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        looks = [json.loads(process.stdout.readline()) for _ in range(2)]
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert looks[0]["now_ms"] < looks[1]["now_ms"]
    assert looks[0]["tables"]["waiting"] == []
    assert (process.returncode, err) == (130, b"interrupted\n")


WITHOUT_THE_EXTRA = """
import sys
for name in ("textual", "starlette", "uvicorn", "jinja2"):
    sys.modules[name] = None
from fanmill.__main__ import main
sys.argv[0] = "fanmill"
main()
"""


def test_without_the_extra_it_says_what_to_install_and_scripts_still_work(
    fanmill: CommandLine,
) -> None:
    command = [sys.executable, "-c", WITHOUT_THE_EXTRA, "watch"]
    ours, theirs = pty.openpty()
    try:
        opened = subprocess.run(
            command, env=fanmill.environment, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE,
            timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)
    assert opened.returncode == 2
    assert b"pip install 'fanmill[console]'" in opened.stderr
    for options in (["--once"], ["--json", "--once"], ["--max-age", "5"]):
        done = subprocess.run(
            [*command, *options], env=fanmill.environment, capture_output=True, timeout=60,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
