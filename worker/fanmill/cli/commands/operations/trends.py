"""`fanmill trends`: what bursts in the stream."""

import re
from typing import Annotated, Final

import typer
from rich.table import Table

from fanmill.cli.console import escaped, fail, guarded, json_line, load_settings, stderr, stdout
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.core.trends import KEPT_HOURS
from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

_SPAN: Final = re.compile(r"(\d{1,4})([hd])")


@guarded
def trends(
    redis_url: RedisUrl = None,
    since: Annotated[str, typer.Option(help="How far back: 1h to 192h, or days such as 3d.")] = (
        "24h"
    ),
    language: Annotated[str | None, typer.Option(help="One language, such as en.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Terms a language.")] = 20,
    as_json: Json = False,
) -> None:
    """List the terms that burst: far more frequent lately than before that.

    Usual share and deviations are those against the documents before that time;
    there are none in a stream that is younger.

    Examples:

      fanmill trends --since 6h

      fanmill trends --since 3d --language en --json
    """
    found = _SPAN.fullmatch(since)
    hours = int(found[1]) * (24 if found[2] == "d" else 1) if found else 0
    if not 1 <= hours <= KEPT_HOURS:
        fail(Exit.USAGE, f"--since is {since!r}; expected 1h to {KEPT_HOURS}h, or days such as 3d")
    store = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS).trends
    table = Table()
    for name in ("language", "term"):
        table.add_column(name, overflow="fold")
    for name in ("documents", "of", "usual share", "deviations"):
        table.add_column(name, justify="right")
    rows = 0
    for code in [language] if language else store.languages():
        for each in store.top(code, hours, limit):
            rows += 1
            if as_json:
                json_line(
                    {
                        "language": code,
                        "term": each.term,
                        "documents": int(each.recent),
                        "of": int(each.recent_documents),
                        "usual_share": round(each.usual_share, 6),
                        "deviations": round(each.deviation, 3),
                        "bursts": each.bursts,
                    }
                )
            table.add_row(
                code,
                escaped(each.term),
                f"{each.recent:.0f}",
                f"{each.recent_documents:.0f}",
                f"{each.usual_share:.2%}" if each.before_documents else "",
                f"{each.deviation:.1f}",
            )
    if not as_json and rows:
        stdout.print(table)
    if not rows:
        stderr.print("no terms were counted in that time")
