"""`fanmill intake`, `fanmill worker` and `fanmill sink`: the processes of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from fanmill.cli.console import fail, guarded, load_settings, load_wiring, remark
from fanmill.cli.exits import Exit
from fanmill.cli.options import RedisUrl
from fanmill.cli.partitions import of_one_partition

if TYPE_CHECKING:
    from fanmill.wiring import Wiring

_FORCE_SECONDS: Final = 1.5
"""Time after a signal at which an intake stops waiting for its server."""

_SINK_FORCE_SECONDS: Final = 10.0
"""Time after a signal at which a sink stops waiting for its store."""

_STAGES: Final = "deduplicate,summarize,tag"


@guarded
def intake(
    redis_url: RedisUrl = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair-stream",
            help="Move the ledger to a new stream, whose ids follow the clock again, and end.",
        ),
    ] = False,
) -> None:
    """Read the ledger, validate events, send them to the workers, redeliver lost ones.

    Several may run side by side. On SIGTERM or Ctrl-C it stops reading and ends.

    Examples:

      fanmill intake --redis-url redis://localhost:6379/0

      fanmill intake --repair-stream
    """
    if repair:
        of_one_partition(load_settings(redis_url))
        _repair(load_wiring(redis_url))
        return
    settings = of_one_partition(load_settings(redis_url))

    from fanmill.cli.commands.service.stopping import stopping
    from fanmill.intake_process import run_intake
    from fanmill.ops.logs import configure_logs

    configure_logs(settings.log_format, settings.log_level, role="intake")
    with stopping(force_after_seconds=_FORCE_SECONDS) as stop:
        run_intake(settings, stop)


def _repair(wiring: Wiring) -> None:
    from fanmill.ops.repair import EntriesInFlight, repair_stream, seconds_ahead

    if seconds_ahead(wiring.redis, wiring.keys) == 0 and not wiring.redis.exists(
        wiring.keys.set_aside
    ):
        remark("the ids of the ledger follow the clock: nothing to repair")
        return
    moved = 0
    try:
        for moved in repair_stream(wiring.redis, wiring.keys):  # noqa: B007
            pass
    except EntriesInFlight as error:
        fail(Exit.FAILURE, str(error))
    entries = f"{moved:,} waiting {'entry' if moved == 1 else 'entries'}"
    remark(f"moved {entries} to a new stream; start the intakes again")


@guarded
def worker(
    redis_url: RedisUrl = None,
    queues: Annotated[
        str,
        typer.Option(metavar="STAGES", help="Stages to work on, separated by commas."),
    ] = _STAGES,
    concurrency: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Number of processes.  [env: FANMILL_WORKER_CONCURRENCY]"
        ),
    ] = None,
) -> None:
    """Work on the queues of one or more stages.

    On SIGTERM or Ctrl-C it finishes its batches, hands back the rest and ends.

    Examples:

      fanmill worker --redis-url redis://localhost:6379/0

      fanmill worker --queues summarize,tag --concurrency 4
    """
    from fanmill.ports import STAGES

    settings = of_one_partition(load_settings(redis_url, worker_concurrency=concurrency))
    stages = [name.strip() for name in queues.split(",") if name.strip()]
    unknown = [name for name in stages if name not in STAGES]
    if unknown or not stages:
        fail(
            Exit.USAGE,
            f"unknown queue {', '.join(map(repr, unknown)) or repr('')}; "
            f"known: {', '.join(STAGES)} (--queues)",
        )

    from fanmill.ops.logs import configure_logs
    from fanmill.worker_process import work
    from fanmill_contracts.terms import Stage

    configure_logs(settings.log_format, settings.log_level, role="worker")
    raise typer.Exit(work(settings, cast("list[Stage]", stages)))


@guarded
def sink(
    redis_url: RedisUrl = None,
    store: Annotated[
        str | None,
        typer.Option("--store", metavar="URL", help="Store of record.  [env: FANMILL_STORE_URL]"),
    ] = None,
) -> None:
    """Write records and rejections to the store of record, from the streams of Redis.

    Several may run for one store. Nothing leaves Redis before it is stored; a store that is away
    delays and loses nothing. On SIGTERM or Ctrl-C it finishes its batch and ends.

    Examples:

      fanmill sink --store sqlite:////var/lib/fanmill/results.sqlite

      FANMILL_STORE_URL=postgresql://fanmill@db/fanmill fanmill sink
    """
    settings = load_settings(redis_url, store_url=store)
    if not settings.store_url.get_secret_value():
        fail(
            Exit.USAGE,
            "no store to write to; set FANMILL_STORE_URL or --store to "
            "sqlite:////var/lib/fanmill/results.sqlite or postgresql://user@host/database",
        )

    from fanmill.cli.commands.service.stopping import stopping
    from fanmill.ops.logs import configure_logs
    from fanmill.sink_process import run_sink

    configure_logs(settings.log_format, settings.log_level, role="sink")
    with stopping(force_after_seconds=_SINK_FORCE_SECONDS) as stop:
        run_sink(settings, stop)
