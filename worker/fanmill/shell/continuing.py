"""A worker that goes on with its batches: its later stages, and the time limit of each.

A process that deduplicates a batch also works the later stages that its worker serves. Celery
limits the time of a message, hence the process limits each stage itself: a timer of the kernel
ends it, even if native code never returns to Python.
"""

import signal
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from mmap import mmap
from typing import Final

from celery import Celery

from fanmill.ports import LATER_STAGES, STAGES
from fanmill.shell.queues import TASKS, queue_name
from fanmill_contracts.terms import Stage

TIMER_ENDED: Final = "SIGALRM"
"""Name of the signal in the error of a process that its timer ended."""


@dataclass(slots=True)
class Continuing:
    """Later stages with which the processes of a worker go on; none before it starts.

    Args:
        stage_time_limit_seconds: Time limit of a stage for a batch.
    """

    stage_time_limit_seconds: float
    stages: tuple[Stage, ...] = ()
    _paused: mmap = field(default_factory=lambda: mmap(-1, len(STAGES)))
    """Memory that the main process shares with its children: 1 for each paused stage."""

    def __contains__(self, stage: object) -> bool:
        """Return whether a process goes on with a stage now."""
        return stage in self.stages and not self._paused[STAGES.index(stage)]

    def pause(self, paused: Container[Stage]) -> None:
        """Let the children send batches of these stages to the queues, where they wait."""
        for at, stage in enumerate(STAGES):
            self._paused[at] = stage in paused

    def begin(self, app: Celery, namespace: str) -> None:
        """Read from the app which queues the worker consumes; call before it forks."""
        served = app.amqp.queues.consume_from
        if queue_name(namespace, "deduplicate") not in served:
            return
        self.stages = tuple(
            stage for stage in LATER_STAGES if queue_name(namespace, stage) in served
        )
        # Celery's own limit remains behind the timers: a plugin replaces the timer's signal.
        task = app.tasks[TASKS["deduplicate"]]
        task.time_limit = self.stage_time_limit_seconds * (1 + len(self.stages))

    def following(self, stage: Stage) -> Sequence[Stage]:
        """Return the stages with which a process goes on after `stage`."""
        return self.stages if stage == "deduplicate" else ()

    @contextmanager
    def limited(self) -> Iterator[None]:
        """End the process if the block exceeds the time limit of a stage."""
        if not self.stages:
            # Each message is a stage, which Celery limits.
            yield
            return
        signal.setitimer(signal.ITIMER_REAL, self.stage_time_limit_seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
