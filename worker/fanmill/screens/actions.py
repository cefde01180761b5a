"""Bulk actions: their table, and one of them in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fanmill.actions.outcomes import left_out
from fanmill.ops.process_registry import running_processes
from fanmill.ports import DONE_OUTCOMES, Action
from fanmill.screens.filter_words import in_words
from fanmill.screens.forms import lasting
from fanmill.screens.reading import PartitionReader, Reader
from fanmill.screens.tables import Action as Button
from fanmill.screens.tables import Column, Row, Table

_LISTED: Final = 50

COLUMNS = (
    Column("action", "Action", "id"),
    Column("created", "Created", "moment"),
    Column("state", "State"),
    Column("what", "What"),
    Column("progress", "Progress", "share", "Part of what it concerns that was looked at."),
    Column("done", "Done", "count"),
    Column("left", "Left out", "count", "Rejections that match and could not be acted on."),
    Column("actor", "Who"),
    Column("note", "Note", wide=True),
)
ABORT = Button(
    "abort", "Abort", "A", "operator", "End it before its next slice? What is done stays done."
)
_VERBS: Final[dict[str, str]] = {"replay": "Replay", "edit": "Edit and replay", "drop": "Drop"}
_TONES: Final = {"aborted": "warn", "running": "good"}


@dataclass(frozen=True, slots=True)
class Seen:
    """An action as an operator sees it.

    Attributes:
        action: The action.
        what: The order in words.
        done: Number of rejections acted on.
        left: Number of those that could not be.
        reasons: Why, in words.
        rate: Rejections acted on per second so far; 0 before the first.
        seconds: Time from its creation to its end, or to now.
        stuck: Advice while no process executes it; empty otherwise.
        partition: The partition it is in; None without partitions.
    """

    action: Action
    what: str
    done: int
    left: int
    reasons: str
    rate: float
    seconds: float
    stuck: str
    partition: int | None


def words(action: Action) -> str:
    """Return the order of an action in words, such as `Replay rejections with stage tag`."""
    order = action.order
    if order.kind == "forget":
        which = f": {order.where}" if order.where else ""
        return f"Forget {order.documents:,} document{'' if order.documents == 1 else 's'}{which}"
    if order.ids:
        count = len(order.ids)
        which = f"{count:,} named rejection{'' if count == 1 else 's'}"
    else:
        which = in_words(order.where)
    first = ", before the backlog" if order.first else ""
    edits = ", ".join(order.edits)
    return f"{_VERBS[order.kind]} {which}{f', with new {edits}' if edits else ''}{first}"


def actions_table(reader: Reader, limit: int = _LISTED) -> Table:
    """Return the newest actions of all partitions."""
    found = [
        action
        for partition in reader.partitions
        for action in partition.wiring.actions.newest(limit)
    ]
    found.sort(key=lambda action: -action.created_ms)
    return Table(
        "actions", "Bulk actions", COLUMNS, [_row(action) for action in found[:limit]], (ABORT,),
        empty="No bulk action yet. Choose rejections on Failures to replay or drop them.",
        more=0 if len(found) < limit else None,
        note="Actions are kept for 90 days after their end." if found else "",
    )  # fmt: skip


def look_at(reader: Reader, action_id: str) -> Seen | None:
    """Return an action of any partition; None for an unknown one."""
    for partition in reader.partitions:
        action = partition.wiring.actions.get(action_id)
        if action is not None:
            number = partition.number if len(reader.partitions) > 1 else None
            return _seen(partition, action, number)
    return None


def _row(action: Action) -> Row:
    left, _ = left_out(action.outcomes)
    tone = _TONES.get(action.state, "")
    return Row(
        action.id,
        (action.id, action.created_ms, action.state, words(action), _share(action),
         _done(action), left, action.order.actor, action.order.note),
        link=f"actions/{action.id}",
        tone="warn" if tone == "warn" else "",
    )  # fmt: skip


def _seen(partition: PartitionReader, action: Action, number: int | None) -> Seen:
    left, reasons = left_out(action.outcomes)
    now = action.finished_ms or partition.wiring.rejections.now_ms()
    seconds = max(0.001, (now - action.created_ms) / 1000)
    stuck = ""
    if action.state == "running" and not any(
        process.role == "intake" for process in running_processes(partition.redis, partition.keys)
    ):
        stuck = (
            f"No intake runs, and intakes execute actions; it waits for {lasting(seconds)}. "
            "Start one: fanmill intake."
        )
    done = _done(action)
    return Seen(action, words(action), done, left, reasons, done / seconds, seconds, stuck, number)


def _done(action: Action) -> int:
    return sum(action.outcomes.get(name, 0) for name in DONE_OUTCOMES)


def _share(action: Action) -> float:
    if action.state == "done" or not action.total:
        return 1.0
    return min(1.0, action.examined / action.total)
