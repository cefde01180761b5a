"""Sends batches of references through Celery."""

from time import time
from typing import Any

from celery import Celery
from redis import Redis

from fanmill.ports import Batch
from fanmill.shell.messages import SENT_HEADER, sent_ms
from fanmill.shell.queues import TASKS, queue_name
from fanmill_contracts.terms import Stage


class CeleryDispatcher:
    """`fanmill.ports.Dispatcher` on Celery's queues.

    Args:
        app: The app whose queues are used; its tasks need not be registered here.
        redis: A client of the same server, to look at the queues.
        namespace: First part of the queue names.
    """

    def __init__(self, app: Celery, redis: Redis, namespace: str) -> None:
        self._app = app
        self._redis = redis
        self._namespace = namespace
        self._ahead_ms: int | None = None

    def dispatch(self, stage: Stage, batch: Batch) -> None:
        """Send references to a batch to the workers of a stage."""
        if self._ahead_ms is None:
            self._ahead_ms = self._server_ms() - _local_ms()
        self._app.send_task(
            TASKS[stage],
            args=[batch.id, list(batch.entries), batch.delivery],
            task_id=f"{batch.id}-{stage}-{batch.delivery}",
            queue=queue_name(self._namespace, stage),
            # In the server's time, since another machine may compare it.
            headers={SENT_HEADER: _local_ms() + self._ahead_ms},
            ignore_result=True,
        )

    def oldest_waiting_seconds(self, stage: Stage) -> float:
        """Return for how long the oldest unread message of a stage has waited; 0 for none."""
        # kombu pushes on the left and pops on the right.
        message: Any = self._redis.lindex(queue_name(self._namespace, stage), -1)
        if message is None:
            return 0.0
        now = self._server_ms()
        self._ahead_ms = now - _local_ms()
        sent = sent_ms(message)
        # A message that is not ours is no reason to hold ours back.
        return 0.0 if sent is None else max(0.0, (now - sent) / 1000)

    def _server_ms(self) -> int:
        answer: Any = self._redis.time()
        seconds, microseconds = answer
        return int(seconds) * 1000 + int(microseconds) // 1000


def _local_ms() -> int:
    return int(time() * 1000)
