"""The three Celery tasks: each decodes its message, calls a step of `fanmill.steps` and logs."""

from collections.abc import Callable
from logging import DEBUG, INFO, WARNING
from time import perf_counter
from typing import Any, Final

import structlog
from billiard.exceptions import TimeLimitExceeded, WorkerLostError
from celery import Celery

from fanmill.ports import STAGES, Batch, Ledger
from fanmill.shell.queues import TASKS
from fanmill.steps import STEPS, Services
from fanmill_contracts import RejectionReason
from fanmill_contracts.terms import Stage

log = structlog.get_logger("fanmill.worker")

_LINES: Final[dict[str, tuple[int, str]]] = {
    "stored": (DEBUG, "stage result stored"),
    "completed": (INFO, "document completed"),
    "known": (DEBUG, "stage result already stored"),
    "gone": (DEBUG, "entry gone"),
    "rejected": (WARNING, "document rejected"),
}
"""Severity and message of each outcome: a completed document takes one line at INFO."""

GetServices = Callable[[], Services]


def register(app: Celery, services: GetServices) -> None:
    """Register the tasks with the app, each under its fixed name."""
    for stage in STAGES:
        # Not shared: Celery would give the tasks of the first app to all others.
        app.task(_task(stage, services), name=TASKS[stage], shared=False)


def _task(stage: Stage, services: GetServices) -> Callable[[str, list[str], int], None]:
    def run(batch_id: str, entries: list[str], delivery: int) -> None:
        batch = Batch(batch_id, tuple(entries), delivery)
        with structlog.contextvars.bound_contextvars(
            stage=stage, batch_id=batch.id, delivery=delivery
        ):
            perform(services(), stage, batch)

    run.__name__ = stage
    return run


def perform(services: Services, stage: Stage, batch: Batch) -> None:
    """Run a stage on a batch and log the outcome of each document."""
    started = perf_counter()
    outcomes = STEPS[stage](services, batch)
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


def release_lost(ledger: Ledger, task_name: str, exception: BaseException, arguments: Any) -> bool:
    """Release the batch of a process that died or exceeded its time; return False otherwise."""
    if isinstance(exception, TimeLimitExceeded):
        cause: RejectionReason = "time-limit"
    elif isinstance(exception, WorkerLostError):
        cause = "worker-lost"
    else:
        return False
    stage = next((stage for stage, name in TASKS.items() if name == task_name), None)
    if stage is None:
        return False
    batch_id, entries, delivery = arguments
    ledger.release(stage, entries, cause)
    log.error(
        "batch released",
        stage=stage,
        batch_id=batch_id,
        delivery=delivery,
        documents=len(entries),
        cause=cause,
        error=str(exception),
    )
    return True
