"""Rejections to act on, and orders of actions."""

from typing import Any

from builders import Stores, raw_body
from fanmill.actions.executor import ActionExecutor
from fanmill.ports import Action, ActionKind, ActionOrder, Rejection


def order(kind: ActionKind = "replay", **more: Any) -> ActionOrder:
    return ActionOrder(kind, "ada@mill1", **more)


def reject_many(stores: Stores, count: int, *, first: int = 0, cause: str = "Error") -> list[str]:
    """Reject valid events after their admission to `tag`; return the ids of the rejections."""
    known = {entry.id for entry in stores.rejections.entries()}
    numbers = range(first, first + count)
    for number in numbers:
        stores.add(raw_body(id=f"e{number}", data={"document_id": f"d{number}"}))
    entries = stores.ledger.read("reader", count, 0, enough_bytes=10**9)
    stores.ledger.reject(
        [
            Rejection(
                entry.id, "stage-failed", "tag", f"no {number}", f"d{number}", f"e{number}",
                "/tests", exception=cause, frame="f:g:1",
            )
            for number, entry in zip(numbers, entries, strict=True)
        ]
    )  # fmt: skip
    return [entry.id for entry in stores.rejections.entries() if entry.id not in known]


def executor(stores: Stores, name: str = "executor") -> ActionExecutor:
    return ActionExecutor(name, stores.actions, stores.rejections)


def executed(stores: Stores, wanted: ActionOrder) -> Action:
    """Create an action and execute it to its end."""
    action = stores.actions.create(wanted)
    worker = executor(stores)
    while worker.step():
        pass
    ended = stores.actions.get(action.id)
    assert ended is not None
    assert ended.state == "done"
    return ended
