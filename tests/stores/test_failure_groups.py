"""Failure groups count all rejections exactly, on memory and on Redis."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from builders import Mill, RedisStores, Stores, ingested, raw_body
from fanmill.core.failure_group import OTHERS
from fanmill.ops.group_repair import GroupRepair
from fanmill.ports import FailureGroup, Rejection
from fanmill.stores.redis.group_counts import recount, uncounted
from fanmill.stores.script import load


def reject(stores: Stores, causes: list[str]) -> list[str]:
    """Reject one event for each cause; return the ids of the rejections."""
    known = {entry.id for entry in stores.rejections.entries()}
    for number, _ in enumerate(causes):
        stores.add(raw_body(id=f"{number}"))
    entries = stores.ledger.read("reader", len(causes), 0)
    stores.ledger.reject(
        [
            Rejection(entry.id, "stage-failed", "tag", "no", exception=cause, frame="f:g:1")
            for entry, cause in zip(entries, causes, strict=True)
        ]
    )
    return [entry.id for entry in stores.rejections.entries() if entry.id not in known]


def by_cause(stores: Stores) -> dict[str, FailureGroup]:
    return {group.exception or group.id: group for group in stores.rejections.groups()}


def test_no_rejections_make_no_groups(stores: Stores) -> None:
    assert stores.rejections.groups() == []


def test_poison_of_three_causes_makes_three_groups(stores: Stores) -> None:
    mill = Mill(stores)
    stages = ("deduplicate", "summarize", "tag")
    mill.publish(
        *(ingested(f"d{at}", f"Poison {at}, refused by {stages[at % 3]}") for at in range(300))
    )
    mill.run()
    groups = stores.rejections.groups()
    assert {(each.reason, each.stage, each.exception) for each in groups} == {
        ("stage-failed", stage, "builders.functions.Refused") for stage in stages
    }
    assert all(each.frame.startswith("fanmill.") for each in groups)
    assert [(each.open, each.ever, sum(each.trend)) for each in groups] == [(100, 100, 100)] * 3
    for group in groups:
        assert group.sample is not None
        sample = stores.rejections.get(group.sample)
        assert sample is not None
        assert (sample.group, sample.event.data.group) == (group.id, group.id)
        assert sample.event.data.stage == group.stage
        assert sample.event.data.frame == group.frame


def test_the_latest_group_comes_first_with_its_first_and_last_time(stores: Stores) -> None:
    first, *_, last = reject(stores, ["A", "B", "A", "A"])
    groups = stores.rejections.groups()
    found = by_cause(stores)["A"]
    assert (found.first_ms, found.last_ms) == tuple(
        int(each.partition("-")[0]) for each in (first, last)
    )
    assert found.sample == last
    assert all(one.last_ms >= other.last_ms for one, other in pairwise(groups))


def test_replays_and_drops_leave_ever_and_take_from_open(stores: Stores) -> None:
    first, second, third, other = reject(stores, ["A", "A", "A", "B"])
    assert stores.rejections.drop(third)
    assert not stores.rejections.drop(third)
    assert stores.rejections.replay(second)
    assert stores.rejections.replay(other)
    found = by_cause(stores)
    assert (found["A"].open, found["A"].ever, found["A"].sample) == (1, 3, first)
    assert (found["B"].open, found["B"].ever, found["B"].sample) == (0, 1, None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    st.lists(
        st.one_of(
            st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=6),
            st.tuples(st.sampled_from(["replay", "drop"]), st.integers(0, 50)),
        ),
        max_size=12,
    )
)
def test_counts_equal_the_rejections_after_any_acts(
    stores: Stores, acts: list[list[str] | tuple[str, int]]
) -> None:
    for act in acts:
        if isinstance(act, list):
            reject(stores, act)
        else:
            entries = list(stores.rejections.entries())
            if entries:
                getattr(stores.rejections, act[0])(entries[act[1] % len(entries)].id)
                # A replayed event is not read here: `reject` reads its own.
                stores.ledger.read("other", 1000, 0)
    open_now = Counter(entry.group for entry in stores.rejections.entries())
    groups = stores.rejections.groups()
    assert {each.id: each.open for each in groups if each.open} == dict(open_now)
    assert all(each.ever >= each.open for each in groups)


def test_beyond_a_thousand_groups_the_others_are_counted_together(
    redis_stores: RedisStores,
) -> None:
    stores = redis_stores
    ids = reject(stores, [f"E{number}" for number in range(1000)])
    assert len(stores.rejections.groups()) == 1000
    reject(stores, ["new", "newer"])
    groups = by_cause(stores)
    assert len(groups) == 1001
    assert (groups[OTHERS].open, groups[OTHERS].ever) == (2, 2)
    # A group without open rejections makes room, and its count stays in the sum.
    assert stores.rejections.drop(ids[0])
    reject(stores, ["newest"])
    groups = by_cause(stores)
    assert ("newest" in groups, "E0" in groups) == (True, False)
    assert (groups[OTHERS].open, groups[OTHERS].ever) == (2, 3)


def test_a_group_without_open_rejections_makes_room_for_a_new_one(stores: Stores) -> None:
    ids = reject(stores, [f"E{number}" for number in range(1000)])
    stores.rejections.drop(ids[0])
    stores.rejections.drop(ids[1])
    reject(stores, ["new", "new"])
    groups = by_cause(stores)
    assert (groups["new"].open, groups["new"].ever) == (2, 2)
    assert sum(group.ever for group in groups.values()) == 1002
    assert sum(group.open for group in groups.values()) == stores.rejections.count()


def counts(stores: RedisStores) -> dict[str, tuple[int, int]]:
    return {each.exception: (each.open, each.ever) for each in stores.rejections.groups()}


def test_counts_are_exact_again_after_another_program_trimmed_the_stream(
    redis_stores: RedisStores,
) -> None:
    stores, redis, keys = redis_stores, redis_stores.redis, redis_stores.keys
    ids = reject(stores, [*"AAAABBBC"])
    repair = GroupRepair(redis, keys)
    assert repair.look()
    assert counts(stores) == {"A": (4, 4), "B": (3, 3), "C": (1, 1)}
    redis.xtrim(keys.rejected, minid=ids[5], approximate=False)
    redis.xdel(keys.rejected, ids[7])
    reject(stores, ["B", "C", "D"])
    assert uncounted(redis, keys) == -6
    with capture_logs() as lines:
        assert repair.look()
    assert counts(stores) == {"A": (0, 4), "B": (3, 4), "C": (1, 2), "D": (1, 1)}
    assert [(line["groups"], line["rejections"]) for line in lines] == [(3, 6)]
    assert uncounted(redis, keys) == 0
    # A group without open rejections makes room again, as after a drop.
    assert redis.zrange(keys.closed_groups, 0, -1) == [group_id(stores, "A").encode()]
    with capture_logs() as lines:
        assert repair.look()
    assert lines == []


def group_id(stores: RedisStores, exception: str) -> str:
    return next(each.id for each in stores.rejections.groups() if each.exception == exception)


def test_entries_of_other_programs_are_in_no_group_and_recounted_once(
    redis_stores: RedisStores,
) -> None:
    stores, redis, keys = redis_stores, redis_stores.redis, redis_stores.keys
    reject(stores, ["A"])
    redis.xadd(keys.rejected, {"note": "not ours"})
    repair = GroupRepair(redis, keys)
    with capture_logs() as lines:
        assert repair.look()
        assert repair.look()
    assert (counts(stores), lines) == ({"A": (1, 1)}, [])
    redis.xtrim(keys.rejected, maxlen=1, approximate=False)
    assert repair.look()
    assert counts(stores) == {"A": (0, 1)}


def test_a_recount_during_drops_changes_nothing_until_it_is_exact(
    redis_stores: RedisStores,
) -> None:
    stores, redis, keys = redis_stores, redis_stores.redis, redis_stores.keys
    ids = reject(stores, [*"AAB"])
    redis.xdel(keys.rejected, ids[0])
    arguments = [ids[2], 100, group_id(stores, "A"), 1, group_id(stores, "B"), 1]
    assert stores.rejections.drop(ids[2])
    script = load("redis", "recount_groups")
    assert script.run(redis, [keys.rejected, keys.groups], arguments) == -1
    assert counts(stores) == {"A": (2, 2), "B": (0, 1)}
    assert recount(redis, keys) == 1
    assert counts(stores) == {"A": (1, 2), "B": (0, 1)}


@pytest.mark.parametrize("count", [1000])
def test_a_thousand_groups_take_less_than_a_megabyte(redis_stores: RedisStores, count: int) -> None:
    reject(redis_stores, [f"builders.Error{number}" for number in range(count)])
    redis, keys = redis_stores.redis, redis_stores.keys
    names = [keys.groups, *(keys.group(each.id) for each in redis_stores.rejections.groups())]
    assert sum(redis.memory_usage(name) or 0 for name in names) < 1_000_000
