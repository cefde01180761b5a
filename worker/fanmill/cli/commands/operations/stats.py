"""`fanmill stats`: sizes and failed filters of all documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fanmill.cli.console import display, fail, guarded, json_line, load_wiring, remark, stdout
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, RedisUrl
from fanmill.cli.partitions import each_partition

if TYPE_CHECKING:
    from rich.table import Table

    from fanmill.core.corpus.aggregate import Aggregate, GroupKey

_MAX_ROWS: Final = 100
_FILTERS_SHOWN: Final = 3
_WIDE: Final = 100
"""Columns from which the table has room for quantiles."""
_RANKS: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9, "p99": 0.99}
_GROUPS: Final = ("day", "source", "language")
_ANY: Final = "*"


@each_partition
@guarded
def stats(
    redis_url: RedisUrl = None,
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only documents of this source.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Only documents in this language, such as en."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DAY", help="From this day on, in UTC: 2026-01-31, or 7d for a week ago."
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            metavar="GROUPS", help="Grouping of the rows: day, source, language, with commas."
        ),
    ] = "source,language",
    as_json: Json = False,
) -> None:
    """Show documents, sizes and failed filters by source, language and day.

    Each summarized event counts once, on the day of its arrival.

    Examples:

      fanmill stats --since 7d

      fanmill stats --source /crawler/eu --by language

      fanmill stats --by day --json | jq .documents
    """
    groups = tuple(name.strip() for name in by.split(","))
    if not set(groups) <= set(_GROUPS):
        fail(Exit.USAGE, f"--by is {by!r}; expected some of {', '.join(_GROUPS)}")
    rows = _rows(redis_url, source, language, since, groups)
    if as_json:
        for cell in sorted(rows):
            json_line(_facts(cell, rows[cell], groups))
        return
    if not rows:
        remark("no documents were counted")
        return
    display(_table(rows, groups, stdout().width))
    if len(rows) > _MAX_ROWS:
        remark(f"{len(rows) - _MAX_ROWS:,} more rows: --json shows all")


def _rows(
    redis_url: str | None,
    source: str | None,
    language: str | None,
    since: str | None,
    groups: tuple[str, ...],
) -> dict[GroupKey, Aggregate]:
    from dataclasses import replace

    from fanmill.cli.spans import day_of
    from fanmill.core.corpus.aggregate import Aggregate

    begin = None if since is None else day_of(since)
    left_out = {name: _ANY for name in _GROUPS if name not in groups}
    rows: dict[GroupKey, Aggregate] = {}
    for cell, aggregate in load_wiring(redis_url).corpus.aggregates(begin).items():
        if source in {None, cell.source} and language in {None, cell.language}:
            rows.setdefault(replace(cell, **left_out), Aggregate()).merge(aggregate)
    return rows


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


def _table(rows: Mapping[GroupKey, Aggregate], groups: tuple[str, ...], width: int) -> Table:
    from dataclasses import astuple

    from fanmill.cli.tables import add_row, listing

    ranks = ("p10", "p50", "p90") if width >= _WIDE else ("p50",)
    numbers = ("documents", "words", *ranks, "words/sentence")
    table = listing(*groups, *numbers, "failed filters", numbers=numbers)
    largest = sorted(rows, key=lambda cell: (-rows[cell].documents, astuple(cell)))
    for cell in largest[:_MAX_ROWS]:
        aggregate = rows[cell]
        words, sentences = (aggregate.measures[name] for name in ("words", "mean_sentence_length"))
        failed = aggregate.categories.most_common(_FILTERS_SHOWN)
        add_row(
            table,
            *(getattr(cell, name) for name in groups),
            f"{aggregate.documents:,}",
            f"{words.total:,.0f}",
            *(_number(words.quantile(_RANKS[rank]), 0) for rank in ranks),
            _number(sentences.mean, 1),
            "\n".join(f"{name} {count:,}" for name, count in failed),
        )
    return table


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"
