"""The queues that a worker takes messages from, changed while it runs."""

import os
import signal
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from fanmill.shell.queues import queue_name
from fanmill_contracts.terms import Stage

log = structlog.get_logger("fanmill.worker")


class Consuming:
    """Carries out the orders of operators in the main loop of a worker.

    Args:
        namespace: First part of the queue names.
        stages: Stages that the worker serves.
        wanted: Returns the stages that it is to serve now.
        stops: Returns whether it is to stop.
    """

    def __init__(
        self,
        namespace: str,
        stages: Sequence[Stage],
        wanted: Callable[[], frozenset[Stage]],
        stops: Callable[[], bool],
    ) -> None:
        self._queues = {stage: queue_name(namespace, stage) for stage in stages}
        self._wanted = wanted
        self._stops = stops
        self._stopped = False

    def apply(self, consumer: Any) -> None:
        """Join and leave queues as wanted. A stop is the worker's own SIGTERM, sent once."""
        wanted = self._wanted()
        joined = {queue.name for queue in consumer.task_consumer.queues}
        for stage, queue in self._queues.items():
            if stage in wanted and queue not in joined:
                consumer.add_task_queue(queue)
                log.warning("takes documents again", target=stage)
            elif stage not in wanted and queue in joined:
                consumer.cancel_task_queue(queue)
                log.warning("takes no more documents", target=stage)
        if self._stops() and not self._stopped:
            self._stopped = True
            os.kill(os.getpid(), signal.SIGTERM)
