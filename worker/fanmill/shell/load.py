"""The work that a worker holds, from Celery's own books in its main process.

The children report nothing: Celery tells the main process when a child begins and ends a batch.
"""

from collections import deque
from time import monotonic, time
from typing import Any, Final

from celery import signals
from celery.worker import state

from fanmill.ports import Load, RunningBatch
from fanmill.shell.queues import TASKS

_STAGES: Final = {task: stage for stage, task in TASKS.items()}
_RATE_SECONDS: Final = 30.0


class LoadWatch:
    """Counts the documents of a worker; `look` and the signal run in its main loop."""

    def __init__(self) -> None:
        self._received = 0
        self._done: deque[tuple[float, int]] = deque()
        self.load = Load()

    def connect(self) -> None:
        """Count each batch that the worker receives."""

        def received(request: Any, **_: Any) -> None:
            self._received += _documents(request)

        signals.task_received.connect(received, weak=False)

    def look(self) -> None:
        """Renew `load`."""
        held = list(state.reserved_requests)
        running = [request for request in state.active_requests if request.time_start]
        self.load = Load(
            busy=len(running),
            batches=tuple(sorted(map(_batch, running), key=lambda each: -each.seconds)),
            documents_per_second=self._rate(self._received - sum(map(_documents, held))),
        )

    def _rate(self, done: int) -> float:
        now = monotonic()
        self._done.append((now, done))
        while now - self._done[0][0] > _RATE_SECONDS:
            self._done.popleft()
        since, before = self._done[0]
        return round((done - before) / (now - since), 2) if now > since else 0.0


def _documents(request: Any) -> int:
    # The arguments of a batch: its id, the entries, the number of the delivery.
    return len(request.args[1])


def _batch(request: Any) -> RunningBatch:
    batch_id, entries, delivery = request.args
    return RunningBatch(
        stage=_STAGES[request.name],
        batch_id=batch_id,
        documents=len(entries),
        first_entry=entries[0],
        entries=tuple(entries),
        delivery=delivery,
        seconds=round(max(0.0, time() - request.time_start), 3),
    )
