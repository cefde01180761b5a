"""Partitions: the documented choice, the list of addresses, and publishers for several."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from builders import ingested
from contract_clients import ledger, numbered
from fanmill.local.server import EmbeddedServer
from fanmill_contracts import (
    AsyncPartitionedPublisher,
    BacklogFull,
    DocumentIngested,
    InvalidArgument,
    MalformedEvent,
    Partition,
    PartitionedPublisher,
    parse_partitions,
    partition_for,
    partition_of,
)

VECTORS = Path(__file__).parents[2] / "contracts" / "examples" / "partitions.json"
Publish = Callable[..., int]


def test_the_published_vectors_hold() -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    assert len(vectors) >= 8
    for vector in vectors:
        for count, number in vector["partitions"].items():
            assert partition_of(vector["document_id"], int(count)) == number


@given(st.text(min_size=1, max_size=64), st.integers(1, 255))
def test_a_partition_that_is_added_takes_documents_and_moves_no_others(
    document_id: str, count: int
) -> None:
    before, after = partition_of(document_id, count), partition_of(document_id, count + 1)
    assert after in {before, count}


def test_documents_spread_evenly() -> None:
    numbers = Counter(partition_of(f"document-{number}", 4) for number in range(8000))
    # Two thousand each; five standard deviations of a binomial distribution are 194.
    assert all(abs(number - 2000) < 194 for number in numbers.values())


@pytest.mark.parametrize("count", [0, -1, 257])
def test_a_number_of_partitions_out_of_range_is_refused(count: int) -> None:
    with pytest.raises(InvalidArgument, match="1 to 256"):
        partition_of("a", count)


def test_a_list_names_servers_and_namespaces() -> None:
    found = parse_partitions("redis://a:6379/0, redis://:pass@b:6379/0#other\n", "mine")
    assert [(each.number, each.namespace) for each in found] == [(0, "mine"), (1, "other")]
    assert str(found[1]) == "1 (redis://b:6379/0#other)"
    assert "pass" not in repr(found)
    assert partition_for("a", found) in found
    assert parse_partitions("") == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("redis://a redis://:secret@b:99999999/0", "partition 1"),
        ("http://secret@a", "partition 0"),
        ("redis://a#bad:name", "namespace"),
        ("redis://a redis://:secret@a:6379/0", "each partition once"),
        (" ".join(f"redis://secret{number}" for number in range(257)), "at most 256"),
    ],
)
def test_an_unusable_list_is_refused_without_its_secrets(text: str, problem: str) -> None:
    with pytest.raises(InvalidArgument, match=problem) as caught:
        parse_partitions(text)
    assert "secret" not in str(caught.value)


@pytest.fixture
def partitions(server: EmbeddedServer, namespace: str) -> tuple[Partition, ...]:
    """Three namespaces of one server."""
    return parse_partitions(" ".join(f"{server.url}#{namespace}-{number}" for number in range(3)))


@pytest.fixture(params=["sync", "asyncio"])
def publish(request: pytest.FixtureRequest, partitions: tuple[Partition, ...]) -> Publish:
    """`publish_many` of either publisher."""

    def sync(events: Iterable[Any], **options: Any) -> int:
        with PartitionedPublisher(partitions, **options) as publisher:
            return publisher.publish_many(events)

    async def later(events: Iterable[Any], **options: Any) -> int:
        async def each() -> AsyncIterator[Any]:
            for event in events:
                yield event

        async with AsyncPartitionedPublisher(partitions, **options) as publisher:
            return await publisher.publish_many(each())

    if request.param == "sync":
        return sync
    return lambda events, **options: asyncio.run(later(events, **options))


def stored(redis: Redis, partitions: Iterable[Partition]) -> list[list[DocumentIngested]]:
    """Return the events of each partition in their order."""
    return [[event for _, event in ledger(redis, each.namespace)] for each in partitions]


def test_each_document_goes_to_its_partition_and_its_revisions_keep_their_order(
    publish: Publish, redis: Redis, partitions: tuple[Partition, ...]
) -> None:
    events = [ingested(f"doc-{number % 700}", f"text {number}") for number in range(1400)]
    assert publish(events) == 1400
    found = stored(redis, partitions)
    for number, share in enumerate(found):
        assert share
        assert share == [
            event for event in events if partition_of(event.data.document_id, 3) == number
        ]


def test_single_events_are_routed_alike(redis: Redis, partitions: tuple[Partition, ...]) -> None:
    events = numbered(6)
    with PartitionedPublisher(partitions) as publisher:
        publisher.publish(events[0])
        publisher.publish(events[1].model_dump(mode="json"))

    async def later() -> None:
        async with AsyncPartitionedPublisher(partitions) as own:
            for event in events[2:]:
                await own.publish(event)

    asyncio.run(later())
    found = stored(redis, partitions)
    assert sum(map(len, found)) == 6
    for number, share in enumerate(found):
        assert {partition_of(event.data.document_id, 3) for event in share} <= {number}


def test_events_before_an_invalid_one_are_written_and_counted(
    publish: Publish, redis: Redis, partitions: tuple[Partition, ...]
) -> None:
    events: list[Any] = [*numbered(10), {"specversion": "1.0"}, *numbered(3)]
    with pytest.raises(MalformedEvent) as caught:
        publish(events)
    assert caught.value.accepted == 10
    assert sum(map(len, stored(redis, partitions))) == 10


def test_the_failure_of_an_iterable_tells_how_many_were_written(
    publish: Publish, redis: Redis, partitions: tuple[Partition, ...]
) -> None:
    def failing() -> Iterator[DocumentIngested]:
        yield from numbered(5)
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more") as caught:
        publish(failing())
    assert any("5 events" in note for note in caught.value.__notes__)
    assert sum(map(len, stored(redis, partitions))) == 5


def test_a_full_partition_says_how_many_were_written_in_all(
    publish: Publish, redis: Redis, partitions: tuple[Partition, ...]
) -> None:
    with pytest.raises(BacklogFull) as caught:
        publish(numbered(90), max_backlog=10)
    assert caught.value.accepted == sum(map(len, stored(redis, partitions)))


def test_a_list_without_a_partition_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="at least one"):
        PartitionedPublisher("")


def test_addresses_with_encoded_passwords_are_usable() -> None:
    (found,) = parse_partitions(f"redis://:{quote('a#b,c d', safe='')}@h:1/0#n")
    assert found.namespace == "n"
