"""Publishing to a real server, sync and asyncio: order, limits, arguments."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from redis import Redis
from redis import asyncio as aioredis

from builders import ingested
from contract_clients import Published, ledger, numbered
from fanmill.local.server import EmbeddedServer
from fanmill_contracts import (
    AsyncPublisher,
    BacklogFull,
    DocumentIngested,
    EventTooLarge,
    Publisher,
    StreamNames,
)


def test_publish_returns_the_id_of_the_entry_it_wrote(
    publish: Published, redis: Redis, namespace: str
) -> None:
    events = numbered(3)
    ids = publish(*events, one_by_one=True)
    assert ledger(redis, namespace) == list(zip(ids, events, strict=True))


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 1000])
def test_publish_many_keeps_order_over_chunks_and_returns_their_number(
    publish: Published, redis: Redis, namespace: str, count: int
) -> None:
    events = numbered(count)
    assert publish(*events) == count
    assert [event for _, event in ledger(redis, namespace)] == events


def test_large_events_are_published_in_their_order_too(
    publish: Published, redis: Redis, namespace: str
) -> None:
    # 9 MB: more than one chunk by size, far fewer than a chunk by number.
    events = numbered(9, "x" * 1_000_000)
    assert publish(*events) == 9
    assert [event.data.document_id for _, event in ledger(redis, namespace)] == [
        f"doc-{number}" for number in range(9)
    ]


def test_a_full_ledger_takes_what_fits_and_says_how_much(
    publish: Published, redis: Redis, namespace: str
) -> None:
    events = numbered(10)
    with pytest.raises(BacklogFull) as caught:
        publish(*events, max_backlog=7)
    error = caught.value
    assert (error.stream, error.limit, error.accepted) == (f"{namespace}:document.ingested", 7, 7)
    assert [event for _, event in ledger(redis, namespace)] == events[:7]
    with pytest.raises(BacklogFull) as again:
        publish(*events[7:], max_backlog=7)
    assert again.value.accepted == 0
    with pytest.raises(BacklogFull):
        publish(events[7], one_by_one=True, max_backlog=7)
    assert len(ledger(redis, namespace)) == 7


def test_accepted_counts_over_all_chunks_of_the_call(
    publish: Published, redis: Redis, namespace: str
) -> None:
    events = numbered(600)
    with pytest.raises(BacklogFull) as caught:
        publish(*events, max_backlog=300)
    assert caught.value.accepted == 300
    assert [event for _, event in ledger(redis, namespace)] == events[:300]
    # From number `accepted` on, as the error's docstring says.
    assert publish(*events[300:]) == 300
    assert [event for _, event in ledger(redis, namespace)] == events


def test_room_that_workers_make_is_used_again(
    publish: Published, redis: Redis, namespace: str
) -> None:
    publish(*numbered(5), max_backlog=5)
    stream = StreamNames(namespace).ingested
    redis.xdel(stream, *[entry for entry, _ in ledger(redis, namespace)[:2]])
    with pytest.raises(BacklogFull) as caught:
        publish(*numbered(5), max_backlog=5)
    assert caught.value.accepted == 2
    assert redis.xlen(stream) == 5


@pytest.mark.parametrize("before", [0, 1, 255, 256, 300])
def test_an_invalid_event_stops_the_call_and_those_before_it_are_written(
    publish: Published, redis: Redis, namespace: str, before: int
) -> None:
    events = [*numbered(before), ingested(text="\x01" * 1024 * 1024), *numbered(5)]
    with pytest.raises(EventTooLarge) as caught:
        publish(*events)
    assert caught.value.accepted == before
    assert [event for _, event in ledger(redis, namespace)] == events[:before]
    if before > 1:
        assert f"; {before} events of this call were written before" in str(caught.value)


def test_racing_publishers_together_never_pass_the_limit(
    server: EmbeddedServer, redis: Redis, namespace: str
) -> None:
    threads, each, limit = 8, 60, 250
    start = Barrier(threads)

    def work(thread: int) -> int:
        accepted = 0
        with Publisher(server.url, namespace=namespace, max_backlog=limit) as publisher:
            events = [ingested(f"{thread}-{number}") for number in range(each)]
            start.wait()
            try:
                for event in events[: each // 2]:
                    publisher.publish(event)
                    accepted += 1
                accepted += publisher.publish_many(events[each // 2 :])
            except BacklogFull as error:
                accepted += error.accepted
        return accepted

    with ThreadPoolExecutor(threads) as pool:
        accepted = list(pool.map(work, range(threads)))
    written = [event.data.document_id for _, event in ledger(redis, namespace)]
    assert len(written) == limit == sum(accepted)
    for thread, count in enumerate(accepted):
        mine = [name for name in written if name.startswith(f"{thread}-")]
        assert mine == [f"{thread}-{number}" for number in range(count)]


def test_one_publisher_serves_many_threads(
    server: EmbeddedServer, redis: Redis, namespace: str
) -> None:
    with Publisher(server.url, namespace=namespace) as publisher, ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(publisher.publish, numbered(200)))
    written = ledger(redis, namespace)
    assert sorted(ids) == sorted(entry for entry, _ in written)
    assert {event.data.document_id for _, event in written} == {f"doc-{n}" for n in range(200)}


def test_an_asynchronous_iterable_is_published_in_chunks(
    server: EmbeddedServer, redis: Redis, namespace: str
) -> None:
    events = numbered(600)
    lengths: list[int] = []

    async def source() -> AsyncIterator[DocumentIngested]:
        for event in events:
            lengths.append(int(redis.xlen(StreamNames(namespace).ingested)))
            yield event

    async def run() -> int:
        async with AsyncPublisher(server.url, namespace=namespace) as publisher:
            return await publisher.publish_many(source())

    assert asyncio.run(run()) == 600
    assert [event for _, event in ledger(redis, namespace)] == events
    # Read as needed: what comes later is not waited for.
    assert sorted(set(lengths)) == [0, 256, 512]


def test_a_generator_is_read_as_needed(
    server: EmbeddedServer, redis: Redis, namespace: str
) -> None:
    def endless() -> Iterator[DocumentIngested]:
        number = 0
        while True:
            yield ingested(f"doc-{number}")
            number += 1

    with (
        Publisher(server.url, namespace=namespace, max_backlog=700) as publisher,
        pytest.raises(BacklogFull) as caught,
    ):
        publisher.publish_many(endless())
    assert caught.value.accepted == 700
    assert redis.xlen(StreamNames(namespace).ingested) == 700


def test_a_client_that_was_given_stays_open(
    server: EmbeddedServer, redis: Redis, namespace: str
) -> None:
    with Publisher(client=redis, namespace=namespace) as publisher:
        publisher.publish(ingested())
    assert redis.ping()

    async def run() -> bool:
        client = aioredis.Redis.from_url(server.url)
        async with AsyncPublisher(client=client, namespace=namespace) as publisher:
            await publisher.publish(ingested())
        answer: Any = client.ping()
        alive = bool(await answer)
        await client.aclose()
        return alive

    assert asyncio.run(run())
    assert len(ledger(redis, namespace)) == 2


def test_a_client_that_decodes_answers_will_do(server: EmbeddedServer, namespace: str) -> None:
    with Redis.from_url(server.url, decode_responses=True) as client:
        entry_id = Publisher(client=client, namespace=namespace).publish(ingested())
        assert [entry for entry, _ in client.xrange(StreamNames(namespace).ingested)] == [entry_id]


@pytest.mark.parametrize("kind", [Publisher, AsyncPublisher])
def test_wrong_arguments_are_refused_before_anything_is_sent(
    kind: type[Publisher | AsyncPublisher],
) -> None:
    with pytest.raises(ValueError, match="max_backlog is -1; expected None"):
        kind(max_backlog=-1)
    with pytest.raises(ValueError, match="namespace is 'a b'; expected 1 to 64"):
        kind(namespace="a b")


@pytest.mark.parametrize("namespace_", ["", "a:b", "a\n", "n" * 65, "ü"])
def test_a_namespace_that_would_mix_up_keys_is_refused(namespace_: str) -> None:
    with pytest.raises(ValueError, match="expected 1 to 64 letters"):
        StreamNames(namespace_)


def test_the_streams_are_named_by_their_namespace() -> None:
    names = StreamNames("{eu}.news-1")
    assert (names.ingested, names.processed, names.rejected) == (
        "{eu}.news-1:document.ingested",
        "{eu}.news-1:document.processed",
        "{eu}.news-1:document.rejected",
    )
