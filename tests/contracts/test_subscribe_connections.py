"""Subscribers lose nothing when connections, servers or processes fail."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from textwrap import dedent
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from redis import Redis

from contract_clients import pending
from fanmill.local.server import EmbeddedServer
from fanmill_contracts import (
    AsyncSubscriber,
    DocumentProcessed,
    ServerRefused,
    ServerUnreachable,
    StreamNames,
    Subscriber,
)
from polling import until
from tcp_proxy import TcpProxy


def test_connections_that_are_cut_lose_nothing(
    consumer: Any, server: EmbeddedServer, finish: Any, redis: Redis, namespace: str
) -> None:
    names = finish(150)
    with TcpProxy(server.port) as proxy:
        reading = consumer(url=proxy.url, batch_size=7)
        found: list[str] = []
        while len(set(found)) < len(names):
            deliveries = reading.read(5.0)
            assert deliveries
            proxy.cut()
            reading.ack(*deliveries)
            proxy.cut()
            found += [each.event.data.document_id for each in deliveries]
        assert Counter(found) == Counter(names)
    assert pending(redis, namespace) == 0
    # The pool of redis-py notices most of them before it sends anything.
    assert {trouble.kind for trouble in reading.troubles} <= {"disconnected"}


def test_a_connection_that_is_cut_while_waiting_is_made_anew(
    consumer: Any, server: EmbeddedServer, finish: Any
) -> None:
    with TcpProxy(server.port) as proxy:
        reading = consumer(url=proxy.url)
        assert reading.drain() == []
        later = Thread(target=lambda: (sleep(0.2), proxy.cut(), sleep(0.2), finish(1)))
        later.start()
        assert reading.ids(20.0) == ["doc-0"]
        later.join()
        assert [trouble.kind for trouble in reading.troubles] == ["disconnected"]


def test_a_reply_that_is_lost_is_delivered_at_once(
    consumer: Any, server: EmbeddedServer, finish: Any, redis: Redis, namespace: str
) -> None:
    """The server counts entries as delivered that never arrived; no waiting for the reclaim."""
    names = finish(3)
    with TcpProxy(server.port) as proxy:
        reading = consumer(url=f"{proxy.url}?socket_timeout=2", reclaim_after_seconds=3600)
        assert reading.drain() == names
        begin = monotonic()
        later = Thread(target=lambda: (sleep(0.3), proxy.silence(), finish(2, first=3)))
        later.start()
        found: list[str] = []
        while len(found) < 2:
            found += reading.ids(60.0)
        assert found == ["doc-3", "doc-4"]
        later.join()
        assert monotonic() - begin < 60
    assert {trouble.kind for trouble in reading.troubles} == {"disconnected"}


def test_reading_follows_a_failover_that_leaves_connections_open(
    consumer: Any, finish: Any, server: EmbeddedServer, namespace: str, tmp_path_factory: Any
) -> None:
    names = finish(10)
    folder = tmp_path_factory.mktemp("replica")
    with (
        EmbeddedServer(folder, durable=False) as second,
        Redis.from_url(server.url) as first,
        Redis.from_url(second.url) as other,
        TcpProxy(server.port) as proxy,
    ):
        reading = consumer(url=proxy.url, batch_size=3)
        found = reading.read()
        # Not REPLICAOF of the server that all tests share: the second one takes a copy.
        other.execute_command("REPLICAOF", "127.0.0.1", server.port)
        until(lambda: other.info("replication")["master_link_status"] == "up")
        until(lambda: other.exists(StreamNames(namespace).processed))
        proxy.target = second.port
        proxy.cut()
        # The second one is a replica still: it answers READONLY, and the connection stays.
        later = Thread(target=lambda: (sleep(1.0), other.execute_command("REPLICAOF", "NO", "ONE")))
        later.start()
        rest = reading.read(20.0)
        later.join()
        reading.ack(*found, *rest)
        seen = [each.event.data.document_id for each in (*found, *rest)]
        assert seen + reading.drain() == names
        assert first.ping()
        assert {trouble.kind for trouble in reading.troubles} == {"disconnected"}


def test_a_server_that_is_away_for_too_long_ends_reading(
    consumer: Any, server: EmbeddedServer
) -> None:
    proxy = TcpProxy(server.port)
    reading = consumer(url=proxy.url, retry_seconds=0.5)
    assert reading.read() == []
    proxy.close()
    with pytest.raises(ServerUnreachable, match="subscribe: the server redis://127"):
        reading.read(10.0)


def test_a_wrong_password_ends_reading_at_once(consumer: Any, server: EmbeddedServer) -> None:
    reading = consumer(url=f"redis://someone:hush@127.0.0.1:{server.port}/0")
    with pytest.raises(ServerRefused) as caught:
        reading.read(10.0)
    assert "hush" not in str(caught.value)


def test_stop_ends_the_iteration_soon(server: EmbeddedServer, finish: Any, namespace: str) -> None:
    names = finish(3)
    found: list[str] = []
    with Subscriber(DocumentProcessed, server.url, group="g", namespace=namespace) as subscriber:

        def consume() -> None:
            for delivery in subscriber:
                found.append(delivery.event.data.document_id)
                subscriber.ack(delivery)

        thread = Thread(target=consume)
        thread.start()
        until(lambda: found == names)
        subscriber.stop()
        thread.join(60)
        assert not thread.is_alive()


def test_an_asynchronous_iteration_can_be_stopped_and_cancelled(
    server: EmbeddedServer, finish: Any, namespace: str
) -> None:
    names = finish(5)

    async def run() -> list[str]:
        found: list[str] = []
        async with AsyncSubscriber(
            DocumentProcessed, server.url, group="g", namespace=namespace, batch_size=2
        ) as subscriber:
            # A cancelled read loses nothing.
            for _ in range(5):
                task = asyncio.create_task(subscriber.read(5.0))
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            async for delivery in subscriber:
                found.append(delivery.event.data.document_id)
                await subscriber.ack(delivery)
                if len(found) == len(names):
                    subscriber.stop()
        return found

    assert asyncio.run(run()) == names


CHILD = """
import sys
from time import sleep
from fanmill_contracts import DocumentProcessed, Subscriber

