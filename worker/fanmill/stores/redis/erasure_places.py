"""The places of a server where a document may be named, and the search of them.

Places are in the order in which events move: behind a place that was searched, no entry of a
forgotten document moves back, because the scripts refuse it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from redis import Redis

from fanmill.core.claimed_ids import claimed_ids
from fanmill.core.entry_ids import is_entry_id, order_of
from fanmill.stores.action_order import order_json, order_of_json
from fanmill.stores.event_field import event_body
from fanmill.stores.keys import GROUP, Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.script import load

STREAMS: Final[Mapping[str, int | None]] = {
    "ledger set aside": 0,
    "ledger": None,
    "processed stream": 1,
    "rejected stream": 2,
    "outcomes set aside": 0,
    "late outcomes": 3,
}
"""Streams that hold events, with their numbers in the outbox: 0 outside of it, None the ledger."""

REPLAYED: Final = "replayed originals"
ORDERS: Final = "orders of actions"
PLACES: Final = (*STREAMS, REPLAYED, ORDERS)

_ORIGINAL: Final = b"original:"
_PAGE: Final = 100

Fields = dict[bytes, bytes]
Concerned = Callable[[list[tuple[str, str]]], list[bool]]
"""Tells which pairs of a document and an entry of the ledger are to be erased."""


@dataclass(frozen=True, slots=True)
class Named:
    """An element of a place, and what it names.

    Attributes:
        id: Entry or key.
        pairs: Documents that it names, each with the entry of the event; `0-0` if unknown.
    """

    id: str
    pairs: tuple[tuple[str, str], ...]


class Places:
    """The places of a namespace.

    Args:
        redis: Server of the partition.
        keys: Its keys.
    """

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys
        self._streams = {
            "ledger set aside": keys.set_aside,
            "ledger": keys.ingested,
            "processed stream": keys.processed,
            "rejected stream": keys.rejected,
            "outcomes set aside": keys.unreadable,
            "late outcomes": keys.late,
        }

    def length(self) -> int:
        """Return how many entries the streams have."""
        with self._redis.pipeline(transaction=False) as pipe:
            for stream in self._streams.values():
                pipe.xlen(stream)
            return sum(pipe.execute())

    def last(self, place: str) -> str:
        """Return the last entry of a stream now; `0-0` for an empty one."""
        newest: Any = self._redis.xrevrange(self._streams[place], count=1)
        return text(newest[0][0]) if newest else "0-0"

    def page(self, place: str, after: str, until: str) -> list[Named]:
        """Return some entries of a stream behind `after`, up to `until`; empty at the end."""
        page: Any = self._redis.xrange(self._streams[place], f"({after}", until, count=_PAGE)
        is_ledger = STREAMS[place] is None or place == "ledger set aside"
        return [_named(text(entry), fields, is_ledger=is_ledger) for entry, fields in page]

    def replayed(self) -> Iterator[list[Named]]:
        """Yield the rejections that were replayed, in pages."""
        for key in self._redis.scan_iter(match=self._keys.replayed("*"), count=1000):
            fields: Any = self._redis.hgetall(key)
            yield [_named(text(key), fields, is_ledger=False)]

    def orders(self) -> Iterator[list[Named]]:
        """Yield the actions that hold an edited event, in pages."""
        actions: Any = self._redis.zrange(self._keys.actions, 0, -1)
        for action in map(text, actions):
            stored: Any = self._redis.hget(self._keys.action(action), "order")
            order = None if stored is None else order_of_json(stored)
            if order is not None and order.event:
                ids = claimed_ids(order.event.encode())
                if ids.document_id is not None:
                    yield [Named(action, ((ids.document_id, "0-0"),))]

    def erase(self, place: str, found: list[Named]) -> int:
        """Remove elements of a place; return how many were there."""
        if not found:
            return 0
        if place == REPLAYED:
            return int(self._redis.delete(*(each.id for each in found)))
        if place == ORDERS:
            return sum(self._erase_order(each.id) for each in found)
        if STREAMS[place] is None:
            return self._erase_events(found)
        keys = self._keys
        names = [
            self._streams[place],
            keys.failed, keys.groups, keys.sinks, keys.outbox, keys.counters, keys.history,
        ]  # fmt: skip
        arguments = [STREAMS[place], *(each.id for each in found)]
        return int(load("redis", "erase_entries").run(self._redis, names, arguments))

    def _erase_events(self, found: list[Named]) -> int:
        keys = self._keys
        arguments = [part for each in found for part in (each.id, each.pairs[0][0])]
        return int(
            load("redis", "forget_entries").run(
                self._redis,
                [keys.ingested, keys.reading, keys.counters, keys.history],
                [GROUP, *arguments],
            )
        )

    def _erase_order(self, action: str) -> int:
        key = self._keys.action(action)
        stored: Any = self._redis.hget(key, "order")
        if stored is None:
            return 0
        changed = order_json(replace(order_of_json(stored), event="", edits={}))
        self._redis.hset(key, "order", changed)
        return 1


def chosen(page: list[Named], concerned: Concerned) -> list[Named]:
    """Return the elements of a page that name a document to erase."""
    pairs = [pair for each in page for pair in each.pairs]
    answers = dict(zip(pairs, concerned(pairs), strict=True)) if pairs else {}
    return [each for each in page if any(answers[pair] for pair in each.pairs)]


def entries_of(redis: Redis, stream: str) -> Iterator[tuple[str, Fields]]:
    """Yield the entries of a stream, the oldest first; none for no stream."""
    newest: Any = redis.xrevrange(stream, count=1)
    last = text(newest[0][0]) if newest else "-"
    after = "-"
    while newest:
        page: Any = redis.xrange(stream, after, last, count=_PAGE)
        if not page:
            return
        for entry, fields in page:
            yield text(entry), fields
        after = f"({text(page[-1][0])}"


def _named(element: str, fields: Fields, *, is_ledger: bool) -> Named:
    by_name = {name.decode(errors="replace"): value for name, value in fields.items()}
    if is_ledger:
        document = claimed_ids(event_body(by_name) or b"").document_id
        return Named(element, () if document is None else ((document, element),))
    original = {
        text(name[len(_ORIGINAL) :]): value
        for name, value in fields.items()
        if name.startswith(_ORIGINAL)
    }
    announced = claimed_ids(fields.get(b"event") or b"")
    # The id of an outcome is the entry of its event.
    entry = announced.event_id or ""
    entry = entry if is_entry_id(entry) else "0-0"
    documents = [
        announced.document_id,
        claimed_ids(event_body(original) or b"").document_id,
        claimed_ids(event_body(by_name) or b"").document_id,
    ]
    return Named(element, tuple((each, entry) for each in dict.fromkeys(documents) if each))


def is_earlier(entry: str, at_ms: int) -> bool:
    """Return whether an entry came before a time."""
    return order_of(entry)[0] < at_ms
