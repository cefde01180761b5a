"""`fanmill status`: what the queues look like."""

from time import sleep
from typing import Annotated

import typer
from rich.console import Group
from rich.live import Live
from rich.table import Table

from fanmill.cli.console import escaped, guarded, json_line, load_settings, stderr, stdout
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.tables import duration
from fanmill.ops.status import Status, look
from fanmill.ports import STAGES
from fanmill.shell.queues import queue_name
from fanmill.wiring import CLI_RETRY_SECONDS, Wiring


@guarded
def status(
    redis_url: RedisUrl = None,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Look again every --interval seconds.")
    ] = False,
    interval: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks.")] = 2.0,
    as_json: Json = False,
) -> None:
    """Show what waits, what is in flight, rates, duplicates, rejections, processes.

    With --watch and --json: one line a look, until Ctrl-C.

    Examples:

      fanmill status

      fanmill status --watch

      fanmill status --json | jq .waiting
    """
    settings = load_settings(redis_url)
    wiring = Wiring(settings, retry_seconds=CLI_RETRY_SECONDS)
    queues = {stage: queue_name(settings.namespace, stage) for stage in STAGES}

    def one_look() -> Status:
        return look(wiring.redis, wiring.keys, queues)

    if as_json:
        json_line(one_look())
        while watch:
            sleep(interval)
            json_line(one_look())
    elif watch and stdout.is_terminal:
        with Live(_picture(one_look()), console=stdout, screen=False, auto_refresh=False) as live:
            while True:
                live.update(_picture(one_look()), refresh=True)
                sleep(interval)
    else:
        stdout.print(_picture(one_look()))
        if watch:
            stderr.print("--watch needs a terminal, or --json")


def _picture(status: Status) -> Group:
    events = Table(title="events", title_justify="left", show_header=False)
    events.add_column(style="bold")
    events.add_column(justify="right")
    oldest = "none" if status.oldest_seconds is None else duration(status.oldest_seconds)
    for name, value in (
        ("waiting", f"{status.waiting:,}"),
        ("in flight", f"{status.in_flight:,}"),
        ("age of the oldest", oldest),
        ("admitted", f"{status.admitted:,}"),
        ("completed", f"{status.completed:,}"),
        ("unique", f"{status.unique:,}"),
        ("duplicates", f"{status.duplicates:,}"),
        ("repeated events", f"{status.repeated:,}"),
        ("rejected, to be looked at", f"{status.rejected:,}"),
        ("rejected in all", f"{status.rejected_total:,}"),
        ("results", f"{status.results:,}"),
        ("median time", _milliseconds(status.latency_p50_ms)),
        ("99 % within", _milliseconds(status.latency_p99_ms)),
    ):
        events.add_row(name, value)
    stages = Table(title="stages", title_justify="left")
    stages.add_column("stage")
    stages.add_column("documents/s, last minute", justify="right")
    stages.add_column("messages waiting", justify="right")
    for stage in STAGES:
        stages.add_row(stage, f"{status.rates[stage]:,.1f}", f"{status.queues[stage]:,}")
    processes = Table(title="processes", title_justify="left")
    for column in ("role", "name", "queues", "processes", "version"):
        processes.add_column(column, overflow="fold")
    for each in status.processes:
        processes.add_row(
            each.role,
            escaped(each.name),
            ", ".join(each.queues),
            str(each.concurrency),
            each.version,
        )
    if not status.processes:
        processes.add_row("none", "", "", "", "")
    return Group(events, stages, processes)


def _milliseconds(bound: int | None) -> str:
    return "" if bound is None else f"<= {bound:,} ms"
