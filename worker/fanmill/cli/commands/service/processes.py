"""`fanmill intake`, `fanmill worker`, `fanmill up`: the processes of a service."""

from typing import Annotated, Final, cast

import typer

from fanmill.cli.commands.service.stopping import stopping
from fanmill.cli.console import fail, guarded, load_settings
from fanmill.cli.exits import Exit
from fanmill.cli.options import RedisUrl
from fanmill.ops.logs import configure_logs
from fanmill.ops.presence import process_name
from fanmill.ports import STAGES
from fanmill.wiring import Wiring
from fanmill.worker_process import work as work_on
from fanmill_contracts.results import Stage

DEFAULT_PORT: Final = 6399
"""Not Redis's own 6379: a server of yours may run there."""

_LOOK_SECONDS: Final = 0.5


@guarded
def intake(redis_url: RedisUrl = None) -> None:
    """Read the ledger, validate events, send them to the workers, bring back what got lost.

    Several may run side by side. SIGTERM and Ctrl-C: stops reading and leaves.

    Examples:

      fanmill intake --redis-url redis://localhost:6379/0
    """
    settings = load_settings(redis_url)
    configure_logs(settings, role="intake")
    wiring = Wiring(settings)
    name = process_name("intake")
    presence = wiring.presence("intake")
    with stopping() as stop:
        wiring.intake(name).run(stop, presence.beat)
    presence.leave()


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
    configure_logs(settings, role="worker")
    code = work_on(settings, cast("list[Stage]", stages))
    raise typer.Exit(code)
