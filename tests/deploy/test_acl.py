"""`deploy/redis/users.acl` on a real server: who may do what, and nothing else."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError

from fanmill.core.analysis import Analysis
from fanmill.core.corpus.data_point import data_point_of
from fanmill.core.dedup.partition import ALL
from fanmill.core.document import Document
from fanmill.core.statistics.compute import statistics
from fanmill.settings import Settings
from fanmill.wiring import Wiring
from fanmill_contracts import DocumentIngested, Publisher

NAMES = ("producer", "worker", "reader")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, deploy: Path, serving: Any) -> Iterator[str]:
    """Return host and port of a server with the users, each with a password like its name."""
    folder = tmp_path_factory.mktemp("acl")
    users = (deploy / "redis" / "users.acl").read_text(encoding="utf-8")
    for name in NAMES:
        digest = sha256(f"{name}-password".encode()).hexdigest()
        users = users.replace(f"#{name.upper()}_SHA256", f"#{digest}")
    # One more for the test itself, to look from outside.
    users += "user admin on >admin-password ~* &* +@all\n"
    (folder / "users.acl").write_text(users, encoding="utf-8")
    with serving(folder, "--aclfile", str(folder / "users.acl")) as port:
        yield f"127.0.0.1:{port}"


@pytest.fixture
def admin(address: str) -> Iterator[Redis]:
    with Redis.from_url(url("admin", address)) as redis:
        redis.flushall()
        redis.acl_log_reset()
        yield redis


def url(name: str, address: str) -> str:
    return f"redis://{name}:{name}-password@{address}/0"


def event(document_id: str = "a") -> DocumentIngested:
    return DocumentIngested.create(document_id, "Barley and oats.", source="/test")


def denials(admin: Redis) -> list[tuple[str, str, str]]:
    """Return who was denied what, from the server's own log."""
    log: Any = admin.acl_log()
    return [(entry["username"], entry["reason"], entry["object"]) for entry in log]


def test_nobody_gets_in_without_a_password(address: str) -> None:
    with (
        Redis.from_url(f"redis://{address}/0") as redis,
        pytest.raises((AuthenticationError, NoPermissionError)),
    ):
        redis.ping()


def test_the_file_as_shipped_starts_no_server(tmp_path: Path, deploy: Path, serving: Any) -> None:
    """Its passwords are places to fill in: forgotten ones are refused, not open."""
    (tmp_path / "users.acl").write_bytes((deploy / "redis" / "users.acl").read_bytes())
    with (
        pytest.raises(AssertionError, match="ended"),
        serving(tmp_path, "--aclfile", str(tmp_path / "users.acl")),
    ):
        pass


@pytest.mark.parametrize("durable", [False, True])
def test_a_producer_publishes_in_every_way(address: str, admin: Redis, durable: bool) -> None:
    with Publisher(url("producer", address), durable=durable) as publisher:
        publisher.publish(event("a"))
        assert publisher.publish_many([event("b"), event("c")]) == 2
    with Redis.from_url(url("producer", address)) as redis:
        redis.xadd("fanmill:document.ingested", {"event": "{}"})
    assert admin.xlen("fanmill:document.ingested") == 4
    assert denials(admin) == []


@pytest.mark.parametrize(
    "command",
    [
        ("XRANGE", "fanmill:document.ingested", "-", "+"),
        ("XREAD", "STREAMS", "fanmill:document.ingested", "0"),
        ("XDEL", "fanmill:document.ingested", "1-1"),
        ("XTRIM", "fanmill:document.ingested", "MAXLEN", "0"),
        ("DEL", "fanmill:document.ingested"),
        ("XADD", "fanmill:document.processed", "*", "event", "{}"),
        ("XADD", "fanmill:document.rejected", "*", "event", "{}"),
        ("LPUSH", "fanmill.deduplicate", "{}"),
        ("HGET", "fanmill:document:a", "record"),
        ("SET", "anything", "1"),
        ("EVAL", "return redis.call('XRANGE', KEYS[1], '-', '+')", 1, "fanmill:document.ingested"),
        ("EVAL", "return redis.call('SET', 'anything', '1')", 0),
        ("KEYS", "*"),
        ("FLUSHALL",),
        ("CONFIG", "GET", "*"),
        ("INFO",),
        ("CLIENT", "LIST"),
        ("PUBLISH", "/0.celery.pidbox", "{}"),
    ],
    ids=lambda command: " ".join(map(str, command))[:60],
)
def test_a_producer_may_nothing_else(address: str, admin: Redis, command: tuple[Any, ...]) -> None:
    with (
        Redis.from_url(url("producer", address)) as redis,
        pytest.raises(Exception, match=r"(?i)permission|NOPERM|ACL failure"),
    ):
        redis.execute_command(*command)


