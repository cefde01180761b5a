"""`fanmill forget`: documents out of every place of a service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fanmill.cli.action_options import Actor, actor_name, read_note
from fanmill.cli.console import counted, fail, guarded, json_line, remark
from fanmill.cli.exits import Exit
from fanmill.cli.options import DryRun, Json, Note, RedisUrl, Yes, confirm
from fanmill.cli.stores import DataFolder, StoreUrl, store_url

if TYPE_CHECKING:
    from fanmill.ops.erasure import Erasure
    from fanmill.ports import Store
    from fanmill.wiring import Wiring

_STORE_BATCH: Final = 500
_WORKER_GRACE_SECONDS: Final = 30.0
"""Time beyond the limit of a task for which workers are awaited."""

DocumentIds = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID...", help="Ids of documents.", show_default=False),
]
OfSource = Annotated[
    str | None, typer.Option("--source", metavar="SOURCE", help="All documents from this source.")
]
Matching = Annotated[
    str | None,
    typer.Option("--where", metavar="QUERY", help="All documents whose record matches."),
]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify", help="Search every key and the store for the ids afterwards, and say so."
    ),
]


@guarded
def forget(
    ids: DocumentIds = None,
    source: OfSource = None,
    where: Matching = None,
    store: StoreUrl = None,
    data: DataFolder = None,
    redis_url: RedisUrl = None,
    note: Note = "",
    actor: Actor = None,
    verify: Verify = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Erase documents from the ledger, streams, rejections, records, index and store.

    A tombstone with id, time, person and note stays, so that nothing in flight brings a document
    back. A later event with a new event id does. Repeat the command after an interruption: it
    completes the erasure. Other documents may name an erased one as their original, and counts
    without text remain. Asks before it acts. Exit code 1 if nothing was found, or if --verify
    finds a trace; with --verify alone for erased ids, nothing is erased.

    Examples:

      fanmill forget harbour-bridge --dry-run

      fanmill forget harbour-bridge --yes --verify --note "request of 3 May"

      fanmill forget --source /crawler/old --yes --json
    """
    if sum((bool(ids), source is not None, where is not None)) != 1:
        fail(Exit.USAGE, "name document ids, or give --source or --where")
    if where is not None and not where.strip():
        fail(Exit.USAGE, "--where is empty: it would select all documents")
    wirings = _wirings(redis_url)
    url = store_url(store, data)
    with _opened(url) as opened:
        chosen = list(dict.fromkeys(ids)) if ids else _chosen(wirings, opened, source, where)
        expected = _expected(wirings, opened, chosen)
        if not any(expected.values()):
            if verify and chosen:
                _verify(wirings, opened, chosen, {}, as_json=as_json)
                return
            if as_json:
                json_line({"documents": len(chosen), "erased": expected})
            fail(Exit.FAILURE, f"nothing is known of {_named(chosen)}")
        if dry_run:
            _report(chosen, expected, "would forget", as_json=as_json)
            return
        confirm(f"forget {_named(chosen)} in {', '.join(expected)}", yes=yes)
        erased = _erase(wirings, opened, chosen, actor_name(actor), read_note(note))
        if verify:
            _verify(wirings, opened, chosen, erased, as_json=as_json)
        else:
            _report(chosen, erased, "forgot", as_json=as_json)


def _wirings(redis_url: str | None) -> list[Wiring]:
    from fanmill.cli.partitions import partition_settings
    from fanmill.wiring import CLI_RETRY_SECONDS, Wiring

    return [
        Wiring(settings, retry_seconds=CLI_RETRY_SECONDS)
        for settings in partition_settings(redis_url)
    ]


@contextmanager
def _opened(url: str) -> Iterator[Store | None]:
    if not url:
        yield None
        return
    from fanmill.stores.opening import open_store

    opened = open_store(url)
    try:
        yield opened
    finally:
        opened.close()


def _chosen(
    wirings: list[Wiring], store: Store | None, source: str | None, where: str | None
) -> list[str]:
    """Return the documents of a source, or those whose record matches."""
    from fanmill.cli.selecting import of_source, with_record

    found = set(with_record(wirings, store, source, where))
    if source is not None:
        found |= of_source(wirings, store, source)
    return sorted(found)


def _expected(wirings: list[Wiring], store: Store | None, ids: list[str]) -> dict[str, int]:
    total: dict[str, int] = {}
    for work in _erasures(wirings, ids, dry_run=True):
        work.ledger(0)
        work.rest()
        _add(total, work.erased.counts)
    if store is not None:
        records, rejections = _in_store(store, ids)
        _add(total, {"records of the store": records, "rejections of the store": rejections})
    return total


