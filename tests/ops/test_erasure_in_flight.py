"""Erasure of what is in flight, and erasures that are interrupted, aborted or repeated."""

import json
from dataclasses import replace
from typing import Any

import pytest

from builders import Mill, RedisStores, ingested
from erasure_builders import ID, ended, erase, eraser, forget_order, scatter, secret, traces
from fanmill.actions.executor import ActionExecutor
from fanmill.ports import STAGES, ActionOrder
from fanmill.steps import STEPS
from fanmill.stores.index import IndexParametersDiffer
from fanmill.stores.redis.erasing import RedisErasing


@pytest.fixture
def stores(redis, keys):
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return stores


@pytest.mark.parametrize("stage", ["waiting", "read", *STAGES])
@pytest.mark.parametrize("swept", [False, True])
def test_a_document_in_flight_at_each_stage_ends_without_a_trace(redis, keys, stores, stage, swept):
    mill = Mill(stores, on_duplicate="process")
    others = [ingested("other", "The ferry leaves at eight o'clock."), ingested("third", "Rye.")]
    mill.publish(secret("one"), others[0])
    if stage != "waiting":
        mill.poll()
    for each in STAGES[: STAGES.index(stage)] if stage in STAGES else ():
        mill.work([each])
    action = stores.actions.create_forget(forget_order(stores), [ID])
    executor = eraser(stores)
    executor.step(action.id)
    if swept:
        ended(stores, action)
    # The tombstone alone suffices: whatever goes on is refused.
    mill.publish(others[1])
    mill.run()
    ended(stores, action)
    assert traces(redis, keys) == []
    for other in ("other", "third"):
        assert stores.records.get(other).state == "complete"
    assert stores.waiting() == []
    assert stores.works() == 0
    counters = stores.counters()
    assert (counters["completed"], counters["forgotten"], counters["rejected"]) == (2, 1, 0)
    assert stores.ledger.lost_unread() == 0


def test_a_worker_that_judged_before_the_erasure_leaves_no_fingerprint(redis, keys, stores):
    mill = Mill(stores)
    mill.publish(secret("one"))
    mill.poll()
    batch = mill.dispatcher.receive("deduplicate")
    judged = []

    class Late(type(stores.index)):
        """An index between whose verdict and the commit the document is forgotten."""

        def partition(self, name: str) -> Any:
            real = super().partition(name)
            if not judged:
                judged.append(name)
                erase_after(real, lambda: erase(stores, ID))
            return real

    index = Late(redis, keys.streams.namespace)
    services = replace(mill.services, index=index)
    (outcome,) = STEPS["deduplicate"](services, batch)
    assert outcome.outcome == "forgotten"
    assert stores.index.partition("all").cluster(ID) is None
    assert traces(redis, keys) == []


def erase_after(partition, act):
    """Act once between the verdict of a partition and whatever its caller does next."""
    judge = partition.judge

    def judging(batch: Any) -> Any:
        found = judge(batch)
        partition.judge = judge
        act()
        return found

    partition.judge = judging


def test_an_edge_of_time_the_redelivery_of_a_forgotten_entry_is_refused(redis, keys, stores):
    mill = Mill(stores)
    mill.publish(secret("one"))
    mill.poll()
    batch = mill.dispatcher.receive("deduplicate")
    action = stores.actions.create_forget(forget_order(stores), [ID])
    eraser(stores).step(action.id)
    assert STEPS["deduplicate"](mill.services, batch) == []
    assert STEPS["deduplicate"](mill.services, batch) == []
    assert stores.counters()["forgotten"] == 1
    mill.clock.advance(10_000)
    mill.run()
    ended(stores, action)
    assert traces(redis, keys) == []


def test_a_replay_of_a_forgotten_rejection_is_refused(redis, keys, stores):
    mill = Mill(stores)
    event = json.loads(secret("bad").model_dump_json())
    redis.xadd(keys.ingested, {"event": json.dumps({**event, "specversion": "9"})})
    redis.xadd(keys.ingested, {"event": b"{bad"})
    mill.run()
    rejected, other = [entry.id for entry in stores.rejections.entries()]
    action = stores.actions.create_forget(forget_order(stores), [ID])
    eraser(stores).step(action.id)
    assert stores.rejections.replay(rejected) is None
    replay = ended(stores, stores.actions.create(ActionOrder(kind="replay", actor="a@b")))
    assert replay.outcomes.get("replayed", 0) <= 1
    ended(stores, action)
    assert traces(redis, keys) == []
    assert other


def test_an_abort_finishes_what_was_taken_and_leaves_the_rest(redis, keys, stores):
    mill = Mill(stores)
    names = [f"doc-{number}" for number in range(6)]
    mill.publish(*(ingested(name, f"Text {name} of the mill.") for name in names))
    mill.run()
    order = forget_order(stores, rate=10.0)
    action = stores.actions.create_forget(order, names)
    eraser(stores).step(action.id)
    assert stores.actions.abort(action.id)
    assert stores.actions.get(action.id).aborting
    done = ended(stores, action)
    assert (done.state, done.aborting) == ("aborted", False)
    taken = done.outcomes["forgotten"]
    assert 0 < taken < len(names)
    left = [name for name in names if stores.records.get(name) is not None]
    assert left == names[taken:]
    announced = [event.data.document_id for event in stores.processed()]
    assert announced == names[taken:]
    assert not redis.exists(keys.selection(action.id))
    assert not stores.actions.abort(action.id)


def test_an_executor_that_is_replaced_at_every_slice_loses_and_doubles_nothing(redis, keys, stores):
    scatter(redis, keys, stores)
    action = stores.actions.create_forget(forget_order(stores), [ID, "nobody"])
    erasing = RedisErasing(redis, keys, stores.index)
    slices = 0
    while (now := stores.actions.get(action.id)).state == "running":
        stores.actions.claim("a", 0.0, action.id)
        now = stores.actions.get(action.id)
        # Killed behind the work of the slice, before its cursor moved: the work is repeated.
        if now.cursor == "0-0":
            erasing.forget(now, [ID])
        assert erasing.advance(now, "a", 0.0)
        # A process that was thought dead wakes up and repeats the slice.
        assert not erasing.advance(now, "a", 0.0)
        slices += 1
    assert slices > 5
    assert now.outcomes["forgotten"] == 2
    assert [name for name in traces(redis, keys) if "late" not in name] == []


def test_an_action_that_fails_holds_up_no_other(redis, keys, stores):
    mill = Mill(stores)
    mill.publish(secret("one"))
    mill.run()

    class Broken(type(stores.index)):
        """An index of another release, which this one cannot read."""

        def forget_all(self, document_ids: Any, before_ms: int) -> int:
            del document_ids, before_ms
            raise IndexParametersDiffer("all", "{}", "{}")

    broken = RedisErasing(redis, keys, Broken(redis, keys.streams.namespace))
    stuck = stores.actions.create_forget(forget_order(stores), [ID])
    other = stores.actions.create(ActionOrder(kind="drop", actor="ada"))
    executor = ActionExecutor("tests", stores.actions, stores.rejections, erasing=broken)
    with pytest.raises(IndexParametersDiffer):
        executor.step()
    assert stores.actions.get(other.id).state == "done"
    assert stores.actions.get(stuck.id).state == "running"
    # When the cause is gone it goes on where it was.
    assert ended(stores, stuck).state == "done"
    assert traces(redis, keys) == []
