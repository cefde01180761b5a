"""A worker process: Celery's signals tied to logs, presence and the release of lost batches.

Celery's signals are one set per Python process: one worker per process.
"""

import os
import socket
from collections.abc import Callable, Sequence
from typing import Any
from warnings import filterwarnings

import structlog
from celery import Celery, signals

from fanmill.ports import Ledger
from fanmill.shell.queues import queue_name
from fanmill.shell.tasks import release_lost
from fanmill.steps import Services
from fanmill_contracts.results import Stage

log = structlog.get_logger("fanmill.worker")


class PerProcess:
    """Services built on first use in each process: no connection outlives a fork."""

    def __init__(self, build: Callable[[], Services]) -> None:
        self._build = build
        self._built: tuple[int, Services] | None = None

    def __call__(self) -> Services:
        """Return this process's services."""
        if self._built is None or self._built[0] != os.getpid():
            self._built = (os.getpid(), self._build())
        return self._built[1]


def connect_signals(
    services: PerProcess,
    *,
    ledger: Callable[[], Ledger],
    configure_logs: Callable[[], None],
    before_fork: Callable[[], None],
    on_ready: Callable[[], None],
    on_stop: Callable[[], None],
) -> None:
    """Tie a worker to the rest; call before it starts.

    Args:
        services: Built in each child as it starts, so that its first batch does not wait.
        ledger: Of the parent: gives back what a lost child held.
        configure_logs: Called in parent and children, in place of Celery's own set-up.
        before_fork: Called in the parent before it starts its children.
        on_ready: Called in the parent when it takes work.
        on_stop: Called in the parent when it has stopped taking work.
    """

    def set_up_logs(**_: Any) -> None:
        configure_logs()

    def starting(**_: Any) -> None:
        before_fork()

    def child_started(**_: Any) -> None:
        services()

    def failed(sender: Any, exception: BaseException, args: Any, **_: Any) -> None:
        # In the parent for a lost child or the time limit; in the child for any other error.
        release_lost(ledger(), sender.name, exception, args)

    def ready(**_: Any) -> None:
        on_ready()
        log.info("worker ready")

    def stopping(**_: Any) -> None:
        on_stop()

    signals.setup_logging.connect(set_up_logs, weak=False)
    signals.worker_init.connect(starting, weak=False)
    signals.worker_process_init.connect(child_started, weak=False)
    signals.task_failure.connect(failed, weak=False)
    signals.worker_ready.connect(ready, weak=False)
    signals.worker_shutting_down.connect(stopping, weak=False)


def run_worker(
    app: Celery, namespace: str, stages: Sequence[Stage], *, name: str, concurrency: int, level: str
) -> int:
    """Run a prefork worker for the queues of `stages` until a signal ends it.

    SIGTERM and SIGINT: takes no more work, finishes what runs, hands back what it
    had reserved. Returns Celery's exit code.
    """
    # As root Celery warns of messages that run code; ours are JSON.
    filterwarnings("ignore", message="You're running the worker with superuser privileges")
    worker = app.Worker(
        hostname=f"{name}@{socket.gethostname()}",
        queues=[queue_name(namespace, stage) for stage in stages],
        concurrency=concurrency,
        pool="prefork",
        loglevel=level.upper(),
        without_gossip=True,
        without_mingle=True,
        # The banner would go to stdout, where results belong.
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or 0)
