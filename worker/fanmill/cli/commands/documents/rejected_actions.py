"""`fanmill rejected replay` and `drop`: bulk actions on rejections."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanmill.cli.action_options import Wanted, fail_missing, ordered
from fanmill.cli.console import counted, fail, json_line, load_wiring, remark
from fanmill.cli.exits import Exit
from fanmill.cli.following import follow, summary
from fanmill.cli.options import confirm
from fanmill.cli.partitions import spread_ids

if TYPE_CHECKING:
    from fanmill.ports import Action, ActionOrder, ActionOutcome
    from fanmill.wiring import Wiring

Edits = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change the event, such as data.language=de. May be given again.",
        show_default=False,
    ),
]
NewEvent = Annotated[
    Path | None,
    typer.Option(
        "--event", metavar="FILE", help="Replay the event of this file in place of the original."
    ),
]
First = Annotated[bool, typer.Option("--first", help="Before all events that wait.")]


def _known(wiring: Wiring, rejected_id: str) -> bool:
    return wiring.rejections.get(rejected_id) is not None


@spread_ids("ids", _known)
@ordered
def replay(
    wanted: Wanted, edits: Edits = None, event: NewEvent = None, first: First = False
) -> None:
    """Put rejected events back on the ledger, to be processed again.

    With --set or --event an edited event goes back; the original is kept for 90 days. Asks on a
    terminal before it replays more than named events.

    Examples:

      fanmill rejected replay 1769850000000-0

      fanmill rejected replay --reason worker-lost --rate 500/s --note "more memory"

      fanmill rejected replay --group 5d1c0e77a9b2 --set data.language=de --first --dry-run
    """
    from fanmill.core.edited_event import read_edit

    ids = wanted.order("replay").ids
    if event is not None and (edits or len(ids) != 1):
        fail(Exit.USAGE, "--event replaces one event: name one rejected id, without --set")
    order = replace(
        wanted.order("edit" if edits or event is not None else "replay"),
        edits=dict(map(read_edit, edits or [])),
        event="" if event is None else event.read_text(encoding="utf-8"),
        first=first,
    )
    asks = sys.stdin.isatty() and sys.stderr.isatty() and not ids
    _carry_out(replace(wanted, yes=wanted.yes or not asks), order)


@spread_ids("ids", _known)
@ordered
def drop(wanted: Wanted) -> None:
    """Remove rejections for good, with their original events.

    Asks before it acts.

    Examples:

      fanmill rejected drop 1769850000000-0 --yes

      fanmill rejected drop --reason malformed-event --older-than 7d --dry-run
    """
    _carry_out(wanted, wanted.order("drop"))


def _carry_out(wanted: Wanted, order: ActionOrder) -> None:
    wiring = load_wiring(wanted.redis_url)
    order, missing = _existing(wiring, order)
    # An order without ids would mean all rejections.
    if missing and (order.kind == "drop" or not order.ids):
        fail_missing(missing)
    if wanted.dry_run or not wanted.yes:
        expected = _expected(wiring, order)
        earlier = {} if order.ids else _earlier(wiring)
        if wanted.dry_run and wanted.as_json:
            facts = {"would": expected, "filter": order.where, "ids": order.ids}
            json_line({**facts, "earlier": earlier})
        if wanted.dry_run or not any(expected.values()):
            remark(_summary(order, expected, f"would {_verb(order)}"))
            if any(earlier.values()):
                said = ", ".join(f"{number:,} {what}" for what, number in earlier.items())
                remark(f"earlier rejections are not looked at again: {said} by any filter")
            return
        ending = " for good" if order.kind == "drop" else ""
        number = counted(expected.get(_done(order), 0), "rejection")
        confirm(f"{_verb(order)} {number}{ending}", yes=False)
    action = wiring.actions.create(order)
    if wanted.detach:
        remark(f"action {action.id} was created: fanmill actions show {action.id}")
    else:
        action = follow(wiring, action)
    if wanted.as_json:
        from fanmill.cli.commands.operations.actions import action_facts

        json_line(action_facts(action))
    if not wanted.detach:
        _report(order, action)
    if missing:
        fail_missing(missing)


def _report(order: ActionOrder, action: Action) -> None:
    remark(_summary(order, dict(action.outcomes), _done(order)))
    if action.state == "aborted":
        fail(Exit.FAILURE, f"action {action.id} was aborted (fanmill actions show {action.id})")
    if action.outcomes.get(_done(order), 0) < len(order.ids):
        raise typer.Exit(Exit.FAILURE)


def _earlier(wiring: Wiring) -> dict[str, int]:
    """Return how many rejections were replayed or dropped since the namespace began."""
    from fanmill.stores.redis.history import read_totals

    totals = read_totals(wiring.redis, wiring.keys)
    return {what: totals.get(what, 0) for what in ("replayed", "dropped")}


def _expected(wiring: Wiring, order: ActionOrder) -> dict[ActionOutcome, int]:
    from fanmill.actions.slices import preview

    return preview(wiring.actions.draft(order), wiring.rejections)


def _verb(order: ActionOrder) -> str:
    return "drop" if order.kind == "drop" else "replay"


def _done(order: ActionOrder) -> ActionOutcome:
    return "dropped" if order.kind == "drop" else "replayed"


def _summary(order: ActionOrder, outcomes: dict[ActionOutcome, int], verb: str) -> str:
    return summary(outcomes, verb, _done(order))


def _existing(wiring: Wiring, order: ActionOrder) -> tuple[ActionOrder, list[str]]:
    """Return the order without named rejections that do not exist, and the ids of those.

    Raises:
        InvalidEvent: An edited event breaks the contract.
    """
    there, missing = [], []
    for rejected_id in order.ids:
        entry = wiring.rejections.get(rejected_id)
        if entry is None or entry.replayed_as is not None:
            missing.append(rejected_id)
            if entry is not None:
                remark(
                    f"rejection {rejected_id!r} was replayed as {entry.replayed_as} by action "
                    f"{entry.replayed_by}"
                )
            continue
        there.append(rejected_id)
        if entry.cut_bytes is not None or not entry.original:
            if order.kind != "drop":
                from fanmill.ports import NotReplayable

                remark(str(NotReplayable(rejected_id, entry.cut_bytes)))
        elif order.kind == "edit":
            _check_edit(order, entry.original, entry.event.data.event_id, rejected_id)
    return replace(order, ids=tuple(there)), missing


def _check_edit(
    order: ActionOrder, original: dict[str, bytes], event_id: str | None, rejected_id: str
) -> None:
    from fanmill.core.edited_event import edited, replaced
    from fanmill.stores.event_field import event_body

    if order.event:
        replaced(order.event.encode(), event_id, rejected_id)
    else:
        edited(event_body(original) or b"", order.edits, rejected_id)