url, namespace, path = sys.argv[1:]
with Subscriber(
    DocumentProcessed, url, group="tests", namespace=namespace, batch_size=4,
    reclaim_after_seconds=1,
) as subscriber, open(path, "a", buffering=1) as out:
    for delivery in subscriber:
        print(delivery.event.data.document_id, file=out)
        sleep(0.005)
        subscriber.ack(delivery)
"""


def test_consumers_that_are_killed_lose_nothing(
    server: EmbeddedServer, finish: Any, redis: Redis, namespace: str, tmp_path: Any
) -> None:
    """Two processes share a group; one after the other is killed and replaced."""
    names = finish(200)
    path = tmp_path / "seen"
    path.touch()

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", dedent(CHILD), server.url, namespace, str(path)]
        )

    running = [start(), start()]
    try:
        for turn in range(6):
            seen = len(path.read_text().split())
            until(lambda seen=seen: len(path.read_text().split()) > seen + 5)
            victim = running.pop(0)
            os.kill(victim.pid, signal.SIGKILL)
            victim.wait(60)
            running.append(start())
            names += finish(10, first=200 + turn * 10)
        until(lambda: set(path.read_text().split()) == set(names), 60)
        until(lambda: pending(redis, namespace) == 0, 60)
    finally:
        for process in running:
            process.kill()
            process.wait(60)
    counts = Counter(path.read_text().split())
    assert set(counts) == set(names)
    # Only what a killed consumer had seen and not acknowledged came twice.
    assert sum(counts.values()) - len(names) <= 6


def test_a_given_client_may_decode_and_stays_open(
    server: EmbeddedServer, finish: Any, namespace: str
) -> None:
    names = finish(2)
    for how in ({"decode_responses": True}, {"protocol": 3}, {"protocol": 2}):
        with Redis.from_url(server.url, **how) as client:
            with Subscriber(
                DocumentProcessed,
                client=client,
                group=f"g{how}".replace(" ", ""),
                namespace=namespace,
            ) as subscriber:
                deliveries = subscriber.read(1.0)
                assert [each.event.data.document_id for each in deliveries] == names
                assert subscriber.ack(*deliveries) == 2
            assert client.ping()
