"""Publishing goes on after failovers, silent and lost connections, and under many callers."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier, Event, Thread
from time import monotonic, sleep
from typing import Any, Self

import pytest
from redis import Redis

from builders import ingested
from fanmill.local.server import EmbeddedServer
from fanmill_contracts import AsyncPublisher, Publisher, ServerUnreachable, StreamNames
from fanmill_contracts.connections import NotPrimary, connect
from polling import until
from tcp_proxy import TcpProxy

KINDS = ["sync", "async"]
HEALED_SECONDS = 30.0


@dataclass
class Pair:
    """Two servers behind one address."""

    first: EmbeddedServer
    second: EmbeddedServer
    proxy: TcpProxy

    def role(self, server: EmbeddedServer, of: EmbeddedServer | None) -> None:
        with Redis.from_url(server.url) as client:
            if of is None:
                client.execute_command("REPLICAOF", "NO", "ONE")
                return
            # Without it a primary waits five seconds for further replicas.
            with Redis.from_url(of.url) as primary:
                primary.config_set("repl-diskless-sync-delay", 0)
            client.execute_command("REPLICAOF", "127.0.0.1", of.port)
            until(lambda: client.info("replication")["master_link_status"] == "up")

    def turn_round(self) -> None:
        """Make the second one the primary; open connections stay with the first."""
        with Redis.from_url(self.second.url) as client:
            client.execute_command("REPLICAOF", "NO", "ONE")
        with Redis.from_url(self.first.url) as client:
            client.execute_command("REPLICAOF", "127.0.0.1", self.second.port)


@pytest.fixture
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    with (
        EmbeddedServer(folder / "first", durable=False) as first,
        EmbeddedServer(folder / "second", durable=False) as second,
        TcpProxy(first.port) as proxy,
    ):
        pair = Pair(first, second, proxy)
        pair.role(second, of=first)
        yield pair


def written(server: EmbeddedServer, namespace: str) -> int:
    with Redis.from_url(server.url) as client:
        return int(client.xlen(StreamNames(namespace).ingested))


class Traffic:
    """Publisher that publishes continuously from a thread or an event loop of its own."""

    def __init__(self, kind: str, url: str, namespace: str) -> None:
        self.published = 0
        self.longest = 0.0
        self.failures: list[BaseException] = []
        self._stop = Event()
        work = self._run_sync if kind == "sync" else self._run_async
        self._thread = Thread(target=work, args=(url, namespace), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _run_sync(self, url: str, namespace: str) -> None:
        try:
            with Publisher(url, namespace=namespace) as publisher:
                while not self._stop.is_set():
                    begin = monotonic()
                    publisher.publish(ingested(f"doc-{self.published}"))
                    self._count(begin)
                    sleep(0.002)
        except BaseException as error:  # noqa: BLE001  shown by the test
            self.failures.append(error)

    def _run_async(self, url: str, namespace: str) -> None:
        async def run() -> None:
            async with AsyncPublisher(url, namespace=namespace) as publisher:
                while not self._stop.is_set():
                    begin = monotonic()
                    await publisher.publish(ingested(f"doc-{self.published}"))
                    self._count(begin)
                    await asyncio.sleep(0.002)

        try:
            asyncio.run(run())
        except BaseException as error:  # noqa: BLE001  shown by the test
            self.failures.append(error)

    def _count(self, begin: float) -> None:
        self.published += 1
        self.longest = max(self.longest, monotonic() - begin)


@pytest.mark.parametrize("kind", KINDS)
def test_publishing_follows_a_failover_that_leaves_connections_open(
    pair: Pair, namespace: str, kind: str
) -> None:
    with Traffic(kind, pair.proxy.url, namespace) as traffic:
        until(lambda: traffic.published > 50)
        pair.turn_round()
        # The address follows later than the roles, as with a DNS name or a service.
        sleep(1.0)
        before = written(pair.second, namespace)
        pair.proxy.target = pair.second.port
        until(lambda: written(pair.second, namespace) > before + 50, HEALED_SECONDS)
    assert traffic.failures == []
    assert traffic.longest < HEALED_SECONDS


@pytest.mark.parametrize("kind", KINDS)
def test_publishing_heals_when_open_connections_go_silent(
    server: EmbeddedServer, namespace: str, kind: str
) -> None:
    with TcpProxy(server.port) as proxy, Traffic(kind, proxy.url, namespace) as traffic:
        until(lambda: traffic.published > 10)
        proxy.silence()
        before = traffic.published
        until(lambda: traffic.published > before + 10, HEALED_SECONDS)
    assert traffic.failures == []
    assert written(server, namespace) >= traffic.published


@pytest.mark.parametrize("kind", KINDS)
def test_publishing_survives_connections_that_are_cut_again_and_again(
    server: EmbeddedServer, namespace: str, kind: str
) -> None:
    with TcpProxy(server.port) as proxy, Traffic(kind, proxy.url, namespace) as traffic:
        for _ in range(20):
            before = traffic.published
            proxy.cut()
            until(lambda before=before: traffic.published > before + 2, HEALED_SECONDS)
    assert traffic.failures == []
    assert written(server, namespace) >= traffic.published


def test_many_events_in_one_call_are_complete_after_a_failover(pair: Pair, namespace: str) -> None:
    def events() -> Iterator[Any]:
        for number in range(3000):
            if number == 1000:
                pair.turn_round()
                pair.proxy.target = pair.second.port
            yield ingested(f"doc-{number}")

    with Publisher(pair.proxy.url, namespace=namespace, max_backlog=10_000) as publisher:
        assert publisher.publish_many(events()) == 3000
    assert written(pair.second, namespace) >= 3000


def test_a_server_that_stays_a_replica_is_reported_after_the_time_allowed(
    pair: Pair, namespace: str
) -> None:
    with (
        Publisher(pair.second.url, namespace=namespace, retry_seconds=1.0) as publisher,
        pytest.raises(ServerUnreachable, match="read only replica") as caught,
    ):
        publisher.publish(ingested())
    assert isinstance(caught.value.__cause__, NotPrimary)


def test_a_replica_without_its_primary_counts_as_one(pair: Pair) -> None:
    with Redis.from_url(pair.second.url) as client:
        client.config_set("replica-serve-stale-data", "no")
        client.execute_command("REPLICAOF", "127.0.0.1", 1)
    with connect(pair.second.url, retry_seconds=0) as client, pytest.raises(NotPrimary):
        client.get("anything")


def test_a_thousand_tasks_share_one_publisher(server: EmbeddedServer, namespace: str) -> None:
    async def run() -> list[str]:
        async with AsyncPublisher(server.url, namespace=namespace) as publisher:
            return await asyncio.gather(
                *(publisher.publish(ingested(f"doc-{number}")) for number in range(1000))
            )

    assert len(set(asyncio.run(run()))) == 1000
    assert written(server, namespace) == 1000


def test_three_hundred_threads_share_one_publisher(
    server: EmbeddedServer, redis: Redis, namespace: str
) -> None:
    start = Barrier(300)

    with Publisher(server.url, namespace=namespace, max_connections=5) as publisher:

        def work(number: int) -> list[str]:
            start.wait(60)
            return [publisher.publish(ingested(f"doc-{number}-{turn}")) for turn in range(5)]

        with ThreadPoolExecutor(300) as pool:
            ids = [each for found in pool.map(work, range(300)) for each in found]
        connections = len(publisher._redis.connection_pool._connections)
    assert len(set(ids)) == 1500
    assert written(server, namespace) == 1500
    assert connections <= 5
