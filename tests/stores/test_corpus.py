"""Contract of `fanmill.ports.Corpus`, in memory and on Redis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from redis import Redis

from builders import (
    MemoryStores,
    RedisStores,
    Stores,
    deduplication,
    ingested,
    stage_result,
    taken_in,
)
from fanmill.core.corpus.aggregate import GroupKey
from fanmill.core.corpus.data_point import MEASURES
from fanmill.ports import Corpus, Rejection
from fanmill.stores.keys import Keys
from fanmill.stores.redis import RedisCorpus
from fanmill.testing import MemoryCorpus

TODAY = datetime.now(UTC).date()


def written(words: int, source: str = "/s", day: str = TODAY.isoformat()) -> str:
    values = ",".join(str(words) if name == "words" else "null" for name in MEASURES)
    return f'["{day}","{source}","en",[{values}],["c4:few_sentences"]]'


@pytest.fixture
def corpus(stores: Stores) -> Corpus:
    """The corpus view over the same server as the other stores."""
    if isinstance(stores, MemoryStores):
        return MemoryCorpus(stores.server)
    assert isinstance(stores, RedisStores)
    return RedisCorpus(stores.redis, stores.keys, retention_days=7)


def commit(stores: Stores, entry_id: str, data_point: str) -> str:
    summed_up = replace(stage_result("summarize", entry_id), data_point=data_point)
    (answer,) = stores.ledger.commit("summarize", [summed_up])
    return answer


def words(corpus: Corpus) -> list[tuple[str, int, float]]:
    return sorted(
        (group.source, each.documents, each.measures["words"].total)
        for group, each in corpus.aggregates().items()
    )


def test_nothing_seen_is_nothing_counted(corpus: Corpus) -> None:
    assert corpus.aggregates() == {}
    assert corpus.fold() == 0


def test_a_document_counts_once_however_often_its_part_is_committed(
    stores: Stores, corpus: Corpus
) -> None:
    (entry_id,) = taken_in(stores, ingested())
    assert commit(stores, entry_id, written(10)) == "stored"
    assert commit(stores, entry_id, written(10)) == "known"
    assert words(corpus) == [("/s", 1, 10.0)]
    assert corpus.fold() == 1
    assert commit(stores, entry_id, written(10)) == "known"
    assert corpus.fold() == 0
    assert words(corpus) == [("/s", 1, 10.0)]


def test_the_last_part_counts_too_and_a_late_one_does_not(stores: Stores, corpus: Corpus) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.commit("deduplicate", [stage_result("deduplicate", entry_id)])
    stores.ledger.commit("tag", [stage_result("tag", entry_id)])
    assert commit(stores, entry_id, written(10)) == "completed"
    assert commit(stores, entry_id, written(10)) == "gone"
    assert words(corpus) == [("/s", 1, 10.0)]


def test_a_rejected_document_whose_statistics_never_came_is_not_counted(
    stores: Stores, corpus: Corpus
) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.reject([Rejection(entry_id, "stage-failed", "tag", "no", "doc-1")])
    assert commit(stores, entry_id, written(10)) == "gone"
    assert words(corpus) == []


def test_parts_without_a_data_point_are_not_counted(stores: Stores, corpus: Corpus) -> None:
    (entry_id,) = taken_in(stores, ingested())
    stores.ledger.commit("deduplicate", [stage_result("deduplicate", entry_id)])
    assert deduplication().verdict == "unique"
    assert words(corpus) == []


def test_aggregates_and_what_waits_are_counted_together(stores: Stores, corpus: Corpus) -> None:
    entries = taken_in(stores, *(ingested(f"d{number}") for number in range(6)))
    for number, entry_id in enumerate(entries):
        commit(stores, entry_id, written(number, f"/{number % 2}"))
        if number == 3:
            assert corpus.fold(at_least=5) == 0
            assert corpus.fold(at_least=4) == 4
    assert words(corpus) == [("/0", 3, 6.0), ("/1", 3, 9.0)]
    (first, _) = sorted(corpus.aggregates())
    found = corpus.aggregates()[first]
    assert found.measures["words"].quantile(0.5) == 2.0
    assert found.measures["bytes"].count == 0
    assert found.categories == {"c4:few_sentences": 3}


def test_only_days_asked_for_are_counted(stores: Stores, corpus: Corpus) -> None:
    yesterday = TODAY - timedelta(days=1)
    first, second, third = taken_in(stores, ingested("a"), ingested("b"), ingested("c"))
    commit(stores, first, written(1, day=yesterday.isoformat()))
    commit(stores, second, written(2))
    corpus.fold()
    commit(stores, third, written(4, day=yesterday.isoformat()))
    assert list(corpus.aggregates(since=TODAY)) == [GroupKey(TODAY.isoformat(), "/s", "en")]
    assert words(corpus) == [("/s", 1, 2.0), ("/s", 2, 5.0)]


def test_processes_that_fold_at_once_lose_nothing_and_count_nothing_twice(
    redis_stores: RedisStores,
) -> None:
    entries = taken_in(redis_stores, *(ingested(f"d{number}") for number in range(120)))
    corpus = RedisCorpus(redis_stores.redis, redis_stores.keys, retention_days=7)

    def work(mine: list[str]) -> None:
        for entry_id in mine:
            commit(redis_stores, entry_id, written(1))
            corpus.fold(at_least=3)

    threads = [Thread(target=work, args=(entries[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert words(corpus) == [("/s", 120, 120.0)]
    corpus.fold()
    assert redis_stores.redis.llen(redis_stores.keys.data_points) == 0
    assert words(corpus) == [("/s", 120, 120.0)]


def test_aggregates_expire(redis: Redis, keys: Keys, redis_stores: RedisStores) -> None:
    (entry_id,) = taken_in(redis_stores, ingested())
    commit(redis_stores, entry_id, written(1))
    RedisCorpus(redis, keys, retention_days=7).fold()
    seconds = redis.ttl(keys.corpus_day(TODAY.isoformat()))
    assert 7 * 86_400 - 60 < seconds <= 7 * 86_400
