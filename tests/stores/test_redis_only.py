"""Behaviour of the stores on Redis alone: expiry, trimming, lost scripts, counters."""

from typing import Any

from redis import Redis

from builders import (
    Mill,
    RedisStores,
    admission,
    asked,
    completed,
    ingested,
    stage_result,
    taken_in,
)
from fanmill.core.dedup.partition import ALL
from fanmill.ports import STAGES, Rejection
from fanmill.stores.keys import GROUP, Keys
from fanmill_contracts import encode


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
    for name in (keys.results, keys.results_by_entry):
        redis.zadd(name, {"old": score - 600_001, "young": score - 500_000})
    completed(stores, ingested("new"))
    for name in (keys.results, keys.results_by_entry):
        assert redis.zrange(name, 0, -1) == [b"young", b"new"]


def test_a_record_of_an_id_ahead_of_the_clock_leaves_the_lists_by_its_age(
    redis: Redis, keys: Keys
) -> None:
    stores = RedisStores(redis, keys, result_retention_seconds=600)
    stores.ledger.open()
    stores.add_as(f"{2**63}-0", encode(ingested("ahead")))
    (entry,) = stores.ledger.read("reader", 1, 0)
    stores.ledger.admit([admission(entry)])
    for stage in STAGES:
        stores.ledger.commit(stage, [stage_result(stage, entry.id, "ahead")])
    completed_at: Any = redis.zscore(keys.results, "ahead")
    assert redis.zscore(keys.results_by_entry, "ahead") == completed_at


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


def test_counters_count_each_end_once(redis_stores: RedisStores) -> None:
    mill = Mill(redis_stores)
    copy = ingested("copy", "Equal words.")
    mill.publish(
        ingested("first", "Equal words."), copy, copy, ingested("bad", "refused by summarize")
    )
    redis_stores.add(b"{")
    mill.run()
    assert redis_stores.counters() == {
        "received": 5,
        "admitted": 3,
        "repeated": 1,
        "refused": 1,
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
        "results-by-entry",
        "counters",
        "history",
        "groups",
        "dedup",
        "reading",
        "sources",
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
