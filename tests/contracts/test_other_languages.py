"""The examples for other languages, run against a real server."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from builders import RedisStores, completed, ingested
from fanmill.local.server import EmbeddedServer
from fanmill.stores.keys import Keys
from fanmill_contracts import StreamNames
from polling import until

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"
STAND_IN = Path(__file__).parents[1] / "redis_cli.py"
NPM_SECONDS = 90


@pytest.fixture(scope="module")
def redis_cli(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Path of the real redis-cli or valkey-cli if installed, else of the stand-in."""
    real = shutil.which("redis-cli") or shutil.which("valkey-cli")
    if real is not None:
        return real
    path = tmp_path_factory.mktemp("bin") / "redis-cli"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S {STAND_IN} "$@"\n')
    path.chmod(0o755)
    return str(path)


@pytest.fixture(scope="module")
def node_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the example and the package redis."""
    npm = shutil.which("npm")
    if shutil.which("node") is None or npm is None:
        pytest.skip("NOT TESTED: the example for Node.js needs node and npm")
    folder = tmp_path_factory.mktemp("node")
    try:
        done = subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), "redis@5"],
            capture_output=True, text=True, timeout=NPM_SECONDS, check=False, cwd=folder,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.skip("NOT TESTED: npm did not install the package redis in time")
    if done.returncode:
        pytest.skip(f"NOT TESTED: npm cannot install the package redis: {done.stderr[-300:]}")
    shutil.copy(EXAMPLES / "subscribe.mjs", folder)
    return folder


@pytest.fixture
def finish(redis: Redis, keys: Keys) -> Callable[[int, int], list[str]]:
    """Complete documents with the real scripts; return their ids."""
    stores = RedisStores(redis, keys)
    stores.ledger.open()

    def complete(first: int, last: int) -> list[str]:
        names = [f"doc-{number}" for number in range(first, last)]
        for name in names:
            completed(stores, ingested(name, 'A "quoted" text\nof two lines.'))
        return names

    return complete


class Running:
    """Copies of an example that append to one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.touch()
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        how = {**os.environ, **environment}
        with self.path.open("ab") as out:
            process = subprocess.Popen(
                command, stdout=out, cwd=folder, env=how, start_new_session=True
            )
        self.processes.append(process)

    def kill(self, number: int, how: signal.Signals = signal.SIGKILL) -> int:
        process = self.processes.pop(number)
        os.killpg(process.pid, how)
        return process.wait(20)

    def seen(self) -> list[str]:
        lines = self.path.read_text().splitlines()
        return [json.loads(line)["data"]["document_id"] for line in lines if line.endswith("}")]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    copies = Running(tmp_path / "seen")
    yield copies
    while copies.processes:
        copies.kill(0)


def pending(redis: Redis, namespace: str) -> int:
    answer: Any = redis.xpending(StreamNames(namespace).processed, "g")
    return int(answer["pending"])


@pytest.fixture
def shell(
    server: EmbeddedServer, namespace: str, redis_cli: str, running: Running
) -> Callable[[], None]:
    """Start copies of the example for the shell."""
    environment = {"REDIS_CLI": redis_cli, "NAMESPACE": namespace, "RECLAIM_MS": "1000"}
    command = ["sh", str(EXAMPLES / "subscribe.sh"), "g", "127.0.0.1", str(server.port)]
    return lambda: running.start(command, environment, EXAMPLES)


@pytest.fixture
def node(
    server: EmbeddedServer, namespace: str, node_folder: Path, running: Running
) -> Callable[[], None]:
    """Start copies of the example for Node.js."""
    url = f"redis://127.0.0.1:{server.port}"
    command = ["node", "subscribe.mjs", "g", url, namespace]
    return lambda: running.start(command, {"RECLAIM_MS": "1000"}, node_folder)


@pytest.mark.parametrize("language", ["shell", "node"])
def test_an_example_delivers_until_it_is_acknowledged(
    request: pytest.FixtureRequest, running: Running, language: str
) -> None:
    """Two copies share a group; one is killed; a group is deleted; nothing is lost."""
    start, finish, redis, namespace = map(
        request.getfixturevalue, (language, "finish", "redis", "namespace")
    )
    stream = StreamNames(namespace).processed
    names = finish(0, 12)
    start()
    until(lambda: set(running.seen()) == set(names))
    until(lambda: pending(redis, namespace) == 0)
    # Entries that a killed consumer got and did not acknowledge are delivered again.
    names += finish(12, 14)
    redis.xreadgroup("g", "killed", {stream: ">"}, count=1)
    start()
    running.kill(0)
    names += finish(14, 20)
    until(lambda: set(running.seen()) == set(names))
    until(lambda: pending(redis, namespace) == 0)
    counts = Counter(running.seen())
    assert sum(counts.values()) - len(counts) <= 1
    redis.xgroup_destroy(stream, "g")
    finish(20, 21)
    until(lambda: "doc-20" in running.seen())


def test_the_node_example_ends_in_order(
    node: Callable[[], None], running: Running, finish: Any
) -> None:
    finish(0, 1)
    node()
    until(lambda: running.seen() == ["doc-0"])
    assert running.kill(0, signal.SIGTERM) == 0


@pytest.mark.parametrize("language", ["shell", "node"])
def test_removed_entries_do_not_stop_an_example(
    request: pytest.FixtureRequest, running: Running, language: str
) -> None:
    start, finish, redis, namespace = map(
        request.getfixturevalue, (language, "finish", "redis", "namespace")
    )
    stream = StreamNames(namespace).processed
    finish(0, 6)
    redis.xgroup_create(stream, "g", "0")
    redis.xreadgroup("g", "killed", {stream: ">"})
    entries: Any = redis.xrange(stream)
    redis.xdel(stream, *(entry_id for entry_id, _ in entries[1:5]))
    start()
    until(lambda: set(running.seen()) == {"doc-0", "doc-5"})
    until(lambda: pending(redis, namespace) == 0)


def test_the_stand_in_writes_what_the_real_program_writes(
    server: EmbeddedServer, redis: Redis, namespace: str
) -> None:
    real = shutil.which("redis-cli") or shutil.which("valkey-cli")
    if real is None:
        pytest.skip("NOT COMPARED: there is no redis-cli or valkey-cli on this machine")
    stream = StreamNames(namespace).processed
    commands = [
        ["XGROUP", "CREATE", stream, "g", "0", "MKSTREAM"],
        ["XGROUP", "CREATE", stream, "g", "0", "MKSTREAM"],
        ["XREADGROUP", "GROUP", "g", "a", "COUNT", "2", "STREAMS", stream, ">"],
        ["XDEL", stream, "1-0"],
        ["XAUTOCLAIM", stream, "g", "b", "0", "0-0"],
        ["XAUTOCLAIM", stream, "g", "b", "3600000", "0-0"],
        ["XACK", stream, "g", "2-0"],
        ["XREADGROUP", "GROUP", "g", "a", "STREAMS", stream, ">"],
        ["XREADGROUP", "GROUP", "g", "a", "BLOCK", "10", "STREAMS", stream, ">"],
        ["HGET", "nothing", "record"],
    ]
    outputs = []
    for program in ([real], [sys.executable, str(STAND_IN)]):
        redis.delete(stream)
        for number in range(3):
            redis.xadd(stream, {"event": f'{{"n": {number}}}'}, id=f"{number + 1}-0")
        place = ["-h", "127.0.0.1", "-p", str(server.port)]
        outputs.append(
            [
                subprocess.run([*program, *place, *each], capture_output=True, check=False).stdout
                for each in commands
            ]
        )
    assert outputs[0] == outputs[1]
