"""Contract of `fanmill.ports.Records`, in memory and on Redis."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from builders import RedisStores, Stores, completed, ingested, stage_result, taken_in
from fanmill.stores.redis.compression import compress_records
from fanmill_contracts import DocumentResult, record_json
from fanmill_contracts.stored_records import stored_record


def complete_at_once(stores: Stores, names: list[str]) -> None:
    """Complete documents in one act: on Redis all at the same millisecond."""
    ids = taken_in(stores, *(ingested(name, name) for name in names))
    stores.ledger.commit(
        "deduplicate",
        [
            stage_result("deduplicate", entry_id, name, closes=True)
            for entry_id, name in zip(ids, names, strict=True)
        ],
    )


def names_of(results: list[DocumentResult]) -> list[str]:
    return [result.document_id for result in results]


def numbered(start: int, stop: int) -> list[str]:
    return [f"doc-{number:05}" for number in range(start, stop)]


def test_nothing_is_known_of_an_unknown_document(stores: Stores) -> None:
    assert stores.records.get("nobody") is None
    assert stores.records.count() == 0
    assert list(stores.records.completed(None, None)) == []


def test_documents_without_a_result_are_not_among_the_completed(stores: Stores) -> None:
    taken_in(stores, ingested("received"))
    completed(stores, ingested("complete"))
    assert stores.records.count() == 1
    assert names_of(list(stores.records.completed(None, None))) == ["complete"]


def test_what_is_listed_is_what_is_stored(stores: Stores) -> None:
    completed(stores, ingested("doc-1", title='A "title" with \\ and 水车'))
    (listed,) = stores.records.completed(None, None)
    stored = stores.records.get("doc-1")
    assert stored is not None
    assert listed == stored.result
    assert listed.title == 'A "title" with \\ and 水车'


def test_results_come_in_the_order_of_completion(stores: Stores) -> None:
    for name in ["c", "a", "b"]:
        completed(stores, ingested(name))
    results = list(stores.records.completed(None, None))
    moments = [result.completed_at for result in results]
    assert sorted(names_of(results)) == ["a", "b", "c"]
    assert moments == sorted(moments)


def test_a_document_completed_anew_moves_to_the_end_and_counts_once(stores: Stores) -> None:
    first = completed(stores, ingested("again", event_id="event-1"))
    completed(stores, ingested("other"))
    moment = first.partition("-")[0]
    # The order within one millisecond is not promised.
    while completed(stores, ingested("again")).partition("-")[0] == moment:
        pass
    results = list(stores.records.completed(None, None))
    assert Counter(names_of(results)) == {"again": 1, "other": 1}
    assert stores.records.count() == 2
    assert results[-1].completed_at >= results[0].completed_at
    newest = {result.document_id: result.revision for result in results}["again"]
    stored = stores.records.get("again")
    assert stored is not None
    assert newest == stored.revisions


def test_every_result_is_listed_once_over_many_pages_of_one_millisecond(stores: Stores) -> None:
    names = numbered(0, 1700)
    complete_at_once(stores, names[:100])
    complete_at_once(stores, names[100:1500])
    complete_at_once(stores, names[1500:])
    results = list(stores.records.completed(None, None))
    assert sorted(names_of(results)) == names
    moments = [result.completed_at for result in results]
    assert moments == sorted(moments)
    assert stores.records.count() == 1700


def test_no_more_results_than_asked_for(stores: Stores) -> None:
    complete_at_once(stores, numbered(0, 1100))
    everything = names_of(list(stores.records.completed(None, None)))
    for limit in (0, 1, 499, 500, 501, 1099, 1100, 5000):
        assert names_of(list(stores.records.completed(None, limit))) == everything[:limit]


def test_since_takes_what_was_completed_then_or_later(stores: Stores) -> None:
    for number in range(20):
        completed(stores, ingested(f"doc-{number}"))
    results = list(stores.records.completed(None, None))
    for result in results:
        later = list(stores.records.completed(result.completed_at, None))
        assert later == [each for each in results if each.completed_at >= result.completed_at]
    last = results[-1].completed_at
    assert list(stores.records.completed(last + timedelta(seconds=1), None)) == []
    assert names_of(list(stores.records.completed(datetime(2020, 1, 1, tzinfo=UTC), 3))) == (
        names_of(results[:3])
    )


def test_a_result_is_listed_since_its_own_time_of_completion_whatever_that_is(
    redis_stores: RedisStores,
) -> None:
    completed(redis_stores, ingested("doc-1"))
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    missed = []
    for moment in range(1_795_000_000_000, 1_795_000_000_200):
        redis_stores.redis.zadd(redis_stores.keys.results, {"doc-1": moment})
        since = epoch + timedelta(milliseconds=moment)
        later = since + timedelta(milliseconds=1)
        if not list(redis_stores.records.completed(since, None)):
            missed.append(moment)
        assert list(redis_stores.records.completed(later, None)) == []
    assert missed == []


def test_a_completion_between_two_pages_leaves_no_other_document_out(stores: Stores) -> None:
    names = numbered(0, 1200)
    complete_at_once(stores, names)
    listing = stores.records.completed(None, None)
    seen = [next(listing).document_id for _ in range(500)]
    # Documents that were listed already are completed anew and move to the end.
    for name in seen[:50]:
        completed(stores, ingested(name))
    seen += names_of(list(listing))
    assert set(seen) == set(names)


def test_a_record_is_kept_compressed(redis_stores: RedisStores) -> None:
    entry_id = completed(redis_stores, ingested("doc-1"))
    (event,) = redis_stores.processed()
    key = redis_stores.keys.document("doc-1")
    kept: Any = redis_stores.redis.hmget(key, "record", "entry")
    assert not kept[0].startswith(b"{")
    assert (stored_record(kept[0]), kept[1].decode()) == (event.data, entry_id)


def test_a_record_that_was_not_compressed_is_read_all_the_same(redis_stores: RedisStores) -> None:
    completed(redis_stores, ingested("doc-1"))
    (event,) = redis_stores.processed()
    key = redis_stores.keys.document("doc-1")
    redis_stores.redis.hset(key, "record", record_json(event.data))
    stored = redis_stores.records.get("doc-1")
    assert stored is not None
    assert stored.result == event.data
    assert list(redis_stores.records.completed(None, None)) == [event.data]


def test_compression_leaves_the_record_of_a_later_entry_alone(redis_stores: RedisStores) -> None:
    older = completed(redis_stores, ingested("doc-1", event_id="1"))
    completed(redis_stores, ingested("doc-1", event_id="2"))
    late = (stage_result("tag", older, "doc-1"), b'{"document_id":"late"}')
    compress_records(redis_stores.redis, redis_stores.keys, [late])
    stored = redis_stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert stored.result.event.id == "2"