def test_workers_go_the_whole_way(address: str, admin: Redis, tmp_path: Path) -> None:
    """A document, a rejection and its replay, with real processes and no denial in the log."""
    settings = Settings(redis_url=url("worker", address), worker_concurrency=1)
    wiring = Wiring(settings)
    with (
        process(tmp_path, settings, "worker"),
        process(tmp_path, settings, "intake"),
        Publisher(url("producer", address)) as publisher,
        Redis.from_url(url("producer", address)) as producer,
    ):
        publisher.publish(event("a"))
        producer.xadd("fanmill:document.ingested", {"event": "not JSON"})
        until(lambda: wiring.records.count() == 1 and wiring.rejections.count() == 1)
        rejected = next(iter(wiring.rejections.entries()))
        assert wiring.rejections.replay(rejected.id) is not None
        until(lambda: wiring.rejections.count() == 1)
    # What operators do to the index.
    partition = wiring.index.partition(ALL)
    assert partition.info().documents == 1
    assert partition.cluster("a") is not None
    assert partition.largest_clusters() == []
    partition.maintain()
    assert wiring.index.forget("a")
    assert wiring.records.forget("a")
    partition.clear()
    assert denials(admin) == []


@pytest.mark.parametrize(
    "command",
    [
        ("SET", "anything", "1"),
        ("GET", "another:key"),
        ("KEYS", "*"),
        ("FLUSHALL",),
        ("FLUSHDB",),
        ("CONFIG", "SET", "appendonly", "no"),
        ("SHUTDOWN",),
        ("CLIENT", "LIST"),
        ("MONITOR",),
        ("ACL", "LIST"),
        ("SWAPDB", "0", "1"),
    ],
    ids=" ".join,
)
def test_workers_may_nothing_outside_their_keys(
    address: str, admin: Redis, command: tuple[str, ...]
) -> None:
    with Redis.from_url(url("worker", address)) as redis, pytest.raises(NoPermissionError):
        redis.execute_command(*command)


def test_a_reader_reads_results_as_they_come_and_later(address: str, admin: Redis) -> None:
    record = admin.hset("fanmill:document:a", mapping={"state": "received", "revisions": "1"})
    admin.xadd("fanmill:document.processed", {"event": "{}"})
    reader = Wiring(Settings(redis_url=url("reader", address)))
    stored = reader.records.get("a")
    assert record == 2
    assert stored is not None
    assert stored.state == "received"
    assert list(reader.records.completed(None, None)) == []
    assert reader.redis.xread({"fanmill:document.processed": "0"})
    assert denials(admin) == []


def test_a_reader_sees_the_corpus_in_numbers(address: str, admin: Redis) -> None:
    seconds, _ = admin.time()
    text = "Barley and oats were weighed before the rain came to the valley."
    admin.lpush(
        Wiring(Settings()).keys.data_points,
        data_point_of(statistics(Analysis(Document("a", text))), "/test", f"{seconds}000-0"),
    )
    reader = Wiring(Settings(redis_url=url("reader", address)))
    assert [cell.language for cell in reader.corpus.aggregates()] == ["en"]
    assert denials(admin) == []


@pytest.mark.parametrize(
    "command",
    [
        ("XADD", "fanmill:document.ingested", "*", "event", "{}"),
        ("XRANGE", "fanmill:document.ingested", "-", "+"),
        ("XRANGE", "fanmill:document.rejected", "-", "+"),
        ("XADD", "fanmill:document.processed", "*", "event", "{}"),
        ("HSET", "fanmill:document:a", "record", "{}"),
        ("DEL", "fanmill:document:a"),
        ("HGETALL", "fanmill:counters"),
        ("EVAL", "return 1", "0"),
        ("FLUSHALL",),
    ],
    ids=lambda command: " ".join(command)[:60],
)
def test_a_reader_may_nothing_else(address: str, admin: Redis, command: tuple[str, ...]) -> None:
    with Redis.from_url(url("reader", address)) as redis, pytest.raises(NoPermissionError):
        redis.execute_command(*command)


class process:  # noqa: N801  used as a function
    """A fanmill process that lives as long as the block."""

    def __init__(self, folder: Path, settings: Settings, role: str) -> None:
        self._log = folder / f"{role}.log"
        self._role = role
        self._environment = {
            **os.environ,
            "FANMILL_REDIS_URL": settings.redis_url.get_secret_value(),
            "FANMILL_WORKER_CONCURRENCY": "1",
        }

    def __enter__(self) -> None:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "fanmill", self._role],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def until(reached: Any) -> None:
    deadline = monotonic() + 40
    while not reached():
        assert monotonic() < deadline, "not reached within 40 s"
        sleep(0.05)
