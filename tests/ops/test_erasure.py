"""Erasure: afterwards no key and no table holds the document, wherever it was."""

from dataclasses import replace
from typing import Any

import pytest

from builders import PLAIN, Mill, RedisStores, ingested
from erasure_builders import ID, NEEDLES, erase, everything, scatter, secret, stored_by_sink, traces
from fanmill.core.record_members import RecordMembers
from fanmill.ops.erasure_proof import search_index, search_keys
from fanmill.ops.process_registry import server_ms
from fanmill.sink.decoding import outcome_of
from fanmill.stores.redis.erasing import expected
from fanmill.stores.redis.outbox import RedisOutbox
from fanmill.stores.redis.trends import RedisTrends
from fanmill.stores.sqlite import SqliteStore
from fanmill_contracts.tagging import Producer, Tag, Tagging


@pytest.fixture
def stores(redis, keys):
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return stores


def test_no_key_holds_an_erased_document_but_the_tombstone(redis, keys, stores, tmp_path):
    outbox = scatter(redis, keys, stores)
    before = traces(redis, keys)
    assert {"document.processed", "document.rejected", "document.ingested"} <= set(before)
    found = expected(redis, keys, [ID], server_ms(redis) + 1, stores.index)
    assert traces(redis, keys) == before
    assert found["ledger"] >= 2
    done = erase(stores, ID)
    assert (done.state, done.outcomes["forgotten"]) == ("done", 1)
    assert done.outcomes["traces"] >= sum(found.values()) - found["records"] - found["index"]
    stored_by_sink(outbox, SqliteStore(tmp_path / "results.sqlite"))
    assert traces(redis, keys) == []
    proof = search_keys(redis, keys, [ID])
    assert proof.traces == search_index(stores.index, [ID]).traces == {}
    assert proof.searched["stream"] >= 2
    assert stores.records.get("other") is not None
    assert expected(redis, keys, [ID], server_ms(redis) + 1, stores.index) == {}


def test_what_the_search_finds_before_is_named(redis, keys, stores):
    scatter(redis, keys, stores)
    found = search_keys(redis, keys, [ID, "nobody"])
    assert set(found.traces) == {ID}
    for name in (keys.processed, keys.rejected, keys.ingested, keys.document(ID), keys.results):
        assert name in found.traces[ID]
    assert ID in search_index(stores.index, [ID]).traces


def test_nothing_in_flight_comes_back_and_a_later_event_does(redis, keys, stores, tmp_path):
    mill = Mill(stores)
    mill.publish(secret("one"))
    mill.poll()
    path = tmp_path / "results.sqlite"
    outbox = RedisOutbox(redis, keys, "main", "sqlite:///a", None)
    outbox.join()
    erase(stores, ID)
    # The queues still have the batch that was in flight.
    mill.run()
    stored_by_sink(outbox, SqliteStore(path))
    assert traces(redis, keys) == []
    assert stores.records.get(ID) is None
    mill.publish(secret("later"))
    mill.run()
    assert stores.records.get(ID).result.deduplication.verdict == "unique"
    stored_by_sink(outbox, SqliteStore(path))
    store = SqliteStore(path)
    assert store.get(ID) is not None
    # The erasure comes once more: the new life of the document stays.
    erase(stores, ID, at_ms=store.tombstones([ID])[0].forgotten_at.timestamp() * 1000 // 1)
    stored_by_sink(outbox, store)
    assert SqliteStore(path).get(ID) is not None
    assert stores.records.get(ID) is not None
    assert stores.index.partition("all").cluster(ID) is not None


def test_a_sink_that_held_the_outcome_stores_nothing_and_misses_nothing(
    redis, keys, stores, tmp_path
):
    outbox = scatter(redis, keys, stores)
    held = [outcome_of(each) for each in outbox.read("another", 2, 0)]
    path = tmp_path / "results.sqlite"
    erase(stores, ID)
    stored_by_sink(outbox, SqliteStore(path))
    store = SqliteStore(path)
    counts = store.save(held)
    assert counts.forgotten >= 1
    assert store.get(ID) is None
    assert all(needle not in path.read_bytes() for needle in NEEDLES[1:])
    assert not any(name.startswith(b"sink-lost") for name in redis.hgetall(keys.counters))
    (tomb,) = store.tombstones([ID])
    assert (tomb.actor, tomb.note) == ("ada", "asked")
    store.close()


def test_the_terms_of_an_erased_document_leave_the_trends(redis, keys, stores):
    trends = RedisTrends(redis, keys, 1000)
    shared, own = "flour", "hidden well of the miller"
    words = {ID: (shared, own), "other": (shared,)}

    def tag(document: Any) -> RecordMembers:
        tags = tuple(
            Tag(value=each, score=0.5, score_kind="heuristic", producer=0)
            for each in words[document.document_id]
        )
        producer = Producer(name="keyphrase", version="1")
        return RecordMembers(
            tagging=Tagging(
                language="en",
                language_confidence=1.0,
                producers=(producer,),
                tags={"keyphrase": tags},
            )
        )

    mill = Mill(stores, functions=replace(PLAIN, tag=tag), on_duplicate="process")
    mill.services = replace(mill.services, trends=trends)
    mill.publish(secret("one"), ingested("other", "The ferry leaves at eight o'clock."))
    mill.run()
    before = {each.term: each.recent for each in trends.frequencies("en", [shared, own])}
    assert before == {shared: 2, own: 1}
    erase(stores, ID)
    after = trends.frequencies("en", [shared, own])
    assert [(each.recent, each.recent_documents) for each in after] == [(1, 1), (0, 1)]
    assert not any(own.encode() in value for _, value in everything(redis, keys))
