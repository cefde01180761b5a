"""`fanmill results`: the results of a service."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanmill.cli.console import (
    counted,
    display,
    fail,
    guarded,
    json_text,
    remark,
    stdout,
)
from fanmill.cli.dolma import Dolma
from fanmill.cli.exits import Exit
from fanmill.cli.options import Json, Limit, Output, RedisUrl
from fanmill.cli.partitions import partition_settings
from fanmill.cli.stores import PAGE, DataFolder, StoreUrl, opened_store, since

if TYPE_CHECKING:
    from datetime import datetime

    from fanmill.core.filters import Filter
    from fanmill.ports import Store
    from fanmill_contracts import DocumentResult

_TABLE_ROWS: Final = 1000
_PAGE_ROWS: Final = 50

Query = Annotated[
    str | None,
    typer.Argument(
        metavar="[QUERY]", help="Only results that match this filter.", show_default=False
    ),
]


@guarded
def results(
    query: Query = None,
    redis_url: RedisUrl = None,
    store: StoreUrl = None,
    data: DataFolder = None,
    since_text: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="TIME",
            help="Completed since then: a time such as 2026-01-31T08:00, or 90s 15m 2h 7d.",
        ),
    ] = None,
    before: Annotated[
        int | None,
        typer.Option(metavar="POSITION", help="Continue a listing of a store.", min=1),
    ] = None,
    limit: Limit = None,
    output: Output = None,
    as_json: Json = False,
    dolma: Dolma = False,
    keys: Annotated[
        bool, typer.Option("--keys", help="List the keys that a query may name, and end.")
    ] = False,
) -> None:
    """List or search results, from the store of record if one is configured, else from Redis.

    A store lists the newest first, 50 in a table; Redis lists the oldest first, up to 1,000 in a
    table. --json, --dolma and --output have no such limit.

    Examples:

      fanmill results 'lang:zh verdict:near words:>500' --data ./fanmill-data

      fanmill results 'text:"electric cars" -topic:sport age:<7d' --json

      fanmill results --since 15m

      fanmill results --dolma --output attributes.jsonl
    """
    from fanmill.cli.spans import moment_of
    from fanmill.core.filters import parse_filter
    from fanmill.core.filters.record_keys import RECORD_KEYS

    if keys:
        _show_keys()
        return
    wanted = parse_filter(query or "", RECORD_KEYS)
    begin = None if since_text is None else moment_of(since_text)
    with opened_store(store, data, redis_url) as opened:
        listing: _Listing
        if opened is None:
            if before is not None:
                fail(Exit.USAGE, "--before continues a listing of a store: give --store or --data")
            listing = _OfRedis(redis_url, wanted, begin, limit)
        else:
            begin_ms = None if begin is None else int(begin.timestamp() * 1000)
            listing = _OfStore(opened, since(wanted, begin_ms), before, limit, query or "")
        if output is None and not as_json and not dolma:
            listing.show_table()
        else:
            _write(listing, output, dolma=dolma)


def _show_keys() -> None:
    from fanmill.cli.tables import facts
    from fanmill.core.filters.record_keys import RECORD_KEYS

    display(
        facts(
            (
                name,
                f"{key.meaning} One of {', '.join(key.choices)}." if key.choices else key.meaning,
            )
            for name, key in RECORD_KEYS.items()
        )
    )


def _write(listing: _Listing, output: Path | None, *, dolma: bool) -> None:
    from fanmill.cli.dolma import attributes_of
    from fanmill.core.text.escapes import escape_json
    from fanmill_contracts import record_json

    lines = (
        (json_text(attributes_of(each)) if dolma else escape_json(record_json(each))) + "\n"
        for each in listing.results()
    )
    if output is None:
        for written in lines:
            sys.stdout.write(written)
        return
    count = 0
    with output.open("w", encoding="utf-8") as stream:
        for written in lines:
            stream.write(written)
            count += 1
    remark(f"{counted(count, 'result')}: {output}")


class _Listing:
    """Results in the order of their source."""

    def results(self) -> Iterator[DocumentResult]:
        """Yield all of them, up to the limit of the command line."""
        raise NotImplementedError

    def show_table(self) -> None:
        """Show a table that is not too long, and how many there are."""
        raise NotImplementedError


class _OfRedis(_Listing):
    """The records in Redis, of all partitions, the oldest first."""

    def __init__(
        self, redis_url: str | None, wanted: Filter, begin: datetime | None, limit: int | None
    ) -> None:
        from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

        self._records = [
            Wiring(settings, retry_seconds=CLI_RETRY_SECONDS).records
            for settings in partition_settings(redis_url)
        ]
        self._wanted = wanted
        self._begin = begin
        self._limit = limit

    def results(self) -> Iterator[DocumentResult]:
        """Yield all of them, up to the limit of the command line."""
        from heapq import merge

        limit = None if self._wanted.terms else self._limit
        each = (own.completed(self._begin, limit) for own in self._records)
        found = merge(*each, key=lambda result: result.completed_at)
        if not self._wanted.terms:
            return islice(found, self._limit)
        return islice((one for one in found if self._matches(one)), self._limit)

    def _matches(self, result: DocumentResult) -> bool:
        from time import time

        from pydantic_core import from_json

        from fanmill.core.filters.record_values import matches_record
        from fanmill_contracts import record_json

        now_ms = int(time() * 1000)
        return matches_record(self._wanted, from_json(record_json(result)), now_ms)

    def show_table(self) -> None:
        """Show a table that is not too long, and how many there are."""
        rows = list(islice(self.results(), min(self._limit or _TABLE_ROWS, _TABLE_ROWS)))
        _show(rows)
        remark(f"{len(rows):,} of {counted(sum(each.count() for each in self._records), 'result')}")


class _OfStore(_Listing):
    """The records in a store, the newest first."""

    def __init__(
        self, store: Store, wanted: Filter, before: int | None, limit: int | None, query: str
    ) -> None:
        self._store = store
        self._wanted = wanted
        self._before = before
        self._limit = limit
        self._query = query

    def results(self) -> Iterator[DocumentResult]:
        """Yield all of them, up to the limit of the command line."""
        return islice(self._all(), self._limit)

    def _all(self) -> Iterator[DocumentResult]:
        before = self._before
        size = min(self._limit or PAGE, PAGE)
        while page := self._store.search(self._wanted, before=before, limit=size):
            for each in page:
                yield each.result
            before = page[-1].position

    def show_table(self) -> None:
        """Show a table that is not too long, and how many there are."""
        size = min(self._limit or _PAGE_ROWS, _TABLE_ROWS)
        page = self._store.search(self._wanted, before=self._before, limit=size)
        _show([each.result for each in page])
        found = self._store.count(self._wanted)
        # A capped count may be below the number of rows that are shown.
        known = max(found.count, len(page))
        total = f"{known:,}+ results" if found.capped else counted(found.count, "result")
        more = f"; more: --before {page[-1].position}" if len(page) == size else ""
        if not page and not found.count and not self._store.info().records:
            more = "; the store is empty: fanmill sink fills it, and fanmill up runs one"
        remark(f"{len(page):,} of {total}{more}")


def _show(rows: list[DocumentResult]) -> None:
    if rows:
        from fanmill.cli.tables import results_table

        display(results_table(rows, stdout().width))
