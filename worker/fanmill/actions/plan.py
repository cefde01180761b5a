"""The part of an action that one rejection gets: an act, or the reason why there is none."""

from collections.abc import Callable
from typing import Final, get_args

from fanmill.core.edited_event import edited, replaced
from fanmill.ports import ActionItem, ActionOrder, ActionOutcome, RejectedEntry
from fanmill.stores.event_field import event_body
from fanmill_contracts import InvalidEvent, decode_ingested, encode
from fanmill_contracts.errors import InvalidReason

_INVALID: Final = frozenset(get_args(InvalidReason))
"""Reasons of rejections by intake that a replay may end with again."""


def plan(
    order: ActionOrder, entry: RejectedEntry, load: Callable[[str], RejectedEntry | None]
) -> ActionItem | ActionOutcome:
    """Return the act on a rejection, or its outcome without one.

    Args:
        order: The action's order.
        entry: The rejection, as a listing returns it.
        load: Returns a rejection with its original; used only where the original matters.
    """
    if entry.replayed_as is not None:
        return "gone"
    if order.kind == "drop":
        return ActionItem(entry.id)
    if entry.cut_bytes is not None:
        return "cut"
    if not entry.original_bytes and not entry.original:
        return "no-original"
    if order.kind == "edit":
        return _plan_edit(order, load(entry.id))
    return _plan_replay(order, entry, load)


def _plan_replay(
    order: ActionOrder, entry: RejectedEntry, load: Callable[[str], RejectedEntry | None]
) -> ActionItem | ActionOutcome:
    data = entry.event.data
    if data.reason in _INVALID and not order.ids:
        # This release may read what an earlier one did not.
        whole = load(entry.id)
        if whole is None:
            return "gone"
        if not _is_valid(event_body(whole.original)):
            return "invalid-again"
    if data.unverified or data.source is None or data.event_id is None:
        # It never was admitted, so nothing remembers it.
        return ActionItem(entry.id)
    return ActionItem(entry.id, (data.source, data.event_id))


def _plan_edit(order: ActionOrder, entry: RejectedEntry | None) -> ActionItem | ActionOutcome:
    if entry is None:
        return "gone"
    body = event_body(entry.original)
    try:
        if order.event:
            event = replaced(order.event.encode(), entry.event.data.event_id, entry.id)
        elif body is None:
            return "no-original"
        else:
            event = edited(body, order.edits, entry.id)
        return ActionItem(entry.id, body=encode(event).decode())
    except InvalidEvent:
        return "invalid-edit"


def _is_valid(body: bytes | None) -> bool:
    if body is None:
        return False
    try:
        decode_ingested(body)
    except InvalidEvent:
        return False
    return True
