"""`fanmill stats`: all documents in numbers."""

from collections.abc import Mapping
from dataclasses import astuple, replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from fanmill.cli.console import escaped, fail, guarded, json_line, load_settings, stderr, stdout
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.core.corpus.aggregate import Aggregate, GroupKey
from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

_ROWS: Final = 100
_RANKS: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9, "p99": 0.99}
_GROUPS: Final = ("day", "source", "language")
_ANY: Final = "*"


@guarded
def stats(
    redis_url: RedisUrl = None,
    source: Annotated[str | None, typer.Option(help="Only documents of this source.")] = None,
    language: Annotated[
        str | None, typer.Option(help="Only documents in this language, such as en.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="From this day on: 2026-01-31, or 7d for a week. In UTC.")
    ] = None,
    by: Annotated[
        str, typer.Option(help="What makes a row: day, source, language, with commas between.")
    ] = "source,language",
    as_json: Json = False,
) -> None:
    """Show documents, sizes and failed filters by source, language and day.

    Counted is each event that was summarised, once, on the day of its arrival.

    Examples:

      fanmill stats --since 7d

      fanmill stats --source /crawler/eu --by language

      fanmill stats --by day --json | jq .documents
    """
    groups = tuple(name.strip() for name in by.split(","))
    if not set(groups) <= set(_GROUPS):
        fail(Exit.USAGE, f"--by is {by!r}; expected some of {', '.join(_GROUPS)}")
    begin = None if since is None else _day(since)
    wiring = Wiring(load_settings(redis_url), retry_seconds=CLI_RETRY_SECONDS)
    rows: dict[GroupKey, Aggregate] = {}
    for cell, aggregate in wiring.corpus.aggregates(begin).items():
        if source in {None, cell.source} and language in {None, cell.language}:
            left_out = {name: _ANY for name in _GROUPS if name not in groups}
            rows.setdefault(replace(cell, **left_out), Aggregate()).merge(aggregate)
    if as_json:
        for cell in sorted(rows):
            json_line(_facts(cell, rows[cell], groups))
        return
    stdout.print(_table(rows, groups))
    if len(rows) > _ROWS:
        stderr.print(f"{len(rows) - _ROWS:,} rows more: --json shows all")


def _facts(cell: GroupKey, aggregate: Aggregate, groups: tuple[str, ...]) -> dict[str, Any]:
    return {
        **{name: getattr(cell, name) for name in groups},
        "documents": aggregate.documents,
        "measures": {
            name: {
                "count": each.count,
                "mean": each.mean,
                **{rank: each.quantile(share) for rank, share in _RANKS.items()},
            }
            for name, each in aggregate.measures.items()
        },
        "failed_filters": dict(aggregate.categories.most_common()),
    }


def _table(rows: Mapping[GroupKey, Aggregate], groups: tuple[str, ...]) -> Table:
    table = Table()
    for name in groups:
        table.add_column(name, overflow="fold")
    for name in ("documents", "words", "p10", "p50", "p90", "words/sentence"):
        table.add_column(name, justify="right")
    table.add_column("most frequent failed filters", overflow="fold")
    largest = sorted(rows, key=lambda cell: (-rows[cell].documents, astuple(cell)))
    for cell in largest[:_ROWS]:
        aggregate = rows[cell]
        words, sentences = (aggregate.measures[name] for name in ("words", "mean_sentence_length"))
        failed = ", ".join(
            f"{name} {count:,}" for name, count in aggregate.categories.most_common(3)
        )
        table.add_row(
            *(escaped(getattr(cell, name)) for name in groups),
            f"{aggregate.documents:,}",
            f"{words.total:,.0f}",
            *(_number(words.quantile(_RANKS[rank]), 0) for rank in ("p10", "p50", "p90")),
            _number(sentences.mean, 1),
            escaped(failed),
        )
    return table


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _day(text: str) -> date:
    if text.endswith("d") and text[:-1].isdecimal():
        return datetime.now(UTC).date() - timedelta(days=min(int(text[:-1]), 10_000))
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(Exit.USAGE, f"--since is {text!r}; expected a day such as 2026-01-31, or 7d")
