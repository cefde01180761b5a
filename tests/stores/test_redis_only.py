"""What only the stores on Redis do: expiry, trimming, a full server, lost scripts, counters."""

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import OutOfMemoryError

from builders import (
    Mill,
    RedisStores,
    admission,
    asked,
    completed,
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
from fanmill_contracts import StreamNames, encode

# --- retention and trimming --------------------------------------------------------------------


def test_records_expire_after_their_retention(redis: Redis, keys: Keys) -> None:
    stores = RedisStores(redis, keys, result_retention_seconds=600)
    stores.ledger.open()
    completed(stores, ingested("kept"))
    taken_in(stores, ingested("received"))
    for name in ("kept", "received"):
        assert 590_000 < int(redis.pttl(keys.document(name))) <= 600_000


def test_without_retention_records_are_kept_for_ever(redis_stores: RedisStores) -> None:
    completed(redis_stores, ingested("kept"))
    assert redis_stores.redis.pttl(redis_stores.keys.document("kept")) == -1


def test_a_new_revision_prolongs_the_retention(redis: Redis, keys: Keys) -> None:
    stores = RedisStores(redis, keys, result_retention_seconds=600)
    stores.ledger.open()
    completed(stores, ingested("doc-1"))
    redis.pexpire(keys.document("doc-1"), 5000)
    completed(stores, ingested("doc-1"))
    assert int(redis.pttl(keys.document("doc-1"))) > 590_000


def test_the_list_of_results_is_trimmed_to_the_retention(redis: Redis, keys: Keys) -> None:
    stores = RedisStores(redis, keys, result_retention_seconds=600)
    stores.ledger.open()
    completed(stores, ingested("old"))
    score: Any = redis.zscore(keys.results, "old")
    redis.zadd(keys.results, {"old": score - 600_001, "young": score - 500_000})
    completed(stores, ingested("new"))
    assert redis.zrange(keys.results, 0, -1) == [b"young", b"new"]


def test_expired_records_are_left_out_of_the_listing(redis_stores: RedisStores) -> None:
    for name in ("a", "b", "c"):
        completed(redis_stores, ingested(name))
    redis_stores.redis.delete(redis_stores.keys.document("b"))
    listed = {result.document_id for result in redis_stores.records.completed(None, None)}
    assert listed == {"a", "c"}
    assert redis_stores.records.get("b") is None


def test_a_document_that_expired_while_its_event_was_in_flight_is_complete_all_the_same(
    redis: Redis, keys: Keys
) -> None:
    stores = RedisStores(redis, keys, result_retention_seconds=600)
    stores.ledger.open()
    (entry_id,) = taken_in(stores, ingested("slow"))
    # As after ten minutes without a worker.
    redis.delete(keys.document("slow"))
    for stage in STAGES:
        stores.ledger.commit(stage, [stage_result(stage, entry_id, "slow")])
    stored = stores.records.get("slow")
    assert stored is not None
    assert stored.result is not None
    assert (stored.state, stored.revisions) == ("complete", 1)
    assert [result.document_id for result in stores.records.completed(None, None)] == ["slow"]


def test_the_processed_stream_is_trimmed_to_about_its_length(redis: Redis, keys: Keys) -> None:
    stores = RedisStores(redis, keys, processed_stream_maxlen=100)
    stores.ledger.open()
    for start in range(0, 600, 100):
        names = [f"doc-{number}" for number in range(start, start + 100)]
        ids = taken_in(stores, *map(ingested, names))
        closing = [
            stage_result("deduplicate", entry_id, name, closes=True)
            for entry_id, name in zip(ids, names, strict=True)
        ]
        stores.ledger.commit("deduplicate", closing)
    # Redis trims whole nodes of (by default) 100 entries.
    assert 100 <= redis.xlen(keys.processed) <= 200
    assert stores.processed()[-1].subject == "doc-599"


def test_an_event_is_remembered_as_long_as_told(redis: Redis, keys: Keys) -> None:
    stores = RedisStores(redis, keys, idempotency_window_seconds=77)
    stores.ledger.open()
    taken_in(stores, ingested(event_id="event-1"))
    key = keys.event("/tests", "event-1")
    assert 70_000 < int(redis.pttl(key)) <= 77_000
    redis.delete(key)
    # Forgotten: the same event is a revision.
    taken_in(stores, ingested(event_id="event-1"))
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert stored.revisions == 2


# --- scripts -----------------------------------------------------------------------------------


def test_the_server_may_forget_all_scripts_at_any_time(redis_stores: RedisStores) -> None:
    stores, flush = redis_stores, redis_stores.redis.script_flush
    stores.add(encode(ingested("good")))
    stores.add(encode(ingested("bad")))
    entries = stores.ledger.read("reader", 2, 0)
    good, bad = (entry.id for entry in entries)
    flush()
    assert stores.ledger.admit([admission(entry) for entry in entries]) == ["admitted"] * 2
    flush()
    assert len(stores.ledger.start("deduplicate", [good, bad])) == 2
    flush()
    assert stores.index.partition(ALL).judge([asked(good, "good", "x")])[0].verdict == "unique"
    flush()
    for stage in STAGES:
        stores.ledger.commit(stage, [stage_result(stage, good, "good")])
        flush()
    stores.ledger.uncount_attempt("deduplicate", [bad])
    flush()
    stores.ledger.release("tag", [bad], "worker-lost")
    flush()
    assert stores.ledger.reject([Rejection(bad, "worker-lost", "tag", "died", "bad")]) == [True]
    flush()
    assert stores.index.forget("good")
    flush()
    (rejection,) = stores.rejections.entries()
    assert stores.rejections.replay(rejection.id) is not None
    flush()
    stores.ledger.deregister("reader")
    (completed_event,) = stores.processed()
    assert completed_event.subject == "good"
    assert len(stores.waiting()) == 1


def test_start_counts_one_attempt_when_the_script_was_forgotten(
    redis_stores: RedisStores,
) -> None:
    (entry_id,) = taken_in(redis_stores, ingested())
    redis_stores.redis.script_flush()
    redis_stores.ledger.start("tag", [entry_id])
    (overdue,) = redis_stores.ledger.overdue(0, 1)
    assert overdue.attempts["tag"] == 1


# --- what is counted ---------------------------------------------------------------------------


def test_counters_latency_and_rates_count_each_end_once(redis_stores: RedisStores) -> None:
    mill = Mill(redis_stores)
    copy = ingested("copy", "Equal words.")
    mill.publish(
        ingested("first", "Equal words."), copy, copy, ingested("bad", "refused by summarize")
    )
    redis_stores.add(b"{")
    mill.run()
    assert redis_stores.counters() == {
        "admitted": 3,
        "repeated": 1,
        "completed": 2,
        "rejected": 2,
        "rejected:stage-failed": 1,
        "rejected:malformed-event": 1,
        "stage:deduplicate": 3,
        "stage:summarize": 1,
        "stage:tag": 1,
        "verdict:unique": 2,
        "verdict:exact": 1,
    }
    latency: Any = redis_stores.redis.hgetall(redis_stores.keys.latency)
    assert sum(map(int, latency.values())) == 2
    assert all(int(bound).bit_count() == 1 for bound in latency)
    rates: Any = redis_stores.redis.hgetall(redis_stores.keys.rates)
    by_stage = {
        stage: sum(int(n) for name, n in rates.items() if name.endswith(f":{stage}".encode()))
        for stage in ("deduplicate", "summarize")
    }
    assert by_stage == {"deduplicate": 3, "summarize": 1}


def test_a_slot_of_the_rates_met_in_a_later_round_starts_from_zero(
    redis_stores: RedisStores,
) -> None:
    redis, key = redis_stores.redis, redis_stores.keys.rates
    for slot in range(12):
        redis.hset(key, mapping={f"{slot}:tick": 1, f"{slot}:deduplicate": 999, f"{slot}:tag": 9})
    (entry_id,) = taken_in(redis_stores, ingested())
    redis_stores.ledger.commit("deduplicate", [stage_result("deduplicate", entry_id)])
    found: Any = redis.hgetall(key)
    fresh = [name for name in found if name.endswith(b":tick") and found[name] != b"1"]
    (slot_name,) = (name.partition(b":")[0] for name in fresh)
    assert found[slot_name + b":deduplicate"] == b"1"
    assert slot_name + b":tag" not in found


def test_all_keys_lie_in_the_namespace_and_none_is_left_in_flight(
    redis_stores: RedisStores,
) -> None:
    namespace = redis_stores.keys.streams.namespace
    before = {key for key in redis_stores.redis.scan_iter() if namespace.encode() not in key}
    mill = Mill(redis_stores)
    mill.publish(ingested("a"), ingested("b"), ingested("c", "refused by tag"))
    mill.run()
    names: set[bytes] = set(redis_stores.redis.scan_iter(count=1000))
    mine = {name for name in names if name.startswith(f"{namespace}:".encode())}
    assert names - mine <= before
    kinds = {name.decode().removeprefix(f"{namespace}:").partition(":")[0] for name in mine}
    assert kinds == {
        "document.ingested",
        "document.processed",
        "document.rejected",
        "document",
        "event",
        "results",
        "counters",
        "latency",
        "rates",
        "dedup",
        "reading",
        "failed",
    }
    assert redis_stores.redis.xlen(redis_stores.keys.ingested) == 0


def test_admitted_entries_hang_on_the_workers_name_and_not_on_an_intake(
    redis_stores: RedisStores,
) -> None:
    taken_in(redis_stores, ingested())
    pending: Any = redis_stores.redis.xpending(redis_stores.keys.ingested, GROUP)
    assert [consumer["name"] for consumer in pending["consumers"]] == [b"workers"]


def test_an_entry_acknowledged_by_another_program_ends_once(redis_stores: RedisStores) -> None:
    (entry_id,) = taken_in(redis_stores, ingested())
    for stage in STAGES[:2]:
        redis_stores.ledger.commit(stage, [stage_result(stage, entry_id)])
    redis_stores.redis.xack(redis_stores.keys.ingested, GROUP, entry_id)
    assert redis_stores.ledger.commit("tag", [stage_result("tag", entry_id)]) == ["completed"]
    assert redis_stores.ledger.commit("tag", [stage_result("tag", entry_id)]) == ["gone"]
    assert len(redis_stores.processed()) == 1
    assert redis_stores.works() == 0


# --- a full server -----------------------------------------------------------------------------


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
    (rejection,) = full.rejections.entries()
    assert full.rejections.drop(rejection.id)
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
    # What was read and not admitted is overdue some day; here it is so at once.
    for entry_id in full.waiting():
        full.redis.xclaim(full.keys.ingested, GROUP, "intake-1", 0, [entry_id], idle=10**8)
    mill.intake.reclaim()
    mill.run()
    assert {event.subject for event in full.processed()} == {"doc-0", "doc-1", "doc-2"}
    assert full.waiting() == []
