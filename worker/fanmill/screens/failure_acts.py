"""Acts on rejections: each button leads to a dry run, and the dry run to a bulk action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fanmill.core.edited_event import replaced
from fanmill.ports import ActionKind
from fanmill.screens.acts import Act, Order, Refused, Told
from fanmill.screens.bulk import bulk_address, create, read_order, shares
from fanmill.screens.editing import changed
from fanmill.screens.failures import group_filter
from fanmill.screens.reading import Reader
from fanmill.screens.rejection import look_at
from fanmill_contracts import InvalidEvent


def _choose(kind: ActionKind, *, first: bool = False) -> Callable[[Reader, Order], Told]:
    def do(_: Reader, sent: Order) -> Told:
        if not sent.ids:
            raise Refused("No rejection was chosen: select rows with x or the boxes.")
        return Told("", bulk_address(kind, ids=sent.ids, first=first))

    return do


def _choose_groups(kind: ActionKind, *, first: bool = False) -> Callable[[Reader, Order], Told]:
    def do(_: Reader, sent: Order) -> Told:
        if not sent.ids:
            raise Refused("No group was chosen: select rows with x or the boxes.")
        return Told("", bulk_address(kind, where=group_filter(*sent.ids), first=first))

    return do


def _create(kind: ActionKind) -> Callable[[Reader, Order], Told]:
    def do(reader: Reader, sent: Order) -> Told:
        if kind == "drop":
            sent.check_word("drop")
        order = read_order({**sent.values, "kind": kind}, sent.viewer.name, sent.note)
        if kind == "edit" and not order.edits:
            raise Refused("An edit needs at least one line such as data.language=de.")
        made = create(reader, order)
        text = f"Action {', '.join(each.id for each in made)} was created."
        return Told(text, f"actions/{made[0].id}" if len(made) == 1 else "actions")

    return do


def _edit_one(reader: Reader, sent: Order) -> Told:
    values = {"kind": "edit", "ids": ",".join(sent.ids[:1]), "first": sent.values.get("first", "")}
    order = read_order(values, sent.viewer.name, sent.note)
    if not order.ids:
        raise Refused("No rejection was named.")
    ((partition, own),) = shares(reader, order)
    (rejected_id,) = own.ids
    seen = look_at(reader, str(partition.number), rejected_id)
    if seen is None or not seen.open:
        raise Refused("This rejection was replayed or dropped before.")
    event = sent.values.get("event")
    whole = event is not None
    if event is None:
        event = changed(seen.event, sent.values)
    original_id = seen.entry.event.data.event_id
    try:
        replaced(event.encode(errors="surrogatepass"), original_id, rejected_id)
    except InvalidEvent as error:
        field = "event" if whole else ".".join(error.field.split(".")[:2])
        raise Refused(f"{error}. Nothing was done.", field) from None
    action = partition.wiring.actions.create(replace(own, event=event))
    return Told(f"Action {action.id} was created.", f"actions/{action.id}")


def _abort(reader: Reader, sent: Order) -> str:
    if not sent.ids:
        raise Refused("No action was chosen: select rows with x or the boxes.")
    aborted = [
        action_id
        for action_id in sent.ids
        if any(partition.wiring.actions.abort(action_id) for partition in reader.partitions)
    ]
    if not aborted:
        raise Refused("The action has ended before, or is unknown.")
    return f"Aborted {', '.join(aborted)}; what is done stays done."


ACTS = (
    Act("rejections", "replay", "operator", _choose("replay")),
    Act("rejections", "first", "operator", _choose("replay", first=True)),
    Act("rejections", "drop", "admin", _choose("drop")),
    Act("failures", "replay", "operator", _choose_groups("replay")),
    Act("failures", "first", "operator", _choose_groups("replay", first=True)),
    Act("failures", "drop", "admin", _choose_groups("drop")),
    Act("bulk", "replay", "operator", _create("replay")),
    Act("bulk", "edit", "operator", _create("edit")),
    Act("bulk", "drop", "admin", _create("drop")),
    Act("rejection", "edit", "operator", _edit_one),
    Act("actions", "abort", "operator", _abort),
)
