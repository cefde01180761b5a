"""`fanmill forget`: documents out of every place of a service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fanmill.cli.action_options import Actor, Detach, Rate, actor_name, read_note, read_rate
from fanmill.cli.console import counted, fail, guarded, json_line, remark
from fanmill.cli.erasure_check import Check, in_places, named
from fanmill.cli.exits import Exit
from fanmill.cli.options import DryRun, Json, Note, RedisUrl, Yes, confirm
from fanmill.cli.stores import DataFolder, StoreUrl, store_url

if TYPE_CHECKING:
    from fanmill.ports import Action, ActionOrder, Store
    from fanmill.wiring import Wiring

_STORE_BATCH: Final = 500
_SCANNED_ONE_BY_ONE: Final = 50

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
    typer.Option("--verify", help="Search every key and every table for the documents afterwards."),
]


@dataclass(frozen=True, slots=True)
class _Wanted:
    detach: bool
    verify: bool
    yes: bool
    dry_run: bool
    as_json: bool


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
    rate: Rate = None,
    verify: Verify = False,
    detach: Detach = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Erase documents from the ledger, streams, rejections, records, index and stores.

    A bulk action in each partition: `fanmill actions` shows and aborts it, and intakes complete it
    if this command ends. Sinks erase in their stores; so does the command in the store it is given.
    --note is needed. A tombstone with id, time, person and note stays, so that nothing in flight
    brings a document back. A later event with a new event id does. Other documents may name an
    erased one as their original, and counts without text remain. Asks before it acts. Exit code 1
    if nothing was found, if the action was aborted, or if --verify finds a trace; with --verify
    alone for erased ids, nothing is erased.

    Examples:

      fanmill forget harbour-bridge --dry-run

      fanmill forget harbour-bridge --yes --verify --note "request of 3 May"

      fanmill forget --source /crawler/old --rate 100/s --yes --note "licence ended" --json
    """
    _check_options(ids, source, where, detach=detach, verify=verify)
    if not (dry_run or verify):
        # Before the search, which may take long. With --verify nothing may be left to erase.
        _check_note(note)
    wanted = _Wanted(detach, verify, yes, dry_run, as_json)
    per_second, reason = read_rate(rate), read_note(note)
    wirings = _wirings(redis_url)
    with _opened(store_url(store, data)) as opened:
        order = _order(wirings, ids, source, where)
        order = replace(order, rate=per_second, actor=actor_name(actor), note=reason)
        chosen = list(dict.fromkeys(ids)) if ids else _selected(wirings, opened, source, where)
        _forget(wirings, opened, order, chosen, wanted)


def _check_options(
    ids: list[str] | None, source: str | None, where: str | None, *, detach: bool, verify: bool
) -> None:
    if sum((bool(ids), source is not None, where is not None)) != 1:
        fail(Exit.USAGE, "name document ids, or give --source or --where")
    if where is not None and not where.strip():
        fail(Exit.USAGE, "--where is empty: it would select all documents")
    if detach and verify:
        fail(Exit.USAGE, "--verify looks after the erasure, and --detach does not wait for it")


def _check_note(note: str) -> None:
    if not note.strip():
        fail(Exit.USAGE, 'an erasure needs its reason: --note "request of 3 May"')


def _forget(
    wirings: list[Wiring],
    store: Store | None,
    order: ActionOrder,
    chosen: list[str],
    wanted: _Wanted,
) -> None:
    _warn_of_ids_ahead(wirings)
    expected = _expected(wirings, store, chosen, order.at_ms)
    found: dict[str, Any] = {"documents": len(chosen), "found": expected}
    check = Check(wirings, store, chosen)
    if not any(expected.values()):
        if wanted.verify and chosen:
            check.report(found, as_json=wanted.as_json)
            return
        if wanted.as_json:
            json_line(found)
        fail(Exit.FAILURE, f"nothing is known of {named(chosen)}")
    if wanted.dry_run:
        _report(found, chosen, as_json=wanted.as_json)
        return
    _check_note(order.note)
    confirm(f"forget {named(chosen)} in {', '.join(expected)}", yes=wanted.yes)
    if wanted.verify:
        check.look_before()
    actions = _carry_out(wirings, order, chosen, detach=wanted.detach)
    facts = _facts(chosen, expected, actions)
    if not wanted.detach:
        _erase_in_store(store, order, chosen, actions)
    if wanted.verify:
        check.report(facts, as_json=wanted.as_json)
    else:
        _report(facts, chosen, as_json=wanted.as_json)
    if any(action.state == "aborted" for action in actions):
        fail(Exit.FAILURE, f"aborted after {counted(facts['forgotten'], 'document')}")


