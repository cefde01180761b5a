"""Bulk actions while their intakes are killed with SIGKILL, under load."""

from json import loads
from typing import Any

import pytest
from redis import Redis

from fanmill.actions.executor import LEASE_SECONDS
from fanmill.ports import Action, ActionOrder, Rejection
from fanmill.stores.redis import RedisActions, RedisLedger, RedisRejections
from polling import until

from .mill import Mill
from .plan import SWIFT, event_of

COUNT = 600
KILLS = 3


def rejected(mill: Mill, numbers: range) -> None:
    """Publish events and reject them as a bad release would, before intakes run."""
    ledger = RedisLedger(
        mill.redis,
        mill.keys,
        result_retention_seconds=None,
        processed_stream_maxlen=None,
        idempotency_window_seconds=3600,
    )
    ledger.open()
    mill.publish(event_of(number) for number in numbers)
    while entries := ledger.read("bad-release", 500, 0, enough_bytes=10**9):
        ledger.reject([_rejection(entry) for entry in entries])
    for _ in range(2):
        mill.start_intake()


def _rejection(entry: Any) -> Rejection:
    event = loads(entry.body)
    return Rejection(
        entry.id, "stage-failed", "tag", "bad release", event["subject"], event["id"],
        event["source"], exception="BadRelease", frame="fanmill.core.x:y:1",
    )  # fmt: skip


class Operator:
    """Creates actions and looks at them."""

    def __init__(self, redis: Redis, mill: Mill) -> None:
        self.actions = RedisActions(redis, mill.keys)
        self.rejections = RedisRejections(redis, mill.keys)

    def order(self, kind: Any, **more: Any) -> str:
        return self.actions.create(ActionOrder(kind, "ada@smoke", **more)).id

    def look(self, action_id: str) -> Action:
        action = self.actions.get(action_id)
        assert action is not None
        return action

    def ended(self, action_id: str) -> Action:
        until(lambda: self.look(action_id).state == "done", what=lambda: str(self.look(action_id)))
        return self.look(action_id)


@pytest.mark.mill(intakes=0, max_deliveries=20, **SWIFT)
def test_actions_survive_intakes_that_are_killed(mill: Mill) -> None:
    # A killed intake may hold events: they must not wait for the default redelivery.
    rejected(mill, range(COUNT))
    operator = Operator(mill.redis, mill)
    replayed_to = operator.order("replay", rate=200.0, where="stage:tag")
    for number in range(KILLS):
        seen = operator.look(replayed_to).examined
        until(
            lambda seen=seen: (
                operator.look(replayed_to).examined > seen
                or operator.look(replayed_to).state == "done"
            ),
            seconds=4 * LEASE_SECONDS,
            what="the action goes on",
        )
        # The load goes on beside it.
        mill.publish([event_of(COUNT + number)])
        owner = operator.look(replayed_to).owner
        victim = next(
            (intake for intake in mill.intakes if f"-{intake.pid}-" in owner), mill.intakes[0]
        )
        mill.kill(victim)
        # The other intake takes over meanwhile.
        victim.process.restart()
    for intake in mill.intakes:
        mill.await_ready(intake)
    action = operator.ended(replayed_to)
    assert dict(action.outcomes) == {"replayed": COUNT}
    assert action.examined == action.total == COUNT
    mill.settle()
    assert mill.rejected() == 0
    assert mill.completed() == COUNT + KILLS
    assert mill.counter("replayed") == COUNT
    (group,) = operator.rejections.groups()
    assert (group.open, group.ever) == (0, COUNT)
    entries: Any = mill.redis.xrange(mill.keys.processed)
    records = [loads(fields[b"event"])["data"]["event"]["id"] for _, fields in entries]
    assert sorted(records) == sorted(mill.published)


@pytest.mark.mill(intakes=0)
def test_an_action_is_aborted_within_a_second(mill: Mill) -> None:
    rejected(mill, range(COUNT))
    operator = Operator(mill.redis, mill)
    action_id = operator.order("drop", rate=200.0)
    until(lambda: operator.look(action_id).examined > 0, what="the action runs")
    assert operator.actions.abort(action_id)
    left = operator.rejections.count()
    action = operator.look(action_id)
    assert action.outcomes["dropped"] == COUNT - left
    # A drop of all the others, by the executors that live on, is complete and exact.
    rest = operator.ended(operator.order("drop"))
    assert dict(rest.outcomes) == {"dropped": left}
    assert mill.counter("dropped") == COUNT
