"""The bulk actions in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fanmill.core.entry_ids import order_of
from fanmill.ports import Action, ActionItem, ActionOrder, ActionOutcome, ActionSlice
from fanmill.stores.action_order import order_json, order_of_json
from fanmill.testing.failure_groups import leave_group
from fanmill.testing.server import MemoryServer
from fanmill_contracts.streams import EVENT_FIELD


@dataclass(slots=True)
class _Held:
    action: Action
    lease_ms: float = 0.0
    due_ms: float = 0.0


class MemoryActions:
    """`fanmill.ports.Actions` in memory. Ended actions are kept."""

    def __init__(self, server: MemoryServer) -> None:
        self._server = server
        self._held: dict[str, _Held] = {}

    def draft(self, order: ActionOrder) -> Action:
        """Return the action that `create` would make now; see the port."""
        rejected = self._server.rejected
        return Action(
            id="",
            order=order_of_json(order_json(order)),
            state="running",
            created_ms=self._now_ms(),
            until=max(rejected, key=order_of, default="0-0"),
            total=len(order.ids) or len(rejected),
        )

    def create(self, order: ActionOrder) -> Action:
        """Create an action, with the rejections of now; see the port."""
        action = replace(self.draft(order), id=f"{len(self._held) + 1:08x}")
        self._held[action.id] = _Held(action)
        return action

    def get(self, action_id: str) -> Action | None:
        """Return an action; None for an unknown one."""
        held = self._held.get(action_id)
        return None if held is None else held.action

    def newest(self, limit: int | None = None) -> Sequence[Action]:
        """Return actions, the newest first."""
        return [held.action for held in reversed(self._held.values())][:limit]

    def running(self) -> int:
        """Return how many actions are neither done nor aborted."""
        return sum(held.action.state == "running" for held in self._held.values())

    def abort(self, action_id: str) -> bool:
        """End an action before its next slice; False if it is unknown or has ended."""
        held = self._held.get(action_id)
        if held is None or held.action.state != "running":
            return False
        held.action = replace(held.action, state="aborted", finished_ms=self._now_ms())
        return True

    def claim(self, owner: str, lease_seconds: float, only: str | None = None) -> Sequence[Action]:
        """Return the running actions that this process is to execute now; see the port."""
        now = self._now_ms()
        due = []
        for held in self._held.values():
            free = held.action.owner in {"", owner} or held.lease_ms < now
            if only is not None and held.action.id != only:
                continue
            if held.action.state == "running" and free:
                held.action = replace(held.action, owner=owner)
                held.lease_ms = now + lease_seconds * 1000
                if held.due_ms <= now:
                    due.append(held.action)
        return due

    def perform(self, action: Action, part: ActionSlice, owner: str, lease_seconds: float) -> bool:
        """Perform a slice and move the cursor; see the port."""
        held = self._held[action.id]
        now = held.action
        if (now.state, now.owner, now.cursor) != ("running", owner, action.cursor):
            return False
        outcomes: dict[ActionOutcome, int] = dict(part.skipped)
        for item in part.items:
            outcome = self._act(action, item)
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
        done = outcomes.get("replayed", 0) + outcomes.get("dropped", 0)
        for name, number in now.outcomes.items():
            outcomes[name] = outcomes.get(name, 0) + number
        held.action = replace(
            now,
            cursor=part.cursor,
            examined=now.examined + part.examined,
            outcomes=outcomes,
            state="done" if part.last else "running",
            finished_ms=self._now_ms() if part.last else None,
        )
        held.lease_ms = self._now_ms() + lease_seconds * 1000
        if action.order.rate:
            held.due_ms = max(self._now_ms(), held.due_ms) + done * 1000 / action.order.rate
        return True

    def _act(self, action: Action, item: ActionItem) -> ActionOutcome:
        server = self._server
        entry = server.rejected.get(item.rejected_id)
        if entry is None:
            return "gone"
        if action.order.kind == "drop":
            self._remove(item.rejected_id)
            return "dropped"
        if item.body:
            new = server.write({EVENT_FIELD: item.body.encode()})
        elif entry.original:
            if item.identity is not None:
                server.events.pop(item.identity, None)
            new = server.write(entry.original)
        else:
            return "no-original"
        if action.order.first:
            server.express.append(new)
        self._remove(item.rejected_id)
        kept = entry if item.body else replace(entry, original={}, original_bytes=0)
        server.replayed[item.rejected_id] = replace(kept, replayed_as=new, replayed_by=action.id)
        return "replayed"

    def _remove(self, rejected_id: str) -> None:
        entry = self._server.rejected.pop(rejected_id)
        self._server.failed.discard(rejected_id)
        leave_group(self._server, entry.group, rejected_id)

    def _now_ms(self) -> int:
        return int(self._server.now() * 1000)
