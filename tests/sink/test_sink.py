"""A sink on a real outbox: what it stores, when it acknowledges, and what it survives."""

from collections.abc import Callable
from dataclasses import replace
from threading import Thread

import pytest
from redis import Redis

from fanmill.ports.store import StoreError
from fanmill.sink import SinkPolicy
from fanmill.stores.keys import Keys
from fanmill.stores.redis.outbox import group_of
from fanmill.stores.redis.sinks import RedisSinks
from fanmill_contracts import DocumentResult
from polling import until
from sink_builders import SWIFT, KeepingStore, Mills, poison


@pytest.fixture
def mills(redis: Redis, keys: Keys) -> Mills:
    return Mills(redis, keys)


def _held(mills: Mills, name: str = "main") -> int:
    (sink,) = [each for each in RedisSinks(mills.redis, mills.keys).backlogs() if each.name == name]
    return sink.unstored


def test_records_are_stored_as_announced_with_their_fingerprint(mills: Mills) -> None:
    (entry,) = mills.complete()
    document = mills.keys.document("doc-0")
    mills.redis.hset(document, "fingerprint", b"\x00print")
    store = KeepingStore()
    assert mills.drain(mills.sink(store)) == 1
    stored = store.records[entry]
    event = mills.announced()[entry]
    assert DocumentResult.model_validate_json(stored.record_json) == event.data
    assert stored.record["document_id"] == "doc-0"
    assert stored.fingerprint == b"\x00print"
    assert _held(mills) == 0


def test_a_fingerprint_of_another_revision_is_not_taken(mills: Mills) -> None:
    (entry,) = mills.complete()
    mills.redis.hset(mills.keys.document("doc-0"), mapping={"fingerprint": b"x", "entry": "9-9"})
    store = KeepingStore()
    mills.drain(mills.sink(store))
    assert store.records[entry].fingerprint == b""


def test_rejections_are_stored_without_their_originals(mills: Mills) -> None:
    mills.reject(3)
    ids = mills.rejected_ids()
    store = KeepingStore()
    assert mills.drain(mills.sink(store)) == 3
    assert list(store.rejections) == ids
    assert store.rejections[ids[0]].event.data.document_id == "doc-0"


def test_a_batch_is_as_large_as_what_waits(mills: Mills) -> None:
    store = KeepingStore()
    sink = mills.sink(store, policy=replace(SWIFT, batch_max=20))
    mills.complete(1)
    sink.poll(mills.stop, 0)
    mills.complete(45)
    mills.drain(sink)
    assert store.saves == [1, 20, 20, 5]


@pytest.mark.parametrize(
    "error",
    [
        StoreError("no space is left", temporary=True),
        StoreError("the schema is older", temporary=False),
        ConnectionResetError("gone"),
    ],
    ids=lambda error: type(error).__name__ + str(getattr(error, "temporary", "")),
)
def test_a_store_that_fails_delays_and_loses_nothing(mills: Mills, error: Exception) -> None:
    entries = mills.complete(4)
    store = KeepingStore()
    store.errors = [error, error]
    sink = mills.sink(store)
    assert mills.drain(sink) == 4
    assert list(store.records) == entries
    assert store.opened == 3, "opened anew after each failure"
    assert sink.trouble.current is None
    assert int(mills.redis.hget(mills.keys.counters, "sink-errors:main") or 0) == 2


def test_a_store_that_cannot_be_opened_is_a_trouble_and_the_outcomes_stay(mills: Mills) -> None:
    mills.complete(3)
    sink = mills.sink(KeepingStore())

    def away() -> KeepingStore:
        raise StoreError("nobody listens at db:5432", temporary=True)

    sink._saving._open_store = away
    thread = Thread(target=sink.run, args=(mills.stop,))
    thread.start()
    until(lambda: sink.trouble.current is not None, 60)
    assert sink.trouble.current is not None
    assert sink.trouble.current.reason == "nobody listens at db:5432"
    assert _held(mills) == 3
    mills.stop.set()
    thread.join(60)
    mills.stop.clear()
    store = KeepingStore()
    assert mills.drain(mills.sink(store, consumer="b")) == 3, "released at the stop"


def test_a_refused_outcome_harms_only_itself(mills: Mills) -> None:
    mills.complete(9)
    store = KeepingStore()
    store.never = poison("doc-4")
    sinks = RedisSinks(mills.redis, mills.keys)
    mills.drain(mills.sink(store))
    assert len(store.records) == 8
    assert _held(mills) == 0
    (aside,) = sinks.unreadable(10)
    assert aside.error == "the store refuses it: a NUL character"
    assert aside.sink == "main"
    assert aside.bytes > 0
    # Mended, it comes back.
    store.never = lambda _: None
    assert sinks.retry_unreadable() == 1
    mills.drain(mills.sink(store))
    assert {each.record["document_id"] for each in store.records.values()} == {
        f"doc-{number}" for number in range(9)
    }
    assert sinks.unreadable(10) == []