def _erase(
    wirings: list[Wiring], store: Store | None, ids: list[str], actor: str, note: str
) -> dict[str, int]:
    total: dict[str, int] = {}
    works = list(_erasures(wirings, ids, dry_run=False))
    limit = wirings[0].settings.task_time_limit_seconds + _WORKER_GRACE_SECONDS
    for work in works:
        work.ledger(limit)
    if store is not None:
        records, rejections = _in_store(store, ids)
        at = max(work.at for work in works)
        for begin in range(0, len(ids), _STORE_BATCH):
            store.forget(ids[begin : begin + _STORE_BATCH], actor=actor, note=note, at=at)
        _add(total, {"records of the store": records, "rejections of the store": rejections})
    for work in works:
        work.rest()
        _add(total, work.erased.counts)
    return total


def _erasures(wirings: list[Wiring], ids: list[str], *, dry_run: bool) -> Iterator[Erasure]:
    from fanmill.ops.erasure import Erasure
    from fanmill.ops.process_registry import server_ms

    for wiring in wirings:
        at_ms = server_ms(wiring.redis) + 1
        yield Erasure(wiring.redis, wiring.keys, wiring.index, ids, at_ms, dry_run=dry_run)


def _in_store(store: Store, ids: list[str]) -> tuple[int, int]:
    """Return how many records and rejections a store has of documents."""
    from fanmill.core.filters import Filter, equal_to

    records = sum(
        len(store.get_many(ids[begin : begin + _STORE_BATCH]))
        for begin in range(0, len(ids), _STORE_BATCH)
    )
    rejections = sum(
        1 for each in ids for _ in store.scan_rejections(Filter((equal_to("document", each),)))
    )
    return records, rejections


def _verify(
    wirings: list[Wiring],
    store: Store | None,
    ids: list[str],
    erased: dict[str, int],
    *,
    as_json: bool,
) -> None:
    traces, searched, mentions = _search(wirings, store, ids)
    if as_json:
        facts: dict[str, Any] = {"documents": len(ids), "erased": erased}
        proved = {"searched": searched, "traces": traces, "named_as_original": mentions}
        json_line({**facts, "verified": not traces, **proved})
    else:
        if erased:
            _report(ids, erased, "forgot", as_json=False)
        looked = ", ".join(f"{number:,} {what}" for what, number in searched.items())
        remark(f"searched: {looked}")
        if mentions:
            remark(f"{counted(mentions, 'record')} of copies name them as their original")
        for each, places in traces.items():
            remark(f"{each}: {', '.join(places)}", "still there:", "red")
    if traces:
        raise typer.Exit(Exit.FAILURE)
    if not as_json:
        remark(f"no trace of {_named(ids)} beside the tombstone")


def _search(
    wirings: list[Wiring], store: Store | None, ids: list[str]
) -> tuple[dict[str, list[str]], dict[str, int], int]:
    """Return the places of each id, what was searched, and how many records name one."""
    from fanmill.ops.erasure_proof import search_keys

    traces: dict[str, list[str]] = {}
    searched: dict[str, int] = {}
    mentions = 0
    for wiring in wirings:
        proof = search_keys(wiring.redis, wiring.keys, wiring.index, ids)
        _add(searched, dict(proof.searched))
        mentions += proof.mentions.total()
        for each, places in proof.traces.items():
            traces.setdefault(each, []).extend(places)
    if store is not None:
        searched["tables of the store"] = 2
        for each in ids:
            if any(_in_store(store, [each])):
                traces.setdefault(each, []).append("store")
            mentions += len(store.members(each, limit=1000))
    return traces, searched, mentions


def _report(ids: list[str], counts: dict[str, int], verb: str, *, as_json: bool) -> None:
    if as_json:
        json_line({"documents": len(ids), "erased": counts})
        return
    places = ", ".join(f"{number:,} in {place}" for place, number in counts.items())
    remark(f"{verb} {_named(ids)}: {places}")


def _add(total: dict[str, int], counts: dict[str, int]) -> None:
    for name, number in counts.items():
        if number:
            total[name] = total.get(name, 0) + number


def _named(ids: list[str]) -> str:
    return f"document {ids[0]!r}" if len(ids) == 1 else counted(len(ids), "document")
