"""The three Celery tasks: each decodes its message, calls steps of `fanmill.steps` and logs."""

from collections.abc import Callable
from logging import DEBUG, INFO, WARNING
from time import perf_counter
from typing import Any, Final

import structlog
from billiard.exceptions import TimeLimitExceeded, WorkerLostError
from celery import Celery

from fanmill.ports import STAGES, Batch, Ledger
from fanmill.shell.continuing import TIMER_ENDED, Continuing
from fanmill.shell.queues import TASKS
from fanmill.steps import STEPS, Loaded, Services
from fanmill_contracts import RejectionReason
from fanmill_contracts.terms import Stage

log = structlog.get_logger("fanmill.worker")

_LINES: Final[dict[str, tuple[int, str]]] = {
    "stored": (DEBUG, "stage result stored"),
    "completed": (INFO, "document completed"),
    "known": (DEBUG, "stage result already stored"),
    "gone": (DEBUG, "entry gone"),
    "forgotten": (INFO, "document forgotten"),
    "rejected": (WARNING, "document rejected"),
}
"""Severity and message of each outcome: a completed document takes one line at INFO."""

GetServices = Callable[[], Services]


def register(app: Celery, services: GetServices, continuing: Continuing) -> None:
    """Register the tasks with the app, each under its fixed name."""
    for stage in STAGES:
        # Not shared: Celery would give the tasks of the first app to all others.
        app.task(_task(stage, services, continuing), name=TASKS[stage], shared=False)


def _task(
    stage: Stage, services: GetServices, continuing: Continuing
) -> Callable[[str, list[str], int], None]:
    def run(batch_id: str, entries: list[str], delivery: int) -> None:
        mine = services()
        # An earlier message that failed may have left some.
        mine.continuations.clear()
        with continuing.limited():
            perform(mine, stage, Batch(batch_id, tuple(entries), delivery))
        while mine.continuations:
            following = mine.continuations.pop(0)
            with continuing.limited():
                perform(mine, following.stage, following.batch, following.loaded)

    run.__name__ = stage
    return run


def perform(services: Services, stage: Stage, batch: Batch, loaded: Loaded | None = None) -> None:
    """Run a stage on a batch and log the outcome of each document."""
    with structlog.contextvars.bound_contextvars(
        stage=stage, batch_id=batch.id, delivery=batch.delivery
    ):
        _perform(services, stage, batch, loaded)


def _perform(services: Services, stage: Stage, batch: Batch, loaded: Loaded | None) -> None:
    started = perf_counter()
    outcomes = STEPS[stage](services, batch, loaded)
    for outcome in outcomes:
        level, message = _LINES[outcome.outcome]
        log.log(
            level,
            message,
            event_id=outcome.event_id,
            document_id=outcome.document_id,
            entry_id=outcome.entry_id,
            **outcome.facts,
        )
    log.info("batch done", documents=len(outcomes), seconds=round(perf_counter() - started, 6))


def release_lost(
    ledger: Ledger,
    continuing: Continuing,
    task_name: str,
    exception: BaseException,
    arguments: Any,
) -> bool:
    """Release the batch of a process that died or exceeded its time; return False otherwise.

    The ledger knows which stage of a document had begun: a later stage is released where
    `deduplicate` is done, and a stage without an attempt is charged with none.
    """
    if isinstance(exception, TimeLimitExceeded):
        cause: RejectionReason = "time-limit"
    elif isinstance(exception, WorkerLostError):
        cause = "time-limit" if TIMER_ENDED in str(exception) else "worker-lost"
    else:
        return False
    stage = next((stage for stage, name in TASKS.items() if name == task_name), None)
    if stage is None:
        return False
    batch_id, entries, delivery = arguments
    for begun in (stage, *continuing.following(stage)):
        released = ledger.release(begun, entries, cause)
        if released or begun == stage:
            log.error(
                "batch released",
                stage=begun,
                batch_id=batch_id,
                delivery=delivery,
                documents=released,
                cause=cause,
                error=str(exception),
            )
    return True
