"""Builds the Celery app: every option with its reason, nothing at import time."""

from celery import Celery
from kombu.entity import Exchange, Queue

from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.shell.queues import TASKS, queue_name


def build_celery(settings: Settings) -> Celery:
    """Return an app that knows broker, queues and options, and no task yet."""
    app = Celery("fanmill", set_as_current=False)
    app.conf.update(
        broker_url=broker_url(settings.redis_url.get_secret_value()),
        broker_transport_options={
            # The ledger redelivers; Celery must not do it a second time. And with its own
            # book of unacked messages, kombu 5.7 ends the worker (AttributeError at closing)
            # when the server goes away again while it reconnects.
            "ack_emulation": False,
            "socket_keepalive": True,
            "health_check_interval": 30,
        },
        broker_connection_retry_on_startup=True,
        # A server that restarts is waited for, however long it takes.
        broker_connection_max_retries=None,
        # Nor does a full one end the worker: Celery takes its refusal for a lost connection.
        broker_channel_error_retry=True,
        # No result backend: the record store has the results.
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        # Early acknowledgement: what a worker loses stays pending in the ledger.
        task_acks_late=False,
        task_time_limit=settings.task_time_limit_seconds,
        task_queues=[_queue(queue_name(settings.namespace, stage)) for stage in STAGES],
        task_routes={
            task: {"queue": queue_name(settings.namespace, stage)} for stage, task in TASKS.items()
        },
        task_default_queue=queue_name(settings.namespace, "deduplicate"),
        task_create_missing_queues=False,
        task_serializer="json",
        accept_content=["json"],
        # One message more than a process works on: short enough to lose, long enough to hide
        # the round trip.
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=settings.worker_max_batches or None,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        # Task events cost a message each; the ledger and the logs tell the same.
        worker_send_task_events=False,
        task_send_sent_event=False,
        worker_proc_alive_timeout=30.0,
        enable_utc=True,
    )
    return app


def _queue(name: str) -> Queue:
    # An exchange for each: with Celery's default one all queues would share it and its key.
    return Queue(name, Exchange(name, type="direct"), routing_key=name)


def broker_url(redis_url: str) -> str:
    """Return the URL in Celery's spelling: it writes sockets `redis+socket://`."""
    if redis_url.startswith("unix://"):
        path, _, query = redis_url.removeprefix("unix://").partition("?")
        return f"redis+socket://{path}" + (
            f"?{query.replace('db=', 'virtual_host=')}" if query else ""
        )
    return redis_url
