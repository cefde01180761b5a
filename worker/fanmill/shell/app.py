"""Builds the Celery app: every option with its reason, nothing at import time."""

from typing import Final

from celery import Celery
from kombu.entity import Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES

from fanmill.ports import STAGES
from fanmill.shell.queues import TASKS, queue_name
from fanmill.shell.transport import BrokerAMQP, transport_options
from fanmill_contracts.addresses import ServerAddress

TRANSPORT: Final = "fanmill.shell.transport:Transport"


def build_celery(
    address: ServerAddress,
    namespace: str,
    *,
    task_time_limit_seconds: float,
    worker_max_batches: int | None = None,
) -> Celery:
    """Return an app that knows broker, queues and options, and no task yet.

    Args:
        address: Address of the server.
        namespace: First part of the names of queues and exchanges.
        task_time_limit_seconds: Time limit of one message; then its process is killed.
        worker_max_batches: Number of messages after which a process is replaced; None
            for never.
    """
    # kombu knows no unix:// of its own, and Celery's reports read the URL without our transport.
    TRANSPORT_ALIASES.setdefault("unix", TRANSPORT)
    app = Celery("fanmill", set_as_current=False, amqp=BrokerAMQP)
    app.conf.update(
        # Without user and password: Celery writes it to its log.
        broker_url=str(address),
        broker_transport=TRANSPORT,
        broker_transport_options=transport_options(address),
        broker_connection_retry_on_startup=True,
        # A server that restarts is waited for, however long it takes.
        broker_connection_max_retries=None,
        # Nor does a full one end the worker: Celery takes its refusal for a lost connection.
        broker_channel_error_retry=True,
        # No result backend: the record store has the results.
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        # Early acknowledgement: work that a worker loses stays pending in the ledger.
        task_acks_late=False,
        task_time_limit=task_time_limit_seconds,
        task_queues=[_queue(queue_name(namespace, stage)) for stage in STAGES],
        task_routes=_routes(namespace),
        task_default_queue=queue_name(namespace, "deduplicate"),
        task_create_missing_queues=False,
        task_serializer="json",
        accept_content=["json"],
        # A message more than a process works on: few enough to lose, enough to hide the round trip.
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=worker_max_batches,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        # Any Celery program on the same server could stop our workers: its commands reach all
        # that listen. `fanmill status` shows what `celery inspect` would.
        worker_enable_remote_control=False,
        # Nothing of ours is sent to exchanges that other programs share.
        control_exchange=f"{namespace}.control",
        event_exchange=f"{namespace}.events",
        event_queue_prefix=f"{namespace}.events",
        # Task events cost a message each; the ledger and the logs tell the same.
        worker_send_task_events=False,
        task_send_sent_event=False,
        worker_proc_alive_timeout=30.0,
        enable_utc=True,
    )
    return app


def _routes(namespace: str) -> dict[str, dict[str, str]]:
    return {task: {"queue": queue_name(namespace, stage)} for stage, task in TASKS.items()}


def _queue(name: str) -> Queue:
    # An exchange for each: with Celery's default one all queues would share it and its key.
    return Queue(name, Exchange(name, type="direct"), routing_key=name)
