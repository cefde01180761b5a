"""The command `fanmill trends`: terms that burst in the stream."""

import re
from typing import Annotated, Final

import typer
from rich.table import Table

from fanmill.cli.console import escaped, fail, guarded, json_line, load_settings, stderr, stdout
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.core.trends import KEPT_HOURS, Frequency, needed_history
from fanmill.ports import Trends
from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

_SPAN: Final = re.compile(r"(\d{1,4})([hd])")


@guarded
def trends(
    redis_url: RedisUrl = None,
    since: Annotated[
        str, typer.Option(help="Time to look back over: 1h to 192h, or days such as 3d.")
    ] = "24h",
    language: Annotated[str | None, typer.Option(help="One language, such as en.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="Maximum number of terms per language.")
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
    store = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS).trends
    found: list[tuple[str, Frequency]] = []
    for code in [language] if language else store.languages():
        terms = store.top(code, hours, limit, bursting=not show_all)
        found += [(code, each) for each in terms]
        if not terms:
            stderr.print(_why_none(store, code, hours, since))
    if not found:
        stderr.print(f"no term {'was counted' if show_all else 'bursts'} in the last {since}")
    elif as_json:
        for code, each in found:
            json_line(_row(code, each))
    else:
        stdout.print(_table(found))


def _hours(since: str) -> int:
    found = _SPAN.fullmatch(since)
    hours = int(found[1]) * (24 if found[2] == "d" else 1) if found else 0
    if not 1 <= hours <= KEPT_HOURS:
        fail(Exit.USAGE, f"--since is {since!r}; expected 1h to {KEPT_HOURS}h, or days such as 3d")
    return hours


def _why_none(store: Trends, code: str, hours: int, since: str) -> str:
    counted = store.top(code, hours, 1)
    if not counted:
        return f"{escaped(code)}: no term was counted in the last {since}"
    documents, before = counted[0].recent_documents, counted[0].before_documents
    if counted[0].has_history:
        return f"{escaped(code)}: no term bursts; {documents:.0f} documents in the last {since}"
    return (
        f"{escaped(code)}: too little history; {before:.0f} documents before the last {since}, "
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
    table = Table()
    for name in ("language", "term"):
        table.add_column(name, overflow="fold")
    for name in ("documents", "of", "usual share", "deviations"):
        table.add_column(name, justify="right")
    for code, each in found:
        table.add_row(
            code,
            escaped(each.term),
            f"{each.recent:.0f}",
            f"{each.recent_documents:.0f}",
            f"{each.usual_share:.2%}" if each.has_history else "",
            f"{each.deviation:.1f}" if each.has_history else "",
        )
    return table
