"""Many at once on one server: what is one act stays one act."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from random import Random
from threading import Barrier
from typing import Any

import pytest

from builders import RedisStores, admission, asked, ingested, stage_result, taken_in
from fanmill.core.dedup.partition import ALL
from fanmill.ports import STAGES, Rejection
from fanmill_contracts import encode
from fanmill_contracts.terms import Stage


def race(*calls: Callable[[], Any]) -> list[Any]:
    """Call all at the same instant, each in a thread of its own."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_two_equal_documents_at_the_same_instant_exactly_one_is_unique(
    redis_stores: RedisStores,
) -> None:
    judge = redis_stores.index.partition(ALL).judge
    rounds = 200
    start = Barrier(2)

    def worker(name: str) -> list[list[str | None]]:
        answers = []
        for number in range(rounds):
            batch = [
                asked(f"{number}-{name}{other}", f"{name}-{number}-{other}", f"{number}/{other}")
                for other in range(3)
            ]
            start.wait()
            answers.append([judgement.original_id for judgement in judge(batch)])
        return answers

    with ThreadPoolExecutor(2) as pool:
        ours, theirs = pool.map(worker, "12")
    for number in range(rounds):
        for other in range(3):
            originals = {ours[number][other], theirs[number][other]}
            assert originals in (
                {None, f"1-{number}-{other}"},
                {None, f"2-{number}-{other}"},
            )


def test_the_same_document_judged_by_many_at_once_is_never_its_own_copy(
    redis_stores: RedisStores,
) -> None:
    for number in range(30):
        batch = [asked(f"{number}-1", f"doc-{number}", f"text {number}")]
        answers = race(*[lambda batch=batch: redis_stores.index.partition(ALL).judge(batch)] * 6)
        assert {verdicts[0].verdict for verdicts in answers} == {"unique"}


def test_racing_commits_complete_and_announce_each_entry_once(redis_stores: RedisStores) -> None:
    names = [f"doc-{number}" for number in range(60)]
    ids = taken_in(redis_stores, *(ingested(name) for name in names))

    def committer(stage: Stage, seed: int) -> Callable[[], Counter[str]]:
        order = Random(seed).sample(range(60), 60)

        def run() -> Counter[str]:
            answers: Counter[str] = Counter()
            for at in range(0, 60, 6):
                parts = [stage_result(stage, ids[n], names[n]) for n in order[at : at + 6]]
                answers.update(redis_stores.ledger.commit(stage, parts))
            return answers

        return run

    # Every stage twice: as if each batch had been delivered two times.
    answers = race(*(committer(stage, seed) for seed in (1, 2) for stage in STAGES))
    total = sum(answers, Counter[str]())
    assert total["completed"] == 60
    assert total["stored"] == 120
    assert total["known"] + total["gone"] == 180
    assert Counter(event.subject for event in redis_stores.processed()) == Counter(names)
    assert redis_stores.counters()["completed"] == 60
    assert redis_stores.waiting() == []
    assert redis_stores.works() == 0
    assert redis_stores.ledger.in_flight() == 0


@pytest.mark.parametrize("seed", range(5))
def test_commit_and_rejection_race_to_one_end(redis_stores: RedisStores, seed: int) -> None:
    names = [f"doc-{number}" for number in range(40)]
    ids = taken_in(redis_stores, *(ingested(name) for name in names))
    for stage in STAGES[:2]:
        redis_stores.ledger.commit(
            stage,
            [stage_result(stage, entry, name) for entry, name in zip(ids, names, strict=True)],
        )
    order = Random(seed).sample(range(40), 40)

    def commit() -> list[str]:
        return [
            redis_stores.ledger.commit("tag", [stage_result("tag", ids[n], names[n])])[0]
            for n in order
        ]

    def reject() -> list[bool]:
        refusals = [
            Rejection(ids[n], "worker-lost", "tag", "died", names[n]) for n in reversed(order)
        ]
        return [redis_stores.ledger.reject([refusal])[0] for refusal in refusals]

    committed, rejected = race(commit, reject)
    announced = {event.subject for event in redis_stores.processed()}
    refused = {entry.event.data.document_id for entry in redis_stores.rejections.entries()}
    assert announced | refused == set(names)
    assert announced & refused == set()
    assert len(announced) == committed.count("completed") == redis_stores.records.count()
    assert len(refused) == rejected.count(True)
    for name in names:
        stored = redis_stores.records.get(name)
        assert stored is not None
        assert stored.state == ("complete" if name in announced else "rejected")
    assert redis_stores.waiting() == []
    assert redis_stores.works() == 0


def test_intakes_side_by_side_share_the_entries_and_admit_each_event_once(
    redis_stores: RedisStores,
) -> None:
    events = [ingested(f"doc-{number}", event_id=f"event-{number}") for number in range(100)]
    for event in [*events, *events]:
        redis_stores.add(encode(event))

    def intake(name: str) -> Callable[[], Counter[str]]:
        def run() -> Counter[str]:
            answers: Counter[str] = Counter()
            while entries := redis_stores.ledger.read(name, 7, 0):
                answers.update(redis_stores.ledger.admit([admission(entry) for entry in entries]))
            return answers

        return run

    total = sum(race(*(intake(f"intake-{number}") for number in range(4))), Counter[str]())
    assert total == {"admitted": 100, "repeated": 100}
    assert len(redis_stores.waiting()) == 100
    assert redis_stores.counters() == {"admitted": 100, "repeated": 100}


def test_an_overdue_entry_is_taken_by_one_of_many(redis_stores: RedisStores) -> None:
    ids = taken_in(redis_stores, *(ingested(f"doc-{number}") for number in range(30)))
    redis_stores.ledger.release("deduplicate", ids, "worker-lost")

    def taker(name: str) -> Callable[[], list[str]]:
        def run() -> list[str]:
            taken = [redis_stores.ledger.claim(name, entry_id, 3600) for entry_id in ids]
            return [entry.id for entry in taken if entry is not None]

        return run

    taken = race(*(taker(f"intake-{number}") for number in range(4)))
    assert sorted(chain.from_iterable(taken)) == sorted(ids)
    assert {overdue.deliveries for overdue in redis_stores.ledger.overdue(0, 100)} == {2}


def test_a_rejection_is_replayed_by_one_of_many(redis_stores: RedisStores) -> None:
    for number in range(20):
        redis_stores.add(b"%d" % number)
    entries = redis_stores.ledger.read("reader", 20, 0)
    redis_stores.ledger.reject(
        [Rejection(entry.id, "malformed-event", "intake", "no") for entry in entries]
    )
    ids = [entry.id for entry in redis_stores.rejections.entries()]
    answers = race(*[lambda: [redis_stores.rejections.replay(each) for each in ids]] * 4)
    put_back = [entry_id for answer in answers for entry_id in answer if entry_id is not None]
    assert sorted(put_back) == sorted(redis_stores.waiting())
    assert len(put_back) == 20
    assert redis_stores.rejections.count() == 0
