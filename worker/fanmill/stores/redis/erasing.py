"""The erasure of documents on Redis: first the documents, then every place that may name them.

The first part leaves tombstones. From then on the scripts refuse whatever is in flight, so
the second part searches each place once, up to where it ended when its turn came. The cursor of
the action is the place and the position in it. A slice changes nothing when it is repeated.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from time import monotonic
from typing import Any, Final

from pydantic_core import to_json
from redis import Redis

from fanmill.ports import ACTION_RETENTION_DAYS, Action
from fanmill.ports.erasing import Erasure
from fanmill.ports.index import TOMBSTONE_DAYS
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.redis.erasure_places import (
    ORDERS,
    PLACES,
    REPLAYED,
    STREAMS,
    Concerned,
    Places,
    chosen,
    is_earlier,
)
from fanmill.stores.redis.trends import forget_terms
from fanmill.stores.script import load
from fanmill_contracts.stored_records import stored_record

ERASURE_TYPE: Final = "fanmill.erasure.v1"
"""Type of the message that tells the sinks of an erasure."""

_DOCUMENTS: Final = "documents"
_SLICE: Final = 50
_RATE_SECONDS: Final = 0.2
_SWEEP_SECONDS: Final = 0.5
"""Time of the pages of a stream in one slice: far below the lease of an executor."""
_DAY_MS: Final = 86_400_000


class RedisErasing:
    """`fanmill.ports.erasing.Erasing` on Redis.

    Args:
        redis: Server of the partition.
        keys: Its keys.
        index: The duplicate index.
    """

    def __init__(self, redis: Redis, keys: Keys, index: RedisFingerprintIndex) -> None:
        self._redis = redis
        self._keys = keys
        self._index = index
        self._places = Places(redis, keys)

    def advance(self, action: Action, owner: str, lease_seconds: float) -> bool:
        """Perform the next slice of an action; see the port."""
        place, _, position = action.cursor.partition("|")
        if place in {"0-0", _DOCUMENTS}:
            at = int(position or 0)
            ids = [] if action.aborting else self._selected(action, at)
            if ids:
                self.forget(action, ids)
                cursor = f"{_DOCUMENTS}|{at + len(ids)}"
                outcomes = {"forgotten": len(ids)}
                return self._move(action, owner, lease_seconds, cursor, len(ids), outcomes)
            return self._move(action, owner, lease_seconds, f"{PLACES[0]}|", 0)
        return self._sweep(action, owner, lease_seconds, place, position)

    def forget(self, action: Action, ids: Sequence[str]) -> None:
        """Leave tombstones of documents, remove records and fingerprints, and tell the sinks."""
        keys, at_ms = self._keys, action.order.at_ms
        self._forget_terms(ids, at_ms)
        names = [keys.results, keys.results_by_entry, keys.sinks, keys.late]
        for each in ids:
            names += (keys.document(each), keys.forgotten(each))
        notice = erasure_json(Erasure(tuple(ids), at_ms, action.order.actor, action.order.note))
        load("redis", "forget_documents").run(
            self._redis, names, [at_ms, TOMBSTONE_DAYS * _DAY_MS, action.id, notice, *ids]
        )
        # Behind the tombstones: a worker that judged a document before finds it refused.
        self._index.forget_all(ids, at_ms)

    def _forget_terms(self, ids: Sequence[str], at_ms: int) -> None:
        """Take the terms of records out of trends, as long as the records tell them.

        A process that is killed behind this takes them out twice, rather than never.
        """
        with self._redis.pipeline(transaction=False) as pipe:
            for each in ids:
                pipe.hmget(self._keys.document(each), "record", "entry")
            kept = pipe.execute()
        for record, entry in kept:
            if record is None or not is_earlier(text(entry or b"0-0"), at_ms):
                continue
            try:
                result = stored_record(record)
            except ValueError:
                # A damaged record tells no terms, and must be erased all the same.
                continue
            if result.tagging is not None:
                completed_ms = round(result.completed_at.timestamp() * 1000)
                forget_terms(self._redis, self._keys, result.tagging, completed_ms)

    def _selected(self, action: Action, at: int) -> list[str]:
        count = _SLICE
        if action.order.rate is not None:
            count = max(1, min(_SLICE, int(action.order.rate * _RATE_SECONDS)))
        found: Any = self._redis.lrange(self._keys.selection(action.id), at, at + count - 1)
        return [text(each) for each in found]

    def _sweep(
        self, action: Action, owner: str, lease_seconds: float, place: str, position: str
    ) -> bool:
        if place in STREAMS:
            after, _, until = position.partition(" ")
            after, until = after or "0-0", until or self._places.last(place)
            examined = removed = 0
            deadline = monotonic() + _SWEEP_SECONDS
            while page := self._places.page(place, after, until):
                removed += self._places.erase(place, chosen(page, self.has_tombstones))
                examined, after = examined + len(page), page[-1].id
                if monotonic() > deadline:
                    break
            if examined:
                cursor = f"{place}|{after} {until}"
                outcomes = {"traces": removed}
                return self._move(action, owner, lease_seconds, cursor, examined, outcomes)
            return self._move(action, owner, lease_seconds, _behind(place), 0)
        pages = self._places.replayed() if place == REPLAYED else self._places.orders()
        removed = sum(
            self._places.erase(place, chosen(each, self.has_tombstones)) for each in pages
        )
        outcomes = {"traces": removed}
        return self._move(action, owner, lease_seconds, _behind(place), 0, outcomes)

    def has_tombstones(self, pairs: list[tuple[str, str]]) -> list[bool]:
        """Tell for each document whether it was forgotten after an entry of the ledger came."""
        found: Any = self._redis.mget([self._keys.forgotten(document) for document, _ in pairs])
        return [
            tombstone is not None and is_earlier(entry, int(tombstone.split()[0]))
            for (_, entry), tombstone in zip(pairs, found, strict=True)
        ]

    def _move(  # noqa: PLR0917
        self,
        action: Action,
        owner: str,
        lease_seconds: float,
        cursor: str,
        examined: int,
        outcomes: dict[str, int] | None = None,
    ) -> bool:
        keys = self._keys
        counts = outcomes or {}
        arguments = [
            action.id,
            owner,
            action.cursor,
            cursor,
            examined,
            int(cursor == "done"),
            round(lease_seconds * 1000),
            ACTION_RETENTION_DAYS * _DAY_MS,
            to_json(counts),
            counts.get("forgotten", 0),
        ]
        names = [keys.action(action.id), keys.running_actions, keys.selection(action.id)]
        return bool(load("redis", "move_action").run(self._redis, names, arguments))


def _behind(place: str) -> str:
    """Return the cursor of the place behind one; `done` behind the last."""
    following = PLACES[PLACES.index(place) + 1 :]
    return f"{following[0]}|" if following else "done"


def expected(
    redis: Redis,
    keys: Keys,
    document_ids: Collection[str],
    at_ms: int,
    index: RedisFingerprintIndex,
) -> dict[str, int]:
    """Return in how many places an erasure would find documents, by kind; change nothing."""
    ids = frozenset(document_ids)
    places = Places(redis, keys)
    wanted: Concerned = lambda pairs: [  # noqa: E731
        document in ids and is_earlier(entry, at_ms) for document, entry in pairs
    ]
    counts: dict[str, int] = {}
    for place in STREAMS:
        until, after = places.last(place), "0-0"
        while page := places.page(place, after, until):
            counts[place] = counts.get(place, 0) + len(chosen(page, wanted))
            after = page[-1].id
    for place, pages in ((REPLAYED, places.replayed()), (ORDERS, places.orders())):
        counts[place] = sum(len(chosen(each, wanted)) for each in pages)
    counts["records"] = sum(_is_known(redis, keys, each, at_ms) for each in sorted(ids))
    partitions = [index.opened(name, "adopt") for name in index.partitions()]
    counts["index"] = sum(
        any(partition.cluster(each, 1) is not None for partition in partitions) for each in ids
    )
    return {place: number for place, number in counts.items() if number}


def _is_known(redis: Redis, keys: Keys, document_id: str, at_ms: int) -> bool:
    fields: Any = redis.hmget(keys.document(document_id), "state", "newest", "entry")
    entries = [text(each) for each in fields[1:] if each is not None]
    if fields[0] is None and not entries:
        return False
    return not entries or any(is_earlier(each, at_ms) for each in entries)


def erasure_json(erasure: Erasure) -> bytes:
    """Return the message of an erasure, for sinks."""
    return to_json(
        {
            "type": ERASURE_TYPE,
            "document_ids": erasure.document_ids,
            "at_ms": erasure.at_ms,
            "actor": erasure.actor,
            "note": erasure.note,
        }
    )
