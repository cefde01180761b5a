"""The command `fanmill trends`: terms that burst in the stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fanmill.cli.console import display, fail, guarded, json_line, load_wiring, remark
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.partitions import each_partition

if TYPE_CHECKING:
    from rich.table import Table

    from fanmill.core.trends import Frequency
    from fanmill.ports import Trends


@each_partition
@guarded
def trends(
    redis_url: RedisUrl = None,
    since: Annotated[
        str,
        typer.Option(
            metavar="SPAN", help="Time to look back over: 1h to 192h, or days such as 3d."
        ),
    ] = "24h",
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="A language, such as en.")
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", "-n", min=1, metavar="N", help="Maximum number of terms per language."
        ),
    ] = 20,
    show_all: Annotated[
        bool, typer.Option("--all", help="List all counted terms, not only those that burst.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List terms that burst: far more frequent in the last hours than before them.

    A term bursts if at least 5 documents have it, 4 standard deviations more than expected from
    the time before. Nothing bursts without at least 100 documents before that time, and a quarter
    of the number in it.

    Examples:

      fanmill trends --since 6h

      fanmill trends --since 3d --language en --json
    """
    hours = _hours(since)
    store = load_wiring(redis_url).trends
    found: list[tuple[str, Frequency]] = []
    for code in [language] if language else store.languages():
        terms = store.top(code, hours, limit, bursting=not show_all)
        found += [(code, each) for each in terms]
        if not terms:
            remark(_why_none(store, code, hours, since))
    if not found:
        remark(f"no term {'was counted' if show_all else 'bursts'} in the last {since}")
    elif as_json:
        for code, each in found:
            json_line(_row(code, each))
    else:
        display(_table(found))


def _hours(since: str) -> int:
    from fanmill.cli.spans import seconds_of
    from fanmill.core.trends import KEPT_HOURS

    seconds = seconds_of(since)
    if seconds is None or seconds % 3600 or not 1 <= seconds // 3600 <= KEPT_HOURS:
        fail(Exit.USAGE, f"--since is {since!r}; expected 1h to {KEPT_HOURS}h, or days such as 3d")
    return seconds // 3600


def _why_none(store: Trends, code: str, hours: int, since: str) -> str:
    from fanmill.core.trends import needed_history

    top = store.top(code, hours, 1)
    if not top:
        return f"{code}: no term was counted in the last {since}"
    documents, before = top[0].recent_documents, top[0].before_documents
    if top[0].has_history:
        return f"{code}: no term bursts; {documents:.0f} documents in the last {since}"
    return (
        f"{code}: too little history; {before:.0f} documents before the last {since}, "
        f"at least {needed_history(documents):.0f} are needed to judge the {documents:.0f} in it"
    )


def _row(code: str, each: Frequency) -> dict[str, object]:
    return {
        "language": code,
        "term": each.term,
        "documents": int(each.recent),
        "of": int(each.recent_documents),
        "usual_share": round(each.usual_share, 6) if each.has_history else None,
        "deviations": round(each.deviation, 3) if each.has_history else None,
        "bursts": each.bursts,
    }


def _table(found: list[tuple[str, Frequency]]) -> Table:
    from fanmill.cli.tables import add_row, listing

    numbers = ("documents", "of", "usual share", "deviations")
    table = listing("language", "term", *numbers, numbers=numbers)
    for code, each in found:
        add_row(
            table,
            code,
            each.term,
            f"{each.recent:,.0f}",
            f"{each.recent_documents:,.0f}",
            f"{each.usual_share:.2%}" if each.has_history else "",
            f"{each.deviation:.1f}" if each.has_history else "",
        )
    return table
