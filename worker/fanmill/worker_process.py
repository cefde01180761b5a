"""Puts a worker together: wiring, signals, presence."""

import gc
from collections.abc import Sequence

import structlog
from redis.exceptions import RedisError

from fanmill.core.warm_up import warm_up
from fanmill.ops.logs import configure_logs
from fanmill.ops.presence import process_name
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.shell.worker import connect_signals, run_worker
from fanmill.steps import Functions
from fanmill.stores.index import IndexParametersDiffer
from fanmill.wiring import CLI_RETRIES, Wiring, functions_of
from fanmill_contracts.results import Stage

log = structlog.get_logger("fanmill.worker")


def prepare(
    settings: Settings, stages: Sequence[Stage] = STAGES, functions: Functions | None = None
) -> Wiring:
    """Return the wiring of a worker whose signals are connected; start its app's worker next."""
    # Made here and inherited by the children: what is wrong with rules or taggers is said once,
    # and rules, models and tables are read once and stand in memory once.
    wiring = Wiring(settings, functions or functions_of(settings))
    presence = wiring.presence("worker", tuple(stages), wiring.worker_concurrency())

    def beat_failed(error: Exception) -> None:
        log.warning("presence not written", error=str(error))

    connect_signals(
        wiring.worker_services,
        ledger=lambda: wiring.ledger,
        configure_logs=lambda: configure_logs(settings, role="worker"),
        before_fork=share_tables,
        on_ready=lambda: presence.start_thread(beat_failed),
        on_stop=presence.leave,
    )
    return wiring


def share_tables() -> None:
    """Make the tables of all stages, so that children share them with this process.

    The garbage collector writes into every object that it visits, and a child copies each page
    that it writes to. Frozen objects are not visited.
    """
    warm_up()
    gc.collect()
    gc.freeze()


def check_index(settings: Settings) -> None:
    """Look whether the index has the parameters of the settings, if its server answers.

    Raises:
        IndexParametersDiffer: It has others: each document would fail.
    """
    try:
        Wiring(settings, retries=CLI_RETRIES).index.check()
    except IndexParametersDiffer:
        raise
    except RedisError as error:
        # The worker itself waits for its server.
        log.warning("index not checked", error=str(error))


def work(settings: Settings, stages: Sequence[Stage] = STAGES) -> int:
    """Run a worker for `stages` until a signal ends it; return its exit code.

    Raises:
        IndexParametersDiffer: The index has other parameters than the settings.
    """
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
