"""Intake reads a stream that anyone may write to: no entry may raise, each has one end.

The invariant: whatever the ids, fields and bytes of the entries, an intake that polls
and workers that work leave an empty ledger without work in flight, and every entry that
was added has become a record, a rejection, a repeat, or a count of those lost unread.
"""

from collections.abc import Iterator
from json import dumps
from struct import pack
from time import time
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from redis.exceptions import ResponseError

from builders import (
    MemoryStores,
    Mill,
    RedisStores,
    Stores,
    ingested,
    raw_body,
    rejected_with_originals,
)
from fanmill.core.entry_ids import MAX_MILLISECONDS
from fanmill.local.server import EmbeddedServer
from fanmill.ops.status import look
from fanmill.stores.keys import GROUP, Keys
from fanmill.stores.redis.losses import lost_unread
from fanmill.testing import MemoryServer
from fanmill_contracts import StreamNames, encode, limits

MAX = 2**64 - 1
QUEUES: dict[Any, str] = dict.fromkeys(("deduplicate", "summarize", "tag"), "no-queue")

milliseconds = st.one_of(
    st.sampled_from([0, 1, MAX_MILLISECONDS, MAX_MILLISECONDS + 1, 2**53, 2**53 + 1, MAX - 1]),
    st.integers(0, MAX - 1),
    st.integers(1_763_000_000_000_000, 1_763_000_000_001_000),
)
ids = st.one_of(
    st.just("*"),
    st.tuples(milliseconds, st.integers(1, MAX)).map(lambda halves: f"{halves[0]}-{halves[1]}"),
)
valid = st.integers(0, 5).map(
    lambda n: encode(ingested(f"doc-{n}", f"Text {n}.", event_id=f"event-{n}"))
)
bodies = st.one_of(
    valid,
    valid.map(lambda body: body[: len(body) // 2]),
    valid.map(lambda body: body.replace(b"Text", b"\xff\xfe\xed\xa0\x80")),
    st.just(raw_body(type="fanmill.document.ingested.v9")),
    st.just(raw_body(specversion="2.0")),
    st.binary(max_size=50),
    st.just(b"[" * 100_000),
    st.just(b'{"a":' * 5_000),
    st.just(b"1" * 10_000),
)
names = st.one_of(
    st.sampled_from([b"event", b"data", b"__data__", b"payload", b"", b"\xff", b"cut", b"packed"]),
    st.binary(max_size=8),
)
fields = st.one_of(
    st.lists(st.tuples(names, bodies), min_size=1, max_size=5),
    bodies.map(lambda body: [(b"event", body)]),
    st.integers(1, 3).map(lambda n: [(b"event", raw_body())] * (n * 2500)),
)
removals = st.sampled_from(["nothing", "trim", "delete one", "group", "stream"])


@pytest.fixture(scope="module")
def client(server: EmbeddedServer) -> Iterator[Redis]:
    with Redis.from_url(server.url) as client:
        yield client


@pytest.fixture(params=["memory", "redis"])
def stores(request: pytest.FixtureRequest, redis: Redis, keys: Keys) -> Stores:
    """Stores in memory and on Redis."""
    if request.param == "memory":
        return MemoryStores(MemoryServer(time))
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return stores


def fresh(client: Redis) -> Mill:
    stores = RedisStores(client, Keys(StreamNames(f"any-{uuid4().hex[:12]}")))
    stores.ledger.open()
    return Mill(stores)


def write(client: Redis, stream: str, entry_id: str, pairs: list[tuple[bytes, bytes]]) -> bool:
    flat = [part for pair in pairs for part in pair]
    try:
        client.execute_command("XADD", stream, entry_id, *flat)
    except ResponseError as error:
        # An id below the last one, or none left above it.
        assert "ID" in str(error)  # noqa: PT017
        return False
    return True


def remove(client: Redis, keys: Keys, removal: str) -> None:
    if removal == "trim":
        client.xtrim(keys.ingested, maxlen=1, approximate=False)
    elif removal == "delete one":
        for entry_id, _ in client.xrange(keys.ingested, count=1):
            client.xdel(keys.ingested, entry_id)
    elif removal == "group":
        client.xgroup_destroy(keys.ingested, GROUP)
    elif removal == "stream":
        client.delete(keys.ingested)


def settle(mill: Mill, stores: RedisStores) -> None:
    """Open again, as intake does after an error, and let everything end."""
    for _ in range(4):
        stores.ledger.open()
        mill.clock.advance(40)
        mill.run()
        # Idle times are the server's: nothing waits for them here.
        for overdue in stores.ledger.overdue(0, 1000):
            if not overdue.lost:
                stores.ledger.claim("intake-1", overdue.entry_id, 0)
                mill.dispatcher.lose_all()
                if overdue.admitted:
                    mill.intake._admitter.send(("deduplicate",), (overdue.entry_id,), 2)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(ids, fields), min_size=1, max_size=6), removals, st.sampled_from([0, 1, 2])
)
def test_every_entry_has_one_end_and_none_raises(
    client: Redis, entries: list[Any], removal: str, moment: int
) -> None:
    mill = fresh(client)
    stores: Any = mill.stores
    keys = stores.keys
    added = 0
    for number, (entry_id, pairs) in enumerate(entries):
        added += write(client, keys.ingested, entry_id, pairs)
        if number % 2 == moment:
            mill.poll()
    if moment == 0:
        mill.work(["deduplicate"])
    remove(client, keys, removal)
    settle(mill, stores)
    assert client.xlen(keys.ingested) == 0
    assert stores.works() == 0
    counters = stores.counters()
    ended = counters["completed"] + counters["rejected"] + counters["repeated"]
    if removal != "stream":
        assert ended + lost_unread(client, keys) == added
    assert counters["admitted"] + counters["rejected:malformed-event"] <= added
    assert len(stores.processed()) == counters["completed"]
    assert len(list(stores.rejections.entries())) == counters["rejected"]
    for rejection in stores.rejections.entries():
        assert stores.rejections.get(rejection.id) is not None
    for event in stores.processed():
        received = event.data.received_at
        assert received is None or received <= event.data.completed_at
    assert look(client, keys, QUEUES).in_flight == 0
    client.delete(*client.scan_iter(match=f"{keys.streams.namespace}:*", count=1000))


