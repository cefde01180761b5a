"""The bulk actions on Redis: a hash for each, its slices performed by scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from secrets import token_hex
from typing import Any, Final

from pydantic_core import to_json
from redis import Redis

from fanmill.ports import (
    ACTION_RETENTION_DAYS,
    MAX_ACTIONS,
    Action,
    ActionOrder,
    ActionSlice,
)
from fanmill.stores.action_order import order_json, order_of_json
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.redis.erasure_places import Places
from fanmill.stores.script import load

REPLAY_MEMORY_DAYS: Final = 7
"""Time for which a rejection that was replayed as it was is remembered with its new entry."""

_DAY_MS: Final = 86_400_000
_RETENTION_MS: Final = ACTION_RETENTION_DAYS * _DAY_MS
_OUTCOME: Final = "outcome:"
_SELECTED_AT_ONCE: Final = 1000
_SELECTION_SECONDS: Final = 3600


class RedisActions:
    """`fanmill.ports.Actions` on Redis."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys
        self._create = load("redis", "create_action")
        self._abort = load("redis", "abort_action")
        self._claim = load("redis", "claim_actions")
        self._act_drop = load("redis", "act_drop")
        self._act_replay = load("redis", "act_replay")

    def draft(self, order: ActionOrder) -> Action:
        """Return the action that `create` would make now; see the port."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.time()
            pipe.xrevrange(self._keys.rejected, count=1)
            pipe.xlen(self._keys.rejected)
            (seconds, microseconds), newest, count = pipe.execute()
        return Action(
            id="",
            order=order,
            state="running",
            created_ms=int(seconds) * 1000 + int(microseconds) // 1000,
            until=text(newest[0][0]) if newest else "0-0",
            total=len(order.ids) or int(count),
        )

    def create(self, order: ActionOrder) -> Action:
        """Create an action, with the rejections of now; see the port."""
        return self._created(order, self.draft(order), ())

    def create_forget(self, order: ActionOrder, document_ids: Sequence[str]) -> Action:
        """Create an action that erases these documents."""
        entries = Places(self._redis, self._keys).length()
        order = replace(order, documents=len(document_ids))
        draft = replace(self.draft(order), total=len(document_ids) + entries)
        return self._created(order, draft, document_ids)

    def _created(self, order: ActionOrder, draft: Action, selected: Sequence[str]) -> Action:
        keys = self._keys
        while True:
            action_id = token_hex(4)
            selection = keys.selection(action_id) if selected else keys.nothing
            for at in range(0, len(selected), _SELECTED_AT_ONCE):
                self._redis.rpush(selection, *selected[at : at + _SELECTED_AT_ONCE])
                # The action makes it permanent. A process that is killed before leaves no list.
                self._redis.expire(selection, _SELECTION_SECONDS)
            made = self._create.run(
                self._redis,
                [keys.action(action_id), keys.actions, keys.running_actions, selection],
                [
                    action_id,
                    order_json(order),
                    draft.until,
                    draft.total,
                    order.rate or 0,
                    MAX_ACTIONS,
                    _RETENTION_MS,
                    order.kind,
                ],
            )
            action = self.get(action_id) if made else None
            if action is not None:
                return action

    def get(self, action_id: str) -> Action | None:
        """Return an action; None for an unknown one."""
        fields: Any = self._redis.hgetall(self._keys.action(action_id))
        return _action(action_id, fields)

    def newest(self, limit: int | None = None) -> Sequence[Action]:
        """Return actions, the newest first."""
        last = -1 if limit is None else limit - 1
        members: Any = self._redis.zrange(self._keys.actions, 0, last, desc=True)
        ids = [text(member) for member in members]
        if not ids:
            return []
        with self._redis.pipeline(transaction=False) as pipe:
            for action_id in ids:
                pipe.hgetall(self._keys.action(action_id))
            answers: list[Any] = pipe.execute()
        found = [_action(each, fields) for each, fields in zip(ids, answers, strict=True)]
        return [action for action in found if action is not None]

    def running(self) -> int:
        """Return how many actions are neither done nor aborted."""
        return int(self._redis.scard(self._keys.running_actions))

    def abort(self, action_id: str) -> bool:
        """End an action before its next slice; False if it is unknown or has ended."""
        answer = self._abort.run(
            self._redis,
            [self._keys.action(action_id), self._keys.running_actions],
            [action_id, _RETENTION_MS],
        )
        return bool(answer)

    def claim(self, owner: str, lease_seconds: float, only: str | None = None) -> Sequence[Action]:
        """Return the running actions that this process is to execute now; see the port."""
        # Mostly there are none: a read costs the server less than a script.
        if not self.running():
            return []
        due: Any = self._claim.run(
            self._redis,
            [self._keys.actions, self._keys.running_actions],
            [owner, round(lease_seconds * 1000), only or ""],
        )
        found = [self.get(text(action_id)) for action_id in due]
        return sorted(
            (action for action in found if action is not None),
            key=lambda action: (action.created_ms, action.id),
        )

    def perform(self, action: Action, part: ActionSlice, owner: str, lease_seconds: float) -> bool:
        """Perform a slice and move the cursor, in one atomic act; see the port."""
        keys = self._keys
        names = [
            keys.action(action.id),
            keys.running_actions,
            keys.rejected,
            keys.failed,
            keys.groups,
            keys.counters,
            keys.history,
        ]
        arguments: list[Any] = [
            action.id,
            owner,
            action.cursor,
            part.cursor,
            part.examined,
            int(part.last),
            round(lease_seconds * 1000),
            _RETENTION_MS,
            to_json(part.skipped),
        ]
        if action.order.kind == "drop":
            arguments += (item.rejected_id for item in part.items)
            return bool(self._act_drop.run(self._redis, names, arguments))
        names += (keys.ingested, keys.express)
        arguments += (REPLAY_MEMORY_DAYS * _DAY_MS, int(action.order.first))
        for item in part.items:
            event = keys.nothing if item.identity is None else keys.event(*item.identity)
            names += (event, keys.replayed(item.rejected_id))
            arguments += (item.rejected_id, item.body)
        return bool(self._act_replay.run(self._redis, names, arguments))


def _action(action_id: str, answer: Mapping[bytes, bytes]) -> Action | None:
    if not answer:
        return None
    fields = {text(name): text(value) for name, value in answer.items()}
    outcomes: dict[Any, int] = {
        name.removeprefix(_OUTCOME): int(number)
        for name, number in fields.items()
        if name.startswith(_OUTCOME)
    }
    state: Any = fields["state"]
    return Action(
        id=action_id,
        order=order_of_json(fields["order"]),
        state=state,
        created_ms=int(fields["created"]),
        until=fields["until"],
        total=int(fields["total"]),
        examined=int(fields["examined"]),
        cursor=fields["cursor"],
        outcomes=outcomes,
        finished_ms=int(fields["finished"]) if "finished" in fields else None,
        owner=fields["owner"],
        aborting="aborting" in fields and fields["state"] == "running",
    )
