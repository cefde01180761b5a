"""The commands `fanmill intake` and `fanmill worker`."""

from typing import Annotated, Final, cast

import typer

from fanmill.cli.commands.service.stopping import stopping
from fanmill.cli.console import fail, guarded, load_settings
from fanmill.cli.exits import Exit
from fanmill.cli.options import RedisUrl
from fanmill.intake_process import run_intake
from fanmill.ops.logs import configure_logs
from fanmill.ports import STAGES
from fanmill.worker_process import work as work_on
from fanmill_contracts.results import Stage

_FORCE_SECONDS: Final = 1.5
"""Time after a signal at which an intake stops waiting for its server."""


@guarded
def intake(redis_url: RedisUrl = None) -> None:
    """Read the ledger, validate events, send them to the workers, bring back what got lost.

    Several may run side by side. SIGTERM and Ctrl-C: stops reading and leaves.

    Examples:

      fanmill intake --redis-url redis://localhost:6379/0
    """
    settings = load_settings(redis_url)
    configure_logs(settings.log_format, settings.log_level, role="intake")
    with stopping(force_after_seconds=_FORCE_SECONDS) as stop:
        run_intake(settings, stop)


@guarded
def worker(
    redis_url: RedisUrl = None,
    queues: Annotated[
        str,
        typer.Option(help=f"Stages to work on, separated by commas: {','.join(STAGES)}."),
    ] = ",".join(STAGES),
    concurrency: Annotated[
        int | None,
        typer.Option(min=1, help="Processes.  [env: FANMILL_WORKER_CONCURRENCY]"),
    ] = None,
) -> None:
    """Work on the queues of one or more stages.

    SIGTERM and Ctrl-C: finishes what it works on, hands back the rest, ends.

    Examples:

      fanmill worker --redis-url redis://localhost:6379/0

      fanmill worker --queues summarize,tag --concurrency 4
    """
    settings = load_settings(redis_url, worker_concurrency=concurrency)
    stages = [name.strip() for name in queues.split(",") if name.strip()]
    unknown = [name for name in stages if name not in STAGES]
    if unknown or not stages:
        fail(
            Exit.USAGE,
            f"unknown queue {', '.join(map(repr, unknown)) or repr('')}; "
            f"known: {', '.join(STAGES)} (--queues)",
        )
    configure_logs(settings.log_format, settings.log_level, role="worker")
    code = work_on(settings, cast("list[Stage]", stages))
    raise typer.Exit(code)