@pytest.mark.parametrize("number", [1, 2000, 4000, 100_000])
def test_a_repeated_field_counts_with_its_last_value(client: Redis, number: int) -> None:
    mill = fresh(client)
    stores: Any = mill.stores
    last = raw_body(id="last", data={"document_id": "last"})
    other = raw_body(id="other", data={"document_id": "other"})
    write(
        client, stores.keys.ingested, "*", [(b"event", other)] * (number - 1) + [(b"event", last)]
    )
    mill.run()
    assert [event.subject for event in stores.processed()] == ["last"]
    write(client, stores.keys.ingested, "*", [(b"event", b"{")] * (number - 1) + [(b"event", b"[")])
    mill.run()
    (rejected,) = [stores.rejections.get(entry.id) for entry in stores.rejections.entries()]
    assert rejected.original["event"] == b"["
    assert stores.waiting() == []
    assert stores.rejections.replay(rejected.id) is not None
    mill.run()
    assert (stores.rejections.count(), stores.waiting()) == (1, [])


@pytest.mark.parametrize("name", ["event", "data", "__data__", "document", "0"])
def test_an_event_in_the_field_of_another_framework_is_read(client: Redis, name: str) -> None:
    mill = fresh(client)
    mill.stores.add(raw_body(), name)
    mill.run()
    assert [event.subject for event in mill.stores.processed()] == ["doc-1"]


def binary(body: bytes, headers: bytes = b"\x00\x01k\x00\x01v") -> bytes:
    """Return a message in FastStream's binary format, version 1."""
    head = b"\x89BIN\r\n\x1a\n" + pack(">HII", 1, 18, 20 + len(headers)) + pack(">H", 1)
    return head + headers + body


def wrapped(body: bytes) -> bytes:
    """Return a message in FastStream's JSON format."""
    return dumps({"data": body.decode(), "headers": {"correlation_id": "x"}}).encode()


@pytest.mark.parametrize("name", ["__data__", "data", "event"])
@pytest.mark.parametrize("form", [binary, wrapped])
def test_a_message_of_faststream_is_read(stores: Stores, name: str, form: Any) -> None:
    mill = Mill(stores)
    event = ingested("doc-1", 'A "quoted" text\n with \u6c34 and \U0001f600.')
    stores.add(form(encode(event)), name)
    mill.run()
    assert [event.subject for event in stores.processed()] == ["doc-1"]
    stores.add(form(b"{"), name)
    mill.run()
    (rejected,) = rejected_with_originals(stores)
    assert rejected.original == {name: form(b"{")}


@pytest.mark.parametrize(
    "body",
    [
        b"\x89BIN\r\n\x1a\n",
        b"\x89BIN\r\n\x1a\n" + b"\xff" * 10,
        b"\x89BIN\r\n\x1a\n" + bytes(10),
        b'{"data":"x"',
        b'{"data":"\\ud800","headers":{}}',
        b'{"data":"{}","headers":{}}',
        b'{"data":"' + b"[" * 5000 + b'","headers":{' + b"[" * 5000,
    ],
)
def test_a_broken_message_of_another_framework_is_malformed(stores: Stores, body: bytes) -> None:
    stores.add(body, "__data__")
    Mill(stores).run()
    (rejected,) = stores.rejections.entries()
    assert rejected.event.data.reason == "malformed-event"
    assert stores.waiting() == []


def test_of_an_event_over_the_limit_the_beginning_is_kept(client: Redis) -> None:
    mill = fresh(client)
    stores: Any = mill.stores
    body = raw_body(data={"document_id": "huge", "text": "x" * 9_000_000})
    write(client, stores.keys.ingested, "*", [(b"other", b"y" * 9_000_000), (b"event", body)])
    mill.run()
    (listed,) = stores.rejections.of_document("huge")
    assert listed.event.data.reason == "event-too-large"
    assert listed.event.data.unverified
    assert (listed.original, listed.cut_bytes) == ({}, len(body))
    entry = stores.rejections.get(listed.id)
    assert body.startswith(entry.original["event"])
    assert entry.original_bytes < 100_000
    assert int(client.memory_usage(stores.keys.rejected) or 0) < limits.MIB
    with pytest.raises(Exception, match="keeps only the beginning of an event of 9,000,"):
        stores.rejections.replay(listed.id)
    assert stores.rejections.count() == 1
