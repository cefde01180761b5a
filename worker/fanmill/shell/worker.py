"""A worker process: Celery's signals tied to logs, heartbeat and the release of lost batches.

Celery has one set of signals per Python process, hence one worker per process.
"""

import os
import socket
from collections.abc import Callable, Sequence
from typing import Any
from warnings import filterwarnings

import structlog
from celery import Celery, bootsteps, signals
from celery.worker import state

from fanmill.ports import Ledger
from fanmill.shell.continuing import Continuing
from fanmill.shell.queues import queue_name
from fanmill.shell.tasks import release_lost
from fanmill.shell.transport import Channel
from fanmill.steps import Services
from fanmill_contracts.terms import Stage

log = structlog.get_logger("fanmill.worker")


class PerProcess:
    """The services of each process, built on first use, as no connection outlives a fork."""

    def __init__(self, build: Callable[[], Services]) -> None:
        self._build = build
        self._built: tuple[int, Services] | None = None

    def __call__(self) -> Services:
        """Return the services of this process."""
        if self._built is None or self._built[0] != os.getpid():
            self._built = (os.getpid(), self._build())
        return self._built[1]


def connect_signals(
    services: PerProcess,
    *,
    ledger: Callable[[], Ledger],
    continuing: Continuing,
    configure_logs: Callable[[], None],
    before_fork: Callable[[], None],
    on_ready: Callable[[], None],
    on_stop: Callable[[], bool],
) -> None:
    """Tie a worker to the rest; call before it starts.

    Args:
        services: Built in each child as it starts, so that its first batch does not wait.
        ledger: Called in the parent to give back the batch of a lost child.
        continuing: Stages with which a child goes on after `deduplicate`.
        configure_logs: Called in parent and children, in place of Celery's own set-up.
        before_fork: Called in the parent before it starts its children.
        on_ready: Called in the parent when it takes work.
        on_stop: Called in the parent when it has stopped taking work. It returns False
            where the children must not be waited for.
    """

    def set_up_logs(**_: Any) -> None:
        configure_logs()

    def starting(**_: Any) -> None:
        before_fork()

    def child_started(**_: Any) -> None:
        services()

    def child_ends(**_: Any) -> None:
        services().tracing.close()

    def failed(sender: Any, exception: BaseException, args: Any, **_: Any) -> None:
        # In the parent for a lost child or the time limit; in the child for any other error.
        release_lost(ledger(), continuing, sender.name, exception, args)

    def ready(**_: Any) -> None:
        on_ready()
        log.info("worker ready")

    def stopping(**_: Any) -> None:
        if not on_stop():
            # Without a server a batch cannot be finished; the ledger sends it out again.
            Channel.abandoned = True
            state.should_terminate = 0

    signals.setup_logging.connect(set_up_logs, weak=False)
    signals.worker_init.connect(starting, weak=False)
    signals.worker_process_init.connect(child_started, weak=False)
    signals.worker_process_shutdown.connect(child_ends, weak=False)
    signals.task_failure.connect(failed, weak=False)
    signals.worker_ready.connect(ready, weak=False)
    signals.worker_shutting_down.connect(stopping, weak=False)


def report_progress(app: Celery, progress: Callable[[Any], None]) -> None:
    """Call `progress` with the consumer every second from the event loop of the app's worker.

    The calls stop while the loop hangs or has no connection.
    """

    class Progress(bootsteps.StartStopStep):  # type: ignore[misc]
        """A timer of the consumer, made anew with each connection."""

        requires = ("celery.worker.consumer.tasks:Tasks",)

        def __init__(self, parent: Any, **options: Any) -> None:
            super().__init__(parent, **options)
            self._timer: Any = None

        def start(self, parent: Any) -> None:
            progress(parent)
            self._timer = parent.timer.call_repeatedly(1.0, progress, (parent,))

        def stop(self, parent: Any) -> None:
            del parent
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    app.steps["consumer"].add(Progress)


def run_worker(
    app: Celery, namespace: str, stages: Sequence[Stage], *, name: str, concurrency: int, level: str
) -> int:
    """Run a prefork worker for the queues of `stages` until a signal ends it.

    On SIGTERM and SIGINT it takes no more work, finishes its batches and hands back
    reserved ones. Without a server it stops at once. Returns Celery's exit code.
    """
    # Celery warns a worker of root about messages that run code; ours are JSON.
    filterwarnings("ignore", message="You're running the worker with superuser privileges")
    worker = app.Worker(
        hostname=f"{name}@{socket.gethostname()}",
        queues=[queue_name(namespace, stage) for stage in stages],
        concurrency=concurrency,
        pool="prefork",
        loglevel=level.upper(),
        without_gossip=True,
        without_mingle=True,
        # Its heartbeats are messages to an exchange without readers; ours is `ops.heartbeat`.
        without_heartbeat=True,
        # The banner would go to stdout, where results belong.
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or 0)