def _warn_of_ids_ahead(wirings: list[Wiring]) -> None:
    """Say that nothing tells when an event came whose id is ahead of the clock."""
    from fanmill.stores.redis.stream_facts import measure_stream

    for wiring in wirings:
        ledger = measure_stream(wiring.redis, wiring.keys.ingested)
        if ledger.last_ms > ledger.now_ms:
            remark(
                f"ids of {wiring.keys.ingested} are ahead of the clock: what came with such an id "
                "counts as later than the erasure, and stays; repair them first: fanmill doctor"
            )


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


def _selected(
    wirings: list[Wiring], store: Store | None, source: str | None, where: str | None
) -> list[str]:
    from fanmill.cli.selecting import selected

    return selected(wirings, store, source, where)


def _order(
    wirings: list[Wiring], ids: list[str] | None, source: str | None, where: str | None
) -> ActionOrder:
    """Return the order, with the time before which events are erased in all partitions."""
    from fanmill.cli.selecting import selection, without_content
    from fanmill.ops.process_registry import server_ms
    from fanmill.ports import ActionOrder

    return ActionOrder(
        kind="forget",
        actor="",
        where="" if ids else without_content(selection(source, where)),
        at_ms=max(server_ms(wiring.redis) for wiring in wirings) + 1,
    )


def _expected(
    wirings: list[Wiring], store: Store | None, ids: list[str], at_ms: int
) -> dict[str, int]:
    from fanmill.stores.redis.erasing import expected

    total: dict[str, int] = {}
    for wiring in wirings:
        for place, number in expected(wiring.redis, wiring.keys, ids, at_ms, wiring.index).items():
            total[place] = total.get(place, 0) + number
    if store is not None:
        records, rejections = in_store(store, ids)
        found = {"records of the store": records, "rejections of the store": rejections}
        total |= {place: number for place, number in found.items() if number}
    return total


def _carry_out(
    wirings: list[Wiring], order: ActionOrder, ids: list[str], *, detach: bool
) -> list[Action]:
    """Create the action of each partition, and wait for its end; an id may be in any of them."""
    from fanmill.cli.following import follow

    actions = [wiring.actions.create_forget(order, ids) for wiring in wirings]
    if detach:
        for action in actions:
            remark(f"action {action.id} was created: fanmill actions show {action.id}")
        return actions
    return [follow(*pair) for pair in zip(wirings, actions, strict=True)]


def _erase_in_store(
    store: Store | None, order: ActionOrder, ids: list[str], actions: list[Action]
) -> None:
    """Erase in the store what an action has erased: a store may have no sink that runs."""
    if store is None:
        return
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(order.at_ms / 1000, UTC)
    number = max(action.outcomes.get("forgotten", 0) for action in actions)
    for begin in range(0, number, _STORE_BATCH):
        batch = ids[begin : min(number, begin + _STORE_BATCH)]
        store.forget(batch, actor=order.actor, note=order.note, at=at)


def in_store(store: Store, ids: list[str]) -> tuple[int, int]:
    """Return how many records and rejections a store has of documents."""
    from fanmill.core.filters import Filter, equal_to

    records = sum(
        len(store.get_many(ids[begin : begin + _STORE_BATCH]))
        for begin in range(0, len(ids), _STORE_BATCH)
    )
    if len(ids) > _SCANNED_ONE_BY_ONE:
        wanted = frozenset(ids)
        return records, sum(
            each.event.data.document_id in wanted for each in store.scan_rejections(Filter())
        )
    rejections = sum(
        1 for each in ids for _ in store.scan_rejections(Filter((equal_to("document", each),)))
    )
    return records, rejections


def _facts(ids: list[str], expected: dict[str, int], actions: list[Action]) -> dict[str, Any]:
    return {
        "documents": len(ids),
        "found": expected,
        "actions": [action.id for action in actions],
        "state": next((a.state for a in actions if a.state != "done"), "done"),
        "forgotten": max(action.outcomes.get("forgotten", 0) for action in actions),
        "traces": sum(action.outcomes.get("traces", 0) for action in actions),
    }


def _report(facts: dict[str, Any], ids: list[str], *, as_json: bool) -> None:
    if as_json:
        json_line(facts)
        return
    if "state" not in facts:
        remark(f"would forget {named(ids)}: {in_places(facts)}")
    elif facts["state"] == "done":
        remark(f"forgot {named(ids)}: {in_places(facts)}")
