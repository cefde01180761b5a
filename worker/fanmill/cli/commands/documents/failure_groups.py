"""`fanmill rejected groups`: rejections by their cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.console import counted, display, guarded, json_line, load_wiring, remark
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.partitions import each_partition

if TYPE_CHECKING:
    from rich.table import Table

    from fanmill.ports import FailureGroup

_BARS: Final = "▁▂▃▄▅▆▇█"


@each_partition
@guarded
def groups(
    redis_url: RedisUrl = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also groups whose rejections are replayed or dropped.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show rejections by cause: reason, stage, exception and place in fanmill.

    Each has its open rejections, all there were, the last 24 hours and a rejection as a sample.

    Examples:

      fanmill rejected groups

      fanmill rejected groups --all --json
    """
    wiring = load_wiring(redis_url)
    found = wiring.rejections.groups()
    shown = sorted((group for group in found if every or group.open), key=lambda group: -group.open)
    if as_json:
        for group in shown:
            json_line(_facts(group))
        return
    if shown:
        display(_table(shown))
    rejections = sum(group.open for group in shown)
    number = f"{counted(rejections, 'rejection')} in {counted(len(shown), 'group')}"
    remark(number if shown else "no rejection")
    removed = sum(group.open for group in found) - wiring.rejections.count()
    if removed > 0:
        remark(
            f"another program removed {counted(removed, 'rejection')}; an intake corrects the "
            "counts within 30 s"
        )


def _facts(group: FailureGroup) -> dict[str, object]:
    from fanmill.core.entry_ids import rfc3339

    return {
        "group": group.id,
        "open": group.open,
        "ever": group.ever,
        "first": rfc3339(group.first_ms),
        "last": rfc3339(group.last_ms),
        "trend": group.trend,
        "reason": group.reason or None,
        "stage": group.stage or None,
        "exception": group.exception or None,
        "frame": group.frame or None,
        "sample": group.sample,
    }


def _table(shown: list[FailureGroup]) -> Table:
    from fanmill.cli.tables import add_row, listing, moment_ms

    table = listing(
        "group", "open", "ever", "first, last", "24 hours", "cause", "sample",
        numbers={"open", "ever"},
    )  # fmt: skip
    for name in (0, 3, 6):
        table.columns[name].no_wrap = True
    for group in shown:
        cause = "\n".join(
            part
            for part in (f"{group.reason} {group.stage}".strip(), group.exception, group.frame)
            if part
        )
        add_row(
            table,
            group.id,
            f"{group.open:,}",
            f"{group.ever:,}",
            f"{moment_ms(group.first_ms)}\n{moment_ms(group.last_ms)}",
            _sparkline(group.trend),
            cause or "causes beyond the first 1,000 groups",
            group.sample or "",
        )
    return table


def _sparkline(counts: tuple[int, ...]) -> str:
    """Return one bar for each count; a space for none."""
    highest = max(counts, default=0)
    steps = len(_BARS) - 1
    return "".join(_BARS[number * steps // highest] if number else " " for number in counts)
