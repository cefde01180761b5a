"""What `fanmill.ports.FingerprintIndex` promises, on memory and on Redis."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from builders import RedisStores, Stores
from fanmill.ports import Candidate
from fanmill.stores.keys import Keys
from fanmill.stores.memory import MemoryFingerprintIndex, MemoryServer
from fanmill_contracts import StreamNames


def leaders(stores: Stores, *candidates: tuple[str, str, str]) -> list[str | None]:
    """Judge (entry, document, digest) and return the leader of each, None for a unique one."""
    verdicts = stores.index.judge([Candidate(*candidate) for candidate in candidates])
    for verdict in verdicts:
        unique = verdict.verdict == "unique"
        assert (verdict.leader is None, verdict.similarity) == (unique, None if unique else 1.0)
    return [verdict.leader for verdict in verdicts]


def test_the_second_of_two_equal_documents_is_an_exact_duplicate(stores: Stores) -> None:
    assert leaders(stores, ("1-0", "a", "x")) == [None]
    assert leaders(stores, ("2-0", "b", "x")) == ["a"]
    assert leaders(stores, ("3-0", "c", "y")) == [None]


def test_documents_of_one_call_are_judged_in_their_order(stores: Stores) -> None:
    asked = [("1-0", "a", "x"), ("1-1", "b", "x"), ("1-2", "c", "y"), ("1-3", "d", "x")]
    assert leaders(stores, *asked) == [None, "a", None, "a"]
    assert stores.index.judge([]) == []


def test_the_leader_is_the_first_and_never_a_copy(stores: Stores) -> None:
    leaders(stores, ("1-0", "a", "x"), ("2-0", "b", "x"))
    assert leaders(stores, ("3-0", "c", "x")) == ["a"]


def test_the_same_entry_again_gets_the_verdict_it_had(stores: Stores) -> None:
    asked = [("1-0", "a", "x"), ("2-0", "b", "x"), ("3-0", "c", "y")]
    first = leaders(stores, *asked)
    assert leaders(stores, *asked) == first == [None, "a", None]
    assert leaders(stores, *reversed(asked)) == first[::-1]


def test_a_revision_of_the_same_text_is_not_its_own_copy(stores: Stores) -> None:
    leaders(stores, ("1-0", "a", "x"))
    assert leaders(stores, ("2-0", "a", "x")) == [None]
    assert leaders(stores, ("3-0", "b", "x")) == ["a"]


def test_a_revision_takes_the_place_of_the_earlier_one(stores: Stores) -> None:
    leaders(stores, ("1-0", "a", "x"))
    assert leaders(stores, ("2-0", "a", "y")) == [None]
    # Nobody has the old text any more; the new one is held.
    assert leaders(stores, ("3-0", "b", "x"), ("4-0", "c", "y")) == [None, "a"]


def test_a_copy_that_is_revised_becomes_unique_and_its_leader_stays(stores: Stores) -> None:
    leaders(stores, ("1-0", "a", "x"), ("2-0", "b", "x"))
    assert leaders(stores, ("3-0", "b", "y")) == [None]
    assert leaders(stores, ("4-0", "c", "x"), ("5-0", "d", "y")) == ["a", "b"]


def test_an_older_revision_that_comes_late_takes_no_place(stores: Stores) -> None:
    leaders(stores, ("2-0", "a", "new"))
    assert leaders(stores, ("1-0", "a", "old")) == [None]
    assert leaders(stores, ("3-0", "b", "old"), ("4-0", "c", "new")) == [None, "a"]


def test_entry_ids_are_compared_as_numbers(stores: Stores) -> None:
    leaders(stores, ("9-0", "a", "x"))
    assert leaders(stores, ("10-0", "a", "y")) == [None]
    leaders(stores, ("10-10", "a", "z"))
    leaders(stores, ("10-9", "a", "w"))
    assert leaders(stores, ("11-0", "b", "z"), ("11-1", "c", "w")) == ["a", None]


def test_a_forgotten_document_is_nobodys_leader(stores: Stores) -> None:
    leaders(stores, ("1-0", "a", "x"), ("2-0", "b", "x"))
    assert stores.index.forget("a") is True
    assert stores.index.forget("a") is False
    assert leaders(stores, ("2-0", "b", "x")) == ["a"], "copies keep their verdict"
    assert leaders(stores, ("3-0", "c", "x")) == [None]


def test_forgetting_a_copy_leaves_its_leader(stores: Stores) -> None:
    leaders(stores, ("1-0", "a", "x"), ("2-0", "b", "x"))
    assert stores.index.forget("b", "2-0") is True
    assert leaders(stores, ("3-0", "c", "x")) == ["a"]


def test_an_entry_that_was_overtaken_forgets_nothing(stores: Stores) -> None:
    leaders(stores, ("1-0", "a", "x"), ("2-0", "a", "y"))
    assert stores.index.forget("a", "1-0") is False
    assert leaders(stores, ("3-0", "b", "y")) == ["a"]
    assert stores.index.forget("a", "2-0") is True
    assert stores.index.forget("nobody") is False


def test_a_forgotten_document_may_come_again(stores: Stores) -> None:
    leaders(stores, ("1-0", "a", "x"))
    stores.index.forget("a", "1-0")
    assert leaders(stores, ("2-0", "b", "x"), ("3-0", "a", "x")) == [None, "b"]


candidates = st.tuples(
    st.integers(1, 12).map(lambda number: f"{number}-0"),
    st.sampled_from("abcd"),
    st.sampled_from("xyz"),
)
acts = st.lists(
    st.lists(candidates, max_size=4) | st.tuples(st.sampled_from("abcd"), st.booleans()),
    max_size=12,
)


@pytest.mark.usefixtures("keys")
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_memory_and_redis_judge_any_history_alike(
    redis: Redis, acts: list[list[tuple[str, str, str]] | tuple[str, bool]]
) -> None:
    namespace = f"h-{id(acts)}-{redis.incr('histories')}"
    twins = [
        MemoryFingerprintIndex(MemoryServer(lambda: 0.0)),
        RedisStores(redis, Keys(StreamNames(namespace))).index,
    ]
    for act in acts:
        if isinstance(act, list):
            asked = [Candidate(*candidate) for candidate in act]
            memory, server = (twin.judge(asked) for twin in twins)
        else:
            memory, server = (twin.forget(act[0], "3-0" if act[1] else None) for twin in twins)
        assert memory == server
