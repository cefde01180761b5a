"""Pauses, quiet and stopped workers, with real processes: nothing is lost, nothing counted."""

from typing import Any

import pytest

from fanmill.ops.workers import WorkerView, look
from fanmill.stores.redis import RedisControls
from fanmill_contracts.terms import Place, Stage
from polling import until

from .audit import audit
from .mill import Mill
from .plan import SWIFT, event_of, log_count, watch

REDELIVERY: dict[str, Any] = {"redeliver_after_seconds": 4.5, "task_time_limit_seconds": 4}
"""A busy machine may stop a worker for longer than `SWIFT` allows."""
LONGER_THAN_REDELIVERY = REDELIVERY["redeliver_after_seconds"] + 2.0
SMALL_BATCHES: dict[str, Any] = {**REDELIVERY, "batch_max_documents": 4}


def _controls(mill: Mill) -> RedisControls:
    return RedisControls(mill.redis, mill.keys)


def _worker(mill: Mill) -> WorkerView:
    (found,) = look(mill.redis, mill.keys)
    return found


def _idle(mill: Mill, *stages: Stage) -> None:
    """Return when the worker holds no batch of these stages and takes none."""
    quiet = frozenset(stages)

    def left() -> bool:
        worker = _worker(mill)
        return worker.load.busy == 0 and not quiet & {batch.stage for batch in worker.batches}

    until(left, 30, "the worker left the queues")


@pytest.mark.mill(**SMALL_BATCHES)
@pytest.mark.parametrize(
    "stage", ["deduplicate", pytest.param("summarize", marks=pytest.mark.soak), "tag"]
)
def test_a_stage_paused_for_longer_than_the_redelivery_time(mill: Mill, stage: Stage) -> None:
    controls = _controls(mill)
    controls.pause(stage, "test@here", "a look at it")
    until(lambda: log_count([mill.worker], "takes no more") == 1, 60, "the worker obeys")
    until(lambda: log_count([mill.intake], '"paused"') == 1, 60, "intake obeys")
    mill.publish(map(event_of, range(40)))
    until(lambda: mill.queued()[stage] > 0, 30, "batches wait")
    watch(
        LONGER_THAN_REDELIVERY,
        lambda: mill.completed() == 0 and mill.rejected() == 0,
        "nothing completes or is rejected during the pause",
    )
    assert all(mill.attempts(entry, stage) == 0 for entry in mill.entry_ids())
    controls.resume(stage, "test@here")
    account = audit(mill)
    assert account.verdicts() == {"unique": 40}
    assert log_count(mill.intakes, "entry redelivered") == 0, "a pause is no loss"


@pytest.mark.mill(**SMALL_BATCHES)
def test_a_pause_under_load_loses_no_message(mill: Mill) -> None:
    controls = _controls(mill)
    stages: tuple[Place, ...] = ("deduplicate", "summarize", "tag", "intake")
    for round_ in range(4):
        mill.publish(map(event_of, range(round_ * 50, round_ * 50 + 50)))
        controls.pause(stages[round_], "test@here")
        until(lambda: mill.completed() > 0 or bool(controls.read().pauses), 60, "under way")
        watch(1.5, lambda: mill.rejected() == 0, "nothing is rejected")
        controls.resume(stages[round_], "test@here")
    account = audit(mill)
    assert account.verdicts() == {"unique": 200}
    assert log_count(mill.intakes, "entry redelivered") == 0


@pytest.mark.mill(**SWIFT)
def test_a_paused_intake_reads_nothing_also_after_a_restart(mill: Mill) -> None:
    controls = _controls(mill)
    controls.pause("intake", "test@here")
    mill.publish(map(event_of, range(10)))
    mill.kill(mill.intake)
    mill.start_again(mill.intake)
    watch(2.0, lambda: mill.pending() == 0, "no entry is read")
    controls.resume("intake", "test@here")
    assert audit(mill).verdicts() == {"unique": 10}


@pytest.mark.mill(**REDELIVERY)
def test_a_quiet_worker_takes_no_work_and_stays(mill: Mill) -> None:
    controls = _controls(mill)
    name = _worker(mill).name
    controls.request(name, "quiet", "test@here", "a look at it")
    until(lambda: _worker(mill).state == "quiet", 20, "it says so")
    mill.publish(map(event_of, range(10)))
    watch(LONGER_THAN_REDELIVERY, lambda: mill.completed() == 0, "it takes nothing")
    assert mill.worker.alive()
    controls.withdraw(name)
    until(lambda: _worker(mill).state == "active", 20, "it says so")
    assert audit(mill).verdicts() == {"unique": 10}


@pytest.mark.mill(app="poison_app", intakes=0, concurrency=1)
def test_a_stopped_worker_finishes_its_batch_and_ends(mill: Mill) -> None:
    mill.publish([event_of(1, mark="[[hold in summarize]]")])
    (entry,) = mill.entry_ids()
    mill.start_intake()
    until(lambda: mill.attempts(entry, "summarize"), 30, "at work on the summary")

    def shown() -> bool:
        return [batch.document for batch in _worker(mill).batches] == ["doc-00001"]

    until(shown, 20, "the document in work is shown")
    worker = _worker(mill)
    assert (worker.load.busy, worker.slots) == (1, 1)
    assert worker.batches[0].seconds > 0
    assert (worker.load.memory_bytes or 0) > 10_000_000
    _controls(mill).request(worker.name, "stop", "test@here")
    mill.open_gate()
    until(lambda: not mill.worker.alive(), 30, "it ended")
    assert mill.worker.process.wait(60) == 0
    assert mill.rejected() == 0
    assert not _controls(mill).read().requests, "the order ended with the worker"
    mill.start_again(mill.worker)
    assert audit(mill).verdicts() == {"unique": 1}
