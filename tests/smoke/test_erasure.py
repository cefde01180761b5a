"""An erasure under load, while the intakes and sinks that carry it out are killed with SIGKILL."""

from __future__ import annotations

import pytest

from fanmill.actions.executor import LEASE_SECONDS
from fanmill.ops.erasure_proof import search_index, search_keys, search_store
from fanmill.ops.process_registry import server_ms
from fanmill.ports import Action, ActionOrder
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.opening import open_store
from fanmill.stores.redis import RedisActions
from polling import until

from .mill import Mill
from .plan import SWIFT, event_of

COUNT = 200
ERASED = 100
KILLS = 1


@pytest.mark.mill(intakes=2, sinks=1, store="sqlite", max_deliveries=20, **SWIFT)
def test_an_erasure_survives_intakes_and_sinks_that_are_killed(mill: Mill) -> None:
    mill.publish(event_of(number) for number in range(COUNT))
    # Some are stored, some in flight, some wait.
    until(lambda: mill.completed() > COUNT // 4, what="documents complete")
    events = list(mill.published.values())
    erased = [event.data.document_id for event in events[::2]]
    kept = {event.data.document_id for event in events[1::2]}
    assert len(erased) == ERASED
    actions = RedisActions(mill.redis, mill.keys)
    order = ActionOrder(
        "forget", "ada@smoke", note="asked", rate=40.0, at_ms=server_ms(mill.redis) + 1
    )
    action_id = actions.create_forget(order, erased).id

    def look() -> Action:
        action = actions.get(action_id)
        assert action is not None
        return action

    for number in range(KILLS):
        seen = look().outcomes.get("forgotten", 0)
        until(
            lambda seen=seen: look().outcomes.get("forgotten", 0) > seen,
            seconds=6 * LEASE_SECONDS,
            what=lambda: f"the erasure goes on: {look()}",
        )
        victim = next(each for each in mill.intakes if f"-{each.pid}-" in look().owner)
        for each in (victim, mill.sinks[0]):
            mill.kill(each)
            each.process.restart()
        mill.publish([event_of(COUNT + number)])
    kept |= {event.data.document_id for event in list(mill.published.values())[COUNT:]}
    until(lambda: look().state != "running", seconds=90, what=lambda: str(look()))
    assert (look().state, look().outcomes["forgotten"]) == ("done", ERASED)
    mill.settle()
    until(lambda: mill.redis.xlen(mill.keys.late) == 0, seconds=60, what="the sink has erased")
    until(lambda: mill.unstored() == 0, seconds=60, what="the sink has stored")
    assert search_keys(mill.redis, mill.keys, erased).traces == {}
    index = RedisFingerprintIndex(mill.redis, mill.keys.streams.namespace)
    assert search_index(index, erased).traces == {}
    store = open_store(mill.environment["FANMILL_STORE_URL"])
    try:
        assert search_store(store, erased).traces == {}
        assert set(store.get_many(sorted(kept))) == kept
        assert store.check() == []
    finally:
        store.close()
    lost = [name for name in mill.redis.hgetall(mill.keys.counters) if b"lost" in name]
    assert lost == []
    assert mill.counter("rejected") == 0
    assert mill.counter("completed") + mill.counter("forgotten") == COUNT + KILLS
