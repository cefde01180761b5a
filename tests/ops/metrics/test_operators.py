"""Metrics of what workers hold and what operators ordered."""

import pytest
from redis import Redis

from builders import Mill, RedisStores, ingested, stage_result, taken_in
from fanmill.actions.executor import ActionExecutor
from fanmill.ops.metrics.exporter import Exporter
from fanmill.ops.process_registry import Process, write_entry
from fanmill.ports import STAGES, ActionOrder, Load, RunningBatch
from fanmill.stores.keys import Keys
from fanmill.stores.redis import RedisControls
from fanmill.stores.redis.erasing import RedisErasing
from ops.metrics.scrapes import scrape


def batch(stage: str, seconds: float) -> RunningBatch:
    return RunningBatch(stage, "b", 1, "1-1", ("1-1",), 1, seconds)  # type: ignore[arg-type]


def worker(*batches: RunningBatch) -> Process:
    load = Load(busy=len(batches), batches=batches)
    return Process("worker-a-1-abc", "worker", "a", 1, "1.0", STAGES, 4, 0, load=load)


def test_a_child_that_hangs_is_busy_before_it_commits(
    redis: Redis, keys: Keys, exporter: Exporter
) -> None:
    RedisStores(redis, keys).ledger.open()
    write_entry(redis, keys, worker(batch("tag", 900), batch("tag", 15), batch("summarize", 30)))
    busy = scrape(exporter).by("fanmill_busy_children", "stage")
    # The heartbeat is some moments old, and so are the batches.
    assert busy["tag"] == pytest.approx(1.25, abs=0.1)
    assert busy["summarize"] == pytest.approx(0.5, abs=0.1)
    assert busy["deduplicate"] == 0


def test_batches_that_ended_and_batches_in_work_add_up(
    redis: Redis, keys: Keys, exporter: Exporter
) -> None:
    RedisStores(redis, keys).ledger.open()
    minute = int(redis.time()[0]) // 60
    for each in (minute, minute - 1):
        redis.hset(f"{keys.history}m{each}", "busy:tag", 60_000)
    write_entry(redis, keys, worker(batch("tag", 60)))
    # The share of the first minute may be anything up to 1.
    assert 2.0 <= scrape(exporter).by("fanmill_busy_children", "stage")["tag"] <= 3.0


def test_pauses_are_shown_by_place(redis: Redis, keys: Keys, exporter: Exporter) -> None:
    RedisStores(redis, keys).ledger.open()
    assert set(scrape(exporter).by("fanmill_paused", "place").values()) == {0}
    RedisControls(redis, keys).pause("tag", "me@here")
    assert scrape(exporter).by("fanmill_paused", "place") == {
        "intake": 0,
        "deduplicate": 0,
        "summarize": 0,
        "tag": 1,
        "sink": 0,
    }


def test_events_of_erased_documents_are_the_difference_of_events_and_outcomes(
    redis_stores: RedisStores, exporter: Exporter
) -> None:
    mill = Mill(redis_stores)
    mill.publish(ingested("kept", "The ferry leaves at eight."))
    mill.run()
    flies, _ = taken_in(redis_stores, ingested("flies"), ingested("stays"))
    order = ActionOrder("forget", "ada@here", at_ms=2**53)
    action = redis_stores.actions.create_forget(order, ["flies"])
    erasing = RedisErasing(redis_stores.redis, redis_stores.keys, redis_stores.index)
    ActionExecutor("executor", redis_stores.actions, redis_stores.rejections, erasing=erasing).step(
        action.id
    )
    for stage in STAGES:
        redis_stores.ledger.commit(stage, [stage_result(stage, flies, "flies")])
    found = scrape(exporter)
    assert found.value("fanmill_erased_events_total") == 1
    assert found.by("fanmill_intake_events_total", "outcome")["admitted"] == 3
    assert found.value("fanmill_completed_documents_total") == 1
    assert found.value("fanmill_in_flight_events") == 1
