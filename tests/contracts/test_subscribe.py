"""Subscribers on a real server: at least once, shared, and through every trouble."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from textwrap import dedent
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from redis import Redis

from builders import RedisStores, completed, ingested, raw_body
from fanmill.local.server import EmbeddedServer
from fanmill.stores.keys import Keys
from fanmill_contracts import (
    AsyncSubscriber,
    Delivery,
    DocumentProcessed,
    DocumentRejected,
    InvalidArgument,
    ServerRefused,
    ServerUnreachable,
    StreamNames,
    Subscriber,
    Trouble,
)
from polling import until
from tcp_proxy import TcpProxy

Read = Callable[..., list[Delivery[DocumentProcessed]]]


class Consumer:
    """Either subscriber, driven in one way from an ordinary test."""

    def __init__(self, kind: str, *arguments: Any, **how: Any) -> None:
        self.troubles: list[Trouble] = []
        how = {"group": "tests", "report": self.troubles.append, **how}
        self._loop = asyncio.new_event_loop() if kind == "async" else None
        made = AsyncSubscriber if kind == "async" else Subscriber
        self.subscriber: Any = made(*arguments, **how)

    def _done(self, answer: Any) -> Any:
        return answer if self._loop is None else self._loop.run_until_complete(answer)

    def read(self, wait_seconds: float = 0.0) -> list[Delivery[Any]]:
        found: list[Delivery[Any]] = self._done(self.subscriber.read(wait_seconds))
        return found

    def ids(self, wait_seconds: float = 0.0) -> list[str]:
        return [each.event.data.document_id for each in self.read(wait_seconds)]

    def ack(self, *deliveries: Delivery[Any]) -> int:
        return int(self._done(self.subscriber.ack(*deliveries)))

    def drain(self, wait_seconds: float = 0.0) -> list[str]:
        """Read and acknowledge until nothing more comes."""
        found: list[str] = []
        while deliveries := self.read(wait_seconds):
            self.ack(*deliveries)
            found += [each.event.data.document_id for each in deliveries]
        return found

    def close(self) -> None:
        if self._loop is None:
            self.subscriber.close()
        elif not self._loop.is_closed():
            self._loop.run_until_complete(self.subscriber.aclose())
            self._loop.close()


@pytest.fixture(params=["sync", "async"])
def consumer(
    request: pytest.FixtureRequest, server: EmbeddedServer, namespace: str
) -> Iterator[Callable[..., Consumer]]:
    """Build consumers of either kind; they are closed at the end."""
    made: list[Consumer] = []

    def build(events: Any = DocumentProcessed, url: str = server.url, **how: Any) -> Consumer:
        made.append(Consumer(request.param, events, url, **{"namespace": namespace, **how}))
        return made[-1]

    yield build
    for each in made:
        each.close()


@pytest.fixture
def stores(redis: Redis, keys: Keys) -> RedisStores:
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return stores


@pytest.fixture
def finish(stores: RedisStores) -> Callable[..., list[str]]:
    """Complete documents with the real scripts; return their ids."""

    def complete(count: int, first: int = 0) -> list[str]:
        names = [f"doc-{number}" for number in range(first, first + count)]
        for name in names:
            completed(stores, ingested(name))
        return names

    return complete


def pending(redis: Redis, namespace: str, group: str = "tests") -> int:
    answer: Any = redis.xpending(StreamNames(namespace).processed, group)
    return int(answer["pending"])


def test_a_group_gets_every_event_once_and_in_order(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    names = finish(25)
    reading = consumer(batch_size=10)
    deliveries = reading.read()
    assert [each.event.data.document_id for each in deliveries] == names[:10]
    assert {each.attempt for each in deliveries} == {1}
    assert pending(redis, namespace) == 10
    assert reading.ack(*deliveries) == 10
    assert reading.ack(*deliveries) == 0
    assert reading.ack() == 0
    assert reading.drain() == names[10:]
    assert pending(redis, namespace) == 0
    assert reading.troubles == []


def test_two_groups_get_all_events_and_a_new_group_only_later_ones(
    consumer: Any, finish: Any
) -> None:
    names = finish(3)
    late = consumer(group="late", start="new")
    assert late.ids() == []
    more = finish(2, first=3)
    assert late.ids() == more
    assert consumer(group="one").ids() == [*names, *more]
    assert consumer(group="two").ids() == [*names, *more]


def test_a_group_begins_behind_an_entry(consumer: Any, finish: Any) -> None:
    names = finish(3)
    (first, *_) = consumer(group="one").read()
    assert consumer(group="two", start=first.entry_id).ids() == names[1:]


def test_reading_waits_for_an_event_and_no_longer(consumer: Any, finish: Any) -> None:
    reading = consumer()
    begin = monotonic()
    assert reading.ids(0.3) == []
    assert 0.3 <= monotonic() - begin < 3
    later = Thread(target=lambda: (sleep(0.5), finish(1)))
    later.start()
    assert reading.ids(20.0) == ["doc-0"]
    later.join()


def test_consumers_of_a_group_share_its_events(consumer: Any, finish: Any) -> None:
    names = finish(40)
    one, two = consumer(batch_size=5), consumer(batch_size=5)
    shares: list[list[str]] = [[], []]
    while True:
        found = [one.read(), two.read()]
        for reading, share, deliveries in zip((one, two), shares, found, strict=True):
            share += [each.event.data.document_id for each in deliveries]
            reading.ack(*deliveries)
        if not any(found):
            break
    assert sorted([*shares[0], *shares[1]]) == sorted(names)
    assert len(shares[0]) == len(shares[1]) == 20


def test_what_was_not_acknowledged_comes_again_until_it_is(consumer: Any, finish: Any) -> None:
    names = finish(6)
    careless = consumer(reclaim_after_seconds=1)
    careful = consumer(reclaim_after_seconds=1)
    taken = careless.read()
    careless.ack(*taken[:3])
    assert careful.ids() == []
    again = careful.read(10.0)
    assert [each.event.data.document_id for each in again] == names[3:]
    assert {each.attempt for each in again} == {2}
    careful.ack(*again)
    assert careless.read(1.8) == []
    assert careful.read(1.8) == []


def test_a_consumer_of_a_fixed_name_gets_back_what_it_held(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    names = finish(250)
    first = consumer(consumer="pod-1", batch_size=250)
    first.ack(*first.read()[:5])
    # Closed as a process that ends: what it holds stays pending in its name.
    first.close()
    assert pending(redis, namespace) == 245
    again = consumer(consumer="pod-1", batch_size=100)
    assert again.drain() == names[5:]


def test_a_consumer_that_holds_nothing_leaves_no_name_behind(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    finish(2)
    stream = StreamNames(namespace).processed
    done, holding = consumer(), consumer()
    done.ack(*done.read())
    finish(1, first=2)
    holding.read()
    done.close()
    holding.close()
    consumers: Any = redis.xinfo_consumers(stream, "tests")
    assert [each["name"].decode() for each in consumers] == [holding.subscriber.consumer]


def test_rejections_come_with_their_original_fields(
    consumer: Any, stores: RedisStores, redis: Redis, keys: Keys
) -> None:
    from builders import Mill

    redis.xadd(keys.ingested, {"event": b"not \xff JSON", "trace": "t-1"})
    Mill(stores).run()
    (delivery,) = consumer(DocumentRejected).read()
    assert isinstance(delivery.event, DocumentRejected)
    assert delivery.event.data.reason == "malformed-event"
    assert delivery.original == {"event": b"not \xff JSON", "trace": b"t-1"}


def test_malformed_entries_are_skipped_and_reported(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    stream = StreamNames(namespace).processed
    names = finish(1)
    for fields in (
        {"event": "not JSON"},
        {"other": "field"},
        {"event": raw_body()},
        {"event": '{"specversion":"1.0","type":"fanmill.document.processed.v9"}'},
        {b"\xff": b"\xff"},
    ):
        redis.xadd(stream, fields)  # type: ignore[arg-type]
    names += finish(1, first=1)
    reading = consumer(batch_size=2)
    assert reading.drain(0.2) == names
    assert [trouble.kind for trouble in reading.troubles] == ["malformed"] * 5
    assert all(trouble.entry_id in trouble.detail for trouble in reading.troubles)
    assert reading.subscriber.troubles == {"malformed": 5}
    assert pending(redis, namespace) == 0


def test_a_deleted_group_is_created_again_and_nothing_is_lost(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    stream = StreamNames(namespace).processed
    reading = consumer(batch_size=2)
    names = finish(4)
    reading.ack(*reading.read())
    redis.xgroup_destroy(stream, "tests")
    assert Counter(reading.drain()) == Counter(names)
    assert [trouble.kind for trouble in reading.troubles] == ["group-recreated"]


def test_a_new_group_that_is_deleted_goes_on_where_it_had_begun(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    finish(3)
    reading = consumer(start="new")
    assert reading.read() == []
    redis.xgroup_destroy(StreamNames(namespace).processed, "tests")
    names = finish(2, first=3)
    assert reading.drain() == names


def test_a_deleted_stream_is_survived_while_waiting(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    stream = StreamNames(namespace).processed
    finish(1)
    reading = consumer()
    reading.drain()
    later = Thread(target=lambda: (sleep(0.3), redis.delete(stream), finish(1, first=1)))
    later.start()
    assert reading.ids(20.0) == ["doc-1"]
    later.join()
    assert "group-recreated" in {trouble.kind for trouble in reading.troubles}


def test_entries_trimmed_before_they_were_read_are_counted(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    names = finish(10)
    reading = consumer(batch_size=2)
    assert reading.ids() == names[:2]
    redis.xtrim(StreamNames(namespace).processed, maxlen=3, approximate=False)
    assert reading.drain() == names[7:]
    (trouble,) = [each for each in reading.troubles if each.kind == "trimmed"]
    assert trouble.count == 5


def test_entries_removed_while_they_are_pending_are_reported(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    names = finish(3)
    careless = consumer(reclaim_after_seconds=1)
    taken = careless.read()
    redis.xdel(StreamNames(namespace).processed, taken[1].entry_id)
    careful = consumer(reclaim_after_seconds=1)
    again = careful.read(10.0)
    assert [each.event.data.document_id for each in again] == [names[0], names[2]]
    lost = [each for each in careful.troubles if each.kind == "lost"]
    assert [each.entry_id for each in lost] == [taken[1].entry_id]
    careful.ack(*again)
    assert pending(redis, namespace) == 0


def test_an_own_entry_that_is_gone_is_reported(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    finish(2)
    first = consumer(consumer="pod")
    taken = first.read()
    redis.xdel(StreamNames(namespace).processed, taken[0].entry_id)
    again = consumer(consumer="pod")
    assert [each.entry_id for each in again.read()] == [taken[1].entry_id]
    assert [each.kind for each in again.troubles] == ["lost"]


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
        reading = consumer(url=proxy.url, reclaim_after_seconds=3600)
        assert reading.drain() == names
        begin = monotonic()
        later = Thread(target=lambda: (sleep(0.3), proxy.silence(), finish(2, first=3)))
        later.start()
        found: list[str] = []
        while len(found) < 2:
            found += reading.ids(60.0)
        assert found == ["doc-3", "doc-4"]
        later.join()
        assert monotonic() - begin < 30
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
        begin = monotonic()
        subscriber.stop()
        thread.join(10)
        assert not thread.is_alive()
        assert monotonic() - begin < 3


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
            victim.wait(10)
            running.append(start())
            names += finish(10, first=200 + turn * 10)
        until(lambda: set(path.read_text().split()) == set(names), 60)
        until(lambda: pending(redis, namespace) == 0, 60)
    finally:
        for process in running:
            process.kill()
            process.wait(10)
    counts = Counter(path.read_text().split())
    assert set(counts) == set(names)
    # Only what a killed consumer had seen and not acknowledged came twice.
    assert sum(counts.values()) - len(names) <= 6


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"group": ""}, "group is ''; expected 1 to 256 characters"),
        ({"group": "a b"}, "group is 'a b'"),
        ({"consumer": ""}, "consumer is ''"),
        ({"start": "yesterday"}, "start is 'yesterday'; expected 'oldest', 'new', or the id"),
        ({"batch_size": 0}, "batch_size is 0; expected 1 to 10000"),
        ({"reclaim_after_seconds": 0}, "reclaim_after_seconds is 0; expected at least 1"),
        ({"reclaim_after_seconds": float("nan")}, "reclaim_after_seconds is nan"),
        ({"retry_seconds": -1}, "retry_seconds is -1"),
        ({"namespace": "a b"}, "namespace is 'a b'"),
        ({"url": "http://h"}, "url is 'http://...'"),
        ({"events": dict}, "events is <class 'dict'>; expected DocumentProcessed or"),
    ],
)
@pytest.mark.parametrize("kind", [Subscriber, AsyncSubscriber])
def test_arguments_are_checked_at_once(kind: Any, how: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        kind(**{"events": DocumentProcessed, "group": "g", **how})
    assert str(caught.value).startswith(told)


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
