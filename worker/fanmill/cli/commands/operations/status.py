"""`fanmill status`: the state of queues and processes."""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanmill.cli.console import display, guarded, json_line, remark, stdout
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.partitions import partition_settings

if TYPE_CHECKING:
    from rich.console import Group, RenderableType

    from fanmill.ops.partition_status import PartitionStatus
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
    looks = _looks(redis_url)
    if as_json:
        json_line(_facts(looks))
        while watch:
            sleep(interval)
            json_line(_facts(looks))
    elif watch and stdout().is_terminal:
        _watch(lambda: _picture_of(looks), interval)
    else:
        display(_picture_of(looks))
        if watch:
            remark("--watch needs a terminal, or --json")


def _looks(redis_url: str | None) -> dict[int | None, Callable[[], Status]]:
    """Return how to look at each partition, by its number; None without partitions."""
    from functools import partial

    from fanmill.ops.status import look
    from fanmill.ports import STAGES
    from fanmill.shell.queues import queue_name
    from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

    looks: dict[int | None, Callable[[], Status]] = {}
    for settings in partition_settings(redis_url):
        wiring = Wiring(settings, retry_seconds=CLI_RETRY_SECONDS)
        queues = {stage: queue_name(settings.namespace, stage) for stage in STAGES}
        looks[settings.partition] = partial(look, wiring.redis, wiring.keys, queues)
    return looks


def _facts(looks: dict[int | None, Callable[[], Status]]) -> Any:
    """Return the status; of several partitions their sum, with those of each."""
    if len(looks) == 1:
        (one_look,) = looks.values()
        return one_look()
    found = _partitions(looks)
    known = {each.number: each.status for each in found if each.status is not None}
    from dataclasses import asdict

    from fanmill.ops.partition_status import combined

    whole = asdict(combined(known)) if known else {}
    return {**whole, "partitions": found}


def _partitions(looks: dict[int | None, Callable[[], Status]]) -> list[PartitionStatus]:
    from fanmill.ops.partition_status import look_at

    return look_at({number: each for number, each in looks.items() if number is not None})


def _picture_of(looks: dict[int | None, Callable[[], Status]]) -> RenderableType:
    if len(looks) == 1:
        (one_look,) = looks.values()
        return _picture(one_look())
    from rich.console import Group

    from fanmill.cli.tables import add_row, duration, listing
    from fanmill.ops.partition_status import combined

    found = _partitions(looks)
    numbers = ("waiting", "in flight", "completed", "rejected", "documents/s")
    names = ("partition", *numbers, "oldest", "processes")
    table = listing(*names, numbers={*numbers, "processes"}, title="partitions")
    for each in found:
        if each.status is None:
            add_row(table, each.number, "no answer", "", "", "", "", each.error or "", "")
            continue
        status = each.status
        oldest = "none" if status.oldest_seconds is None else duration(status.oldest_seconds)
        add_row(
            table,
            each.number,
            f"{status.waiting:,}",
            f"{status.in_flight:,}",
            f"{status.completed:,}",
            f"{status.rejected:,}",
            f"{max(status.rates.values(), default=0):,.1f}",
            oldest,
            len(status.processes),
        )
    known = {each.number: each.status for each in found if each.status is not None}
    return Group(table, *([_picture(combined(known))] if known else []))


def _watch(picture: Callable[[], RenderableType], interval: float) -> None:
    from rich.live import Live

    with Live(picture(), console=stdout(), auto_refresh=False) as live:
        while True:
            live.update(picture(), refresh=True)
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
