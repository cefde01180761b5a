"""The slices of an action: bounded in rejections, bytes and time of the server."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from fanmill.actions.plan import plan
from fanmill.actions.rejection_values import matches_rejection
from fanmill.core.entry_ids import order_of
from fanmill.core.filters import parse_filter
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.ports import Action, ActionItem, ActionOutcome, ActionSlice, RejectedEntry, Rejections
from fanmill_contracts import limits

_MAX_EXAMINED: Final = 500
_MAX_ITEMS: Final = 100
_MAX_BYTES: Final = 4 * limits.MIB
"""Bytes of originals after which a slice ends: its script blocks the server."""

_RATE_SECONDS: Final = 0.2
"""Time of a rate that a slice takes at once: the unevenness of the rate, and the longest wait
of an abort."""


@dataclass(slots=True)
class _Slice:
    cursor: str
    examined: int = 0
    bytes: int = 0
    items: list[ActionItem] = field(default_factory=list)
    skipped: dict[ActionOutcome, int] = field(default_factory=dict)

    def add(self, planned: ActionItem | ActionOutcome, size: int) -> None:
        if isinstance(planned, ActionItem):
            self.items.append(planned)
            self.bytes += size
        else:
            self.skipped[planned] = self.skipped.get(planned, 0) + 1

    def done(self, *, last: bool) -> ActionSlice:
        return ActionSlice(self.cursor, self.examined, tuple(self.items), self.skipped, last)


def next_slice(action: Action, rejections: Rejections) -> ActionSlice:
    """Return the slice that follows the cursor of an action."""
    part = _Slice(action.cursor)
    max_items = _MAX_ITEMS
    if action.order.rate is not None:
        max_items = max(1, min(_MAX_ITEMS, int(action.order.rate * _RATE_SECONDS)))
    where = parse_filter(action.order.where, REJECTION_KEYS)
    for rejected_id, entry in candidates(action, rejections):
        part.examined += 1
        part.cursor = rejected_id
        if entry is None:
            part.add("gone", 0)
        elif matches_rejection(where, entry, action.created_ms):
            part.add(plan(action.order, entry, rejections.get), entry.original_bytes)
        # Before the next candidate is read: it may be the first of another page.
        if (
            part.examined == _MAX_EXAMINED
            or len(part.items) == max_items
            or part.bytes >= _MAX_BYTES
        ):
            return part.done(last=False)
    return part.done(last=True)


def preview(
    action: Action, rejections: Rejections, most: int | None = None
) -> dict[ActionOutcome, int]:
    """Return the outcomes that an action would have now, and change nothing.

    It reads in bounded memory.

    Args:
        action: A draft of the action.
        rejections: The rejections.
        most: Number of rejections to look at, the oldest first; None for all.
    """
    where = parse_filter(action.order.where, REJECTION_KEYS)
    part = _Slice(action.cursor)
    acts = 0
    for _, entry in islice(candidates(action, rejections), most):
        if entry is None:
            part.add("gone", 0)
        elif matches_rejection(where, entry, action.created_ms):
            planned = plan(action.order, entry, rejections.get)
            if isinstance(planned, ActionItem):
                acts += 1
            else:
                part.add(planned, 0)
    outcome: ActionOutcome = "dropped" if action.order.kind == "drop" else "replayed"
    return {outcome: acts, **part.skipped}


def candidates(
    action: Action, rejections: Rejections
) -> Iterator[tuple[str, RejectedEntry | None]]:
    """Yield the rejections behind the cursor of an action, with None for a named one that is gone.

    The originals are there for those that are named one by one.
    """
    if action.order.ids:
        behind = order_of(action.cursor)
        for rejected_id in sorted(set(action.order.ids), key=order_of):
            if order_of(rejected_id) > behind:
                yield rejected_id, rejections.get(rejected_id)
        return
    until = order_of(action.until)
    after = None if action.cursor == "0-0" else action.cursor
    for entry in rejections.entries(after):
        if order_of(entry.id) > until:
            return
        yield entry.id, entry
