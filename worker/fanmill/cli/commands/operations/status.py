"""`fanmill status`: the state of queues and processes."""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from typing import TYPE_CHECKING, Annotated

import typer

from fanmill.cli.console import display, guarded, json_line, load_wiring, remark, stdout
from fanmill.cli.options import Json, RedisUrl

if TYPE_CHECKING:
    from rich.console import Group, RenderableType

    from fanmill.ops.status import Status


@guarded
def status(
    redis_url: RedisUrl = None,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Look again every --interval seconds.")
    ] = False,
    interval: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Time between two looks.")
    ] = 2.0,
    as_json: Json = False,
) -> None:
    """Show waiting and unfinished events, rates, duplicates, rejections, processes.

    With --watch and --json: one line for each look, until Ctrl-C.

    Examples:

      fanmill status

      fanmill status --watch

      fanmill status --json | jq .waiting
    """
    from fanmill.ops.status import look
    from fanmill.ports import STAGES
    from fanmill.shell.queues import queue_name

    wiring = load_wiring(redis_url)
    queues = {stage: queue_name(wiring.settings.namespace, stage) for stage in STAGES}

    def one_look() -> Status:
        return look(wiring.redis, wiring.keys, queues)

    if as_json:
        json_line(one_look())
        while watch:
            sleep(interval)
            json_line(one_look())
    elif watch and stdout().is_terminal:
        _watch(one_look, interval)
    else:
        display(_picture(one_look()))
        if watch:
            remark("--watch needs a terminal, or --json")


def _watch(one_look: Callable[[], Status], interval: float) -> None:
    from rich.live import Live

    with Live(_picture(one_look()), console=stdout(), auto_refresh=False) as live:
        while True:
            live.update(_picture(one_look()), refresh=True)
            sleep(interval)


def _picture(status: Status) -> Group:
    from rich.console import Group

    from fanmill.cli.tables import add_row, facts, listing
    from fanmill.ports import STAGES

    events = facts(_counts(status), title="events")
    rates = ("documents/s, last minute", "messages waiting")
    stages = listing("stage", *rates, numbers=rates, title="stages")
    for stage in STAGES:
        add_row(stages, stage, f"{status.rates[stage]:,.1f}", f"{status.queues[stage]:,}")
    names = ("role", "name", "queues", "processes", "version")
    processes = listing(*names, numbers={"processes"}, title="processes")
    for each in status.processes:
        add_row(
            processes,
            each.role,
            each.name,
            ", ".join(each.queues),
            each.concurrency,
            each.version,
        )
    if not status.processes:
        add_row(processes, "none", "", "", "", "")
    parts: list[RenderableType] = [events, "", stages, processes]
    if status.sinks:
        from fanmill.cli.commands.operations.sinks import table_of

        parts.append(table_of(status.sinks))
    if status.pauses:
        from fanmill.cli.pauses import pauses_table

        parts.insert(0, pauses_table(status.pauses))
    return Group(*parts)


def _counts(status: Status) -> list[tuple[str, str]]:
    from fanmill.cli.tables import duration

    oldest = "none" if status.oldest_seconds is None else duration(status.oldest_seconds)
    return [
        ("waiting", f"{status.waiting:,}"),
        ("in flight", f"{status.in_flight:,}"),
        ("age of the oldest", oldest),
        ("admitted", f"{status.admitted:,}"),
        ("completed", f"{status.completed:,}"),
        ("unique", f"{status.unique:,}"),
        ("duplicates", f"{status.duplicates:,}"),
        ("lost unread", f"{status.lost_unread:,}"),
        ("repeated events", f"{status.repeated:,}"),
        ("rejected, to be looked at", f"{status.rejected:,}"),
        ("rejected in all", f"{status.rejected_total:,}"),
        ("results", f"{status.results:,}"),
        *(
            [("to be stored", f"{max(sink.unstored for sink in status.sinks):,}")]
            if status.sinks
            else []
        ),
        ("median time", _milliseconds(status.latency_p50_ms)),
        ("99 % within", _milliseconds(status.latency_p99_ms)),
    ]


def _milliseconds(bound: int | None) -> str:
    return "" if bound is None else f"<= {bound:,} ms"
