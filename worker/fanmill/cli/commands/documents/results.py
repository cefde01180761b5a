"""`fanmill show` and `fanmill results`: what became of documents."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import typer

from fanmill.cli.console import (
    escaped,
    fail,
    guarded,
    line,
    load_settings,
    stderr,
    stdout,
)
from fanmill.cli.dolma import Dolma, attributes_of
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, Limit, Output, RedisUrl
from fanmill.cli.tables import results_table
from fanmill.wiring import CLI_RETRY_SECONDS, Wiring
from fanmill_contracts import DocumentResult, record_json

_TABLE_ROWS: Final = 1000
_AGO: Final = re.compile(r"(\d+)\s*([smhd])")
_DECIDED: Final = {
    "digest": "the normalised texts are equal",
    "jaccard": "similarity",
    "containment": "one is a part of the other",
    "digest-only": "equal texts only: too short for an estimate",
}
_COMPARED: Final = {"full": "the whole text", "content": "the text without boilerplate"}
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@guarded
def results(
    redis_url: RedisUrl = None,
    since: Annotated[
        str | None,
        typer.Option(
            help="Completed since then: a time such as 2026-01-31T08:00, or 90s 15m 2h 7d."
        ),
    ] = None,
    limit: Limit = None,
    output: Output = None,
    as_json: Json = False,
    dolma: Dolma = False,
) -> None:
    """List results in order of completion, the oldest first.

    The table ends after 1,000 rows; --json, --dolma and --output have no such limit.

    Examples:

      fanmill results --since 15m

      fanmill results --since 2026-01-31 --output results.jsonl

      fanmill results --json --limit 10

      fanmill results --dolma --output attributes.jsonl
    """
    wiring = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS)
    begin = None if since is None else _moment(since)
    written = _dolma if dolma else record_json
    if output is not None:
        with output.open("w", encoding="utf-8") as stream:
            count = 0
            for result in wiring.records.completed(begin, limit):
                stream.write(written(result) + "\n")
                count += 1
        stderr.print(f"{count:,} results: {escaped(str(output))}")
    elif as_json or dolma:
        for result in wiring.records.completed(begin, limit):
            line(written(result))
    else:
        rows = list(wiring.records.completed(begin, min(limit or _TABLE_ROWS, _TABLE_ROWS)))
        if rows:
            stdout.print(results_table(rows))
        total = wiring.records.count()
        stderr.print(f"{len(rows):,} of {total:,} results")


def _dolma(result: DocumentResult) -> str:
    return json.dumps(attributes_of(result), ensure_ascii=False)


def _moment(text: str) -> datetime:
    ago = _AGO.fullmatch(text.strip())
    if ago:
        return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(
            Exit.USAGE,
            f"--since is {text!r}; expected a time such as 2026-01-31T08:00 or a span such as 15m",
        )
    return moment if moment.tzinfo else moment.astimezone()