def test_an_unknown_error_of_one_outcome_is_tried_again_before_it_is_set_aside(
    mills: Mills,
) -> None:
    mills.complete(4)
    store = KeepingStore()
    refuse = poison("doc-2")
    store.never = lambda outcome: KeyError("secret text") if refuse(outcome) else None
    mills.drain(mills.sink(store))
    assert len(store.records) == 3
    (aside,) = RedisSinks(mills.redis, mills.keys).unreadable(10)
    assert "KeyError in sink_builders" in aside.error
    assert "secret" not in aside.error


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\xfe", b"{", b"[]", b"{}", b'{"type":"fanmill.document.processed.v1"}',
        b'{"type":"fanmill.document.processed.v1","id":"1-1","data":[]}',
        b'{"type":"fanmill.document.processed.v1","id":"1-1","data":{"document_id":5}}',
        b'{"type":"fanmill.document.rejected.v1","id":"1-1","data":{}}',
        b"[" * 5000,
    ],
    ids=lambda body: body[:40].decode(errors="replace"),
)  # fmt: skip
def test_an_entry_that_is_no_event_is_set_aside_and_blocks_nothing(
    mills: Mills, body: bytes
) -> None:
    mills.complete(1)
    entry = mills.write_raw(body)
    mills.complete(1)
    store = KeepingStore()
    mills.drain(mills.sink(store))
    assert len(store.records) == 2
    (aside,) = RedisSinks(mills.redis, mills.keys).unreadable(10)
    assert (aside.entry_id, aside.stream, aside.bytes) == (entry, "processed", len(body))
    assert int(mills.redis.hget(mills.keys.counters, "sink-unreadable:main") or 0) == 1


def test_an_entry_without_an_event_is_set_aside(mills: Mills) -> None:
    mills.write_raw(b"x", field="other")
    mills.drain(mills.sink(KeepingStore()))
    (aside,) = RedisSinks(mills.redis, mills.keys).unreadable(10)
    assert aside.error == "the entry has no field `event`"


def test_too_many_outcomes_set_aside_stop_the_sink(mills: Mills) -> None:
    mills.complete(10)
    store = KeepingStore()
    store.never = lambda _: KeyError("a bug")
    policy = SinkPolicy(1, None, batch_max=5, max_unreadable=5, first_retry_seconds=0.01)
    sink = mills.sink(store, policy=policy)
    mills.drain(sink)
    assert sink.trouble.current is not None
    assert "set aside" in sink.trouble.current.reason
    assert _held(mills) == 5, "the others wait"
    store.never = lambda _: None
    assert RedisSinks(mills.redis, mills.keys).retry_unreadable() == 5
    mills.clock.advance(6)
    mills.drain(sink)
    assert len(store.records) == 10
    assert sink.trouble.current is None


def test_outcomes_of_a_dead_process_are_taken_over(mills: Mills) -> None:
    entries = mills.complete(5)
    dead = mills.outbox()
    dead.join()
    assert len(dead.read("dead", 3, 0)) == 3
    store = KeepingStore()
    sink = mills.sink(store, consumer="b")

    def all_stored() -> bool:
        mills.clock.advance(5)
        mills.drain(sink)
        return len(store.records) == 5

    until(all_stored, 60)
    assert set(store.records) == set(entries)
    assert _held(mills) == 0


def test_outcomes_whose_reply_was_lost_are_read_again(mills: Mills) -> None:
    mills.complete(3)
    store = KeepingStore()
    sink = mills.sink(store)
    mills.outbox().join()
    mills.outbox().read("a", 10, 0)
    sink._unsure = True
    assert mills.drain(sink) == 3
    assert len(store.records) == 3


@pytest.mark.parametrize("what", ["group", "stream"])
def test_a_group_that_is_removed_is_made_again(mills: Mills, what: str) -> None:
    mills.complete(2)
    store = KeepingStore()
    sink = mills.sink(store)
    mills.drain(sink)
    mills.complete(2)
    if what == "group":
        mills.redis.xgroup_destroy(mills.keys.processed, group_of("main"))
    else:
        mills.redis.delete(mills.keys.processed)
    mills.complete(1)
    thread = Thread(target=sink.run, args=(mills.stop,))
    thread.start()
    wanted = 5 if what == "group" else 3
    try:
        until(lambda: len(store.records) == wanted, 20)
    finally:
        mills.stop.set()
        thread.join(60)
    lost = int(mills.redis.hget(mills.keys.counters, "sink-lost:main") or 0)
    # The last count of the removed stream is older than the outcomes that nobody read.
    assert lost == 0


@pytest.mark.parametrize(
    "remove",
    [
        lambda mills, _: mills.redis.xtrim(mills.keys.processed, maxlen=2, approximate=False),
        lambda mills, ids: mills.redis.xdel(mills.keys.processed, *ids[:3]),
    ],
    ids=["trimmed", "deleted"],
)
def test_outcomes_that_others_removed_are_counted(
    mills: Mills, remove: Callable[[Mills, list[str]], None]
) -> None:
    store = KeepingStore()
    sink = mills.sink(store)
    mills.complete(2)
    mills.drain(sink)
    mills.complete(5)
    entries = [entry.decode() for entry, _ in mills.redis.xrange(mills.keys.processed)][2:]
    remove(mills, entries)
    mills.drain(sink)
    mills.clock.advance(6)
    mills.drain(sink)
    assert len(store.records) == 4
    assert int(mills.redis.hget(mills.keys.counters, "sink-lost:main") or 0) == 3


def test_a_pause_stops_reading_until_it_ends(mills: Mills) -> None:
    mills.complete(2)
    mills.redis.hset(mills.keys.controls, "pause:sink", "{}")
    store = KeepingStore()
    sink = mills.sink(store)
    assert sink.poll(mills.stop, 0) == 0
    mills.redis.hdel(mills.keys.controls, "pause:sink")
    assert mills.drain(sink) == 2


def test_old_documents_leave_the_store_in_slices(mills: Mills) -> None:
    store = KeepingStore()
    sink = mills.sink(store, policy=replace(SWIFT, retention_days=7.0))
    sink.poll(mills.stop, 0)
    sink.poll(mills.stop, 0)
    ((before, limit),) = store.expired
    assert limit == 1000
    assert (mills.clock.wall() - before.timestamp()) / 86_400 == pytest.approx(7.0)
    mills.clock.advance(61)
    sink.poll(mills.stop, 0)
    assert len(store.expired) == 2
