"""Puts a worker together: wiring, signals, heartbeat."""

import gc
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import structlog
from redis.exceptions import RedisError

from fanmill.core.warm_up import warm_up
from fanmill.ops.control_watch import ControlWatch
from fanmill.ops.heartbeat import with_memory
from fanmill.ops.logs import configure_logs
from fanmill.ops.process_registry import Process, process_name
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.shell.consuming import Consuming
from fanmill.shell.load import LoadWatch
from fanmill.shell.worker import connect_signals, report_progress, run_worker
from fanmill.steps import Functions
from fanmill.stores.index import IndexParametersDiffer
from fanmill.stores.redis.connection import check_access
from fanmill.wiring import CLI_RETRY_SECONDS, Wiring
from fanmill_contracts.connections import CONNECTION_ERRORS
from fanmill_contracts.terms import Stage

log = structlog.get_logger("fanmill.worker")


def prepare(
    settings: Settings, stages: Sequence[Stage] = STAGES, functions: Functions | None = None
) -> Wiring:
    """Return the wiring of a worker whose signals are connected; start its app's worker next.

    Args:
        settings: The settings of the process.
        stages: Stages that the worker serves.
        functions: Functions of the stages; None for those of the settings.
    """
    wiring = Wiring(settings, functions)
    # Loaded before the fork: an error in rules or taggers appears once, and rules, models and
    # tables are in memory once.
    _ = wiring.stage_functions
    duties = _Duties(wiring, stages)
    connect_signals(
        wiring.worker_services,
        ledger=lambda: wiring.ledger,
        continuing=wiring.continuing,
        configure_logs=lambda: configure_logs(
            settings.log_format, settings.log_level, role="worker"
        ),
        before_fork=duties.before_fork,
        on_ready=duties.start,
        on_stop=duties.stop,
    )
    report_progress(wiring.celery, duties.progress)
    return wiring


class _Duties:
    """The duties of a worker beside its batches: heartbeat, load, orders of operators."""

    def __init__(self, wiring: Wiring, stages: Sequence[Stage]) -> None:
        self._wiring = wiring
        self._heartbeat = wiring.heartbeat("worker", tuple(stages), wiring.worker_concurrency())
        self._heartbeat.describe = self._described
        self._load = LoadWatch()
        self._load.connect()
        self._orders = orders = ControlWatch(
            wiring.brief_client(), wiring.keys, process_name("worker"), stages
        )
        self._consuming = Consuming(
            wiring.settings.namespace,
            stages,
            lambda: orders.wanted,
            lambda: orders.state == "stopping",
        )

    def before_fork(self) -> None:
        """Prepare the start; a worker whose stages are paused then takes no message."""
        self._read_orders()
        wiring = self._wiring
        wiring.continuing.pause(self._orders.paused)
        wiring.continuing.begin(wiring.celery, wiring.settings.namespace)
        share_tables()

    def start(self) -> None:
        """Start the thread that writes heartbeats and reads orders."""
        self._heartbeat.start_thread(
            lambda error: log.warning("heartbeat not written", error=str(error)), self._read_orders
        )

    def progress(self, consumer: Any) -> None:
        """Note progress and carry out orders; called by the main loop every second."""
        self._heartbeat.progress()
        self._load.look()
        self._wiring.continuing.pause(self._orders.paused)
        self._consuming.apply(consumer)

    def stop(self) -> bool:
        """Remove the heartbeat; return False where the server does not answer."""
        try:
            self._heartbeat.stop()
        except CONNECTION_ERRORS as error:
            log.warning("server does not answer, stopping at once", error=str(error))
            return False
        except RedisError as error:
            log.warning("heartbeat not removed", error=str(error))
        return True

    def _described(self, process: Process) -> Process:
        return with_memory(replace(process, state=self._orders.state, load=self._load.load))

    def _read_orders(self) -> None:
        self._orders.look_or(lambda error: log.debug("orders not read", error=str(error)))


YOUNG_OBJECTS: Final = 20_000
"""Objects made and not yet dropped from which the garbage collector looks at them.

The views of a batch are a few thousand, all dropped without the collector. With Python's limit of
700 it looks at them again and again, which takes 2 % of the functions' time.
"""


def share_tables() -> None:
    """Make the tables of all stages, so that children share them with this process.

    The garbage collector writes into every object that it visits, and a child copies each page
    that it writes to. Frozen objects are not visited.
    """
    warm_up()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)


def check_index(settings: Settings) -> None:
    """Check that the index has the parameters of the settings, if its server answers.

    Raises:
        IndexParametersDiffer: It has others: each document would fail.
    """
    try:
        Wiring(settings, retry_seconds=CLI_RETRY_SECONDS).index.check()
    except IndexParametersDiffer:
        raise
    except RedisError as error:
        # The worker itself waits for its server.
        log.warning("index not checked", error=str(error))


def work(settings: Settings, stages: Sequence[Stage] = STAGES) -> int:
    """Run a worker for `stages` until a signal ends it; return its exit code.

    Raises:
        IndexParametersDiffer: The index has other parameters than the settings.
        ServerRefused: The server refuses the URL's user or protocol.
    """
    check_access(settings.redis_url.get_secret_value())
    check_index(settings)
    wiring = prepare(settings, stages)
    return run_worker(
        wiring.celery,
        settings.namespace,
        stages,
        name=process_name("worker"),
        concurrency=wiring.worker_concurrency(),
        level=settings.log_level,
    )
