"""Behaviour of the stores on a server that has no memory left."""

from collections.abc import Iterator
from typing import Any

import pytest
from redis.exceptions import OutOfMemoryError

from action_builders import executed, order
from builders import (
    Mill,
    RedisStores,
    admission,
    asked,
    ingested,
    raw_body,
    stage_result,
    taken_in,
)
from fanmill.core.dedup.partition import ALL
from fanmill.local.server import EmbeddedServer
from fanmill.ports import STAGES, Rejection
from fanmill.stores.keys import GROUP, Keys
from fanmill.stores.redis import connect
from fanmill_contracts import StreamNames


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(tmp_path_factory.mktemp("full"), durable=False) as running:
        yield running


@pytest.fixture
def full(own_server: EmbeddedServer, namespace: str) -> Iterator[RedisStores]:
    """Stores on a server of their own, to be filled with `config_set("maxmemory", 1)`."""
    with connect(own_server.url, retry_seconds=0) as client:
        stores = RedisStores(client, Keys(StreamNames(namespace)))
        stores.ledger.open()
        yield stores
        client.config_set("maxmemory", 0)


def snapshot(stores: RedisStores) -> dict[bytes, Any]:
    """Return every key of the namespace with its bytes, pending entries aside."""
    prefix = f"{stores.keys.streams.namespace}:*"
    # DUMP writes the idle times of pending entries too: streams are compared by content.
    found: dict[bytes, Any] = {}
    for key in stores.redis.scan_iter(match=prefix, count=1000):
        if stores.redis.type(key) == b"stream":
            found[key] = stores.redis.xrange(key)
        else:
            found[key] = stores.redis.dump(key)
    return found


def test_on_a_full_server_start_fails_without_counting_an_attempt(full: RedisStores) -> None:
    (entry_id,) = taken_in(full, ingested())
    full.redis.config_set("maxmemory", 1)
    with pytest.raises(OutOfMemoryError):
        full.ledger.start("tag", [entry_id])
    (overdue,) = full.ledger.overdue(0, 1)
    assert overdue.attempts["tag"] == 0
    full.redis.config_set("maxmemory", 0)
    assert [job.entry_id for job in full.ledger.start("tag", [entry_id])] == [entry_id]


def test_on_a_full_server_nothing_is_half_written_and_it_goes_on_afterwards(
    full: RedisStores,
) -> None:
    held, last = taken_in(full, ingested("held"), ingested("last"))
    for stage in STAGES[:2]:
        full.ledger.commit(stage, [stage_result(stage, last, "last")])
    full.add(raw_body(id="new", data={"document_id": "new"}))
    (new,) = full.ledger.read("reader", 1, 0)
    before = snapshot(full)
    full.redis.config_set("maxmemory", 1)
    both = [stage_result("tag", held, "held"), stage_result("tag", last, "last")]
    for act in (
        lambda: full.ledger.commit("tag", both),
        lambda: full.ledger.admit([admission(new)]),
        lambda: full.ledger.start("tag", [held, last]),
        lambda: full.index.partition(ALL).judge([asked(held, "held", "x")]),
        lambda: full.add(raw_body()),
    ):
        with pytest.raises(OutOfMemoryError):
            act()
    full.redis.config_set("maxmemory", 0)
    assert snapshot(full) == before
    assert full.ledger.commit("tag", both) == ["stored", "completed"]
    assert full.ledger.admit([admission(new)]) == ["admitted"]
    assert full.index.partition(ALL).judge([asked(held, "held", "x")])[0].verdict == "unique"


def test_on_a_full_server_what_makes_room_still_works(full: RedisStores) -> None:
    poison, busy = taken_in(full, ingested("poison"), ingested("busy"))
    full.ledger.start("tag", [busy])
    full.redis.config_set("maxmemory", 1)
    full.ledger.release("tag", [poison], "worker-lost")
    full.ledger.uncount_attempt("tag", [busy])
    assert full.ledger.reject([Rejection(poison, "worker-lost", "tag", "died", "poison")]) == [True]
    assert dict(executed(full, order("drop")).outcomes) == {"dropped": 1}
    full.ledger.deregister("reader")
    full.redis.config_set("maxmemory", 0)
    (overdue,) = full.ledger.overdue(0, 10)
    assert (overdue.entry_id, overdue.attempts["tag"]) == (busy, 0)


def test_a_mill_that_met_a_full_server_completes_everything_later(full: RedisStores) -> None:
    mill = Mill(full)
    mill.publish(*(ingested(f"doc-{number}", f"Text {number}.") for number in range(3)))
    full.redis.config_set("maxmemory", 1)
    with pytest.raises(OutOfMemoryError):
        mill.poll()
    full.redis.config_set("maxmemory", 0)
    # Entries that were read but not admitted become overdue later; here they are at once.
    for entry_id in full.waiting():
        full.redis.xclaim(full.keys.ingested, GROUP, "intake-1", 0, [entry_id], idle=10**8)
    mill.intake.reclaim()
    mill.run()
    assert {event.subject for event in full.processed()} == {"doc-0", "doc-1", "doc-2"}
    assert full.waiting() == []
