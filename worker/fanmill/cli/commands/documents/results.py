"""`fanmill results`: the results of a service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.console import (
    counted,
    display,
    guarded,
    json_text,
    remark,
    stdout,
)
from fanmill.cli.dolma import Dolma
from fanmill.cli.options import Json, Limit, Output, RedisUrl
from fanmill.cli.partitions import partition_settings

if TYPE_CHECKING:
    from datetime import datetime

    from fanmill.stores.redis import RedisRecords
    from fanmill_contracts import DocumentResult

_TABLE_ROWS: Final = 1000


@guarded
def results(
    redis_url: RedisUrl = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Completed since then: a time such as 2026-01-31T08:00, or 90s 15m 2h 7d.",
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
    from fanmill.cli.spans import moment_of

    begin = None if since is None else moment_of(since)
    if output is not None:
        with output.open("w", encoding="utf-8") as stream:
            count = 0
            for written in _lines(redis_url, begin, limit, dolma=dolma):
                stream.write(written)
                count += 1
        remark(f"{counted(count, 'result')}: {output}")
    elif as_json or dolma:
        import sys

        for written in _lines(redis_url, begin, limit, dolma=dolma):
            sys.stdout.write(written)
    else:
        _show_table(redis_url, begin, min(limit or _TABLE_ROWS, _TABLE_ROWS))


def _lines(
    redis_url: str | None, begin: datetime | None, limit: int | None, *, dolma: bool
) -> Iterator[str]:
    from fanmill.cli.dolma import attributes_of
    from fanmill.core.text.escapes import escape_json
    from fanmill_contracts import record_json

    for result in _completed(_records(redis_url), begin, limit):
        record = json_text(attributes_of(result)) if dolma else escape_json(record_json(result))
        yield record + "\n"


def _show_table(redis_url: str | None, begin: datetime | None, limit: int) -> None:
    records = _records(redis_url)
    rows = list(_completed(records, begin, limit))
    if rows:
        from fanmill.cli.tables import results_table

        display(results_table(rows, stdout().width))
    remark(f"{len(rows):,} of {counted(sum(each.count() for each in records), 'result')}")


def _records(redis_url: str | None) -> list[RedisRecords]:
    """Return the records of each partition."""
    from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

    return [
        Wiring(settings, retry_seconds=CLI_RETRY_SECONDS).records
        for settings in partition_settings(redis_url)
    ]


def _completed(
    records: list[RedisRecords], begin: datetime | None, limit: int | None
) -> Iterator[DocumentResult]:
    """Return the results of all partitions in order of completion."""
    from heapq import merge
    from itertools import islice

    each = (own.completed(begin, limit) for own in records)
    return islice(merge(*each, key=lambda result: result.completed_at), limit)
