"""Erasure of documents from a partition: ledger, outbox, dead letters, records, index, actions.

Each step can be repeated, so an erasure that was killed is completed by another one. The ledger
comes first: a document that is in no ledger can make no new traces in the places that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Any, Final

from redis import Redis

from fanmill.core.claimed_ids import claimed_ids
from fanmill.core.entry_ids import is_entry_id, order_of
from fanmill.ops.backlog import remove_in_flight, remove_waiting
from fanmill.ops.process_registry import all_processes
from fanmill.stores.action_order import order_json, order_of_json
from fanmill.stores.event_field import event_body
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.script import load

TOMBSTONE_DAYS: Final = 30
"""Time for which a trace knows that a document was forgotten."""

_PAGE: Final = 100
_BATCH: Final = 500
_ORIGINAL: Final = b"original:"
_HEARTBEAT_SECONDS: Final = 6.0
"""Time after which the heartbeat of a worker names every batch that it holds."""


@dataclass(slots=True)
class Erased:
    """Number of places from which documents were erased, by their kind."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, place: str, number: int) -> None:
        """Count places."""
        if number:
            self.counts[place] = self.counts.get(place, 0) + number


OnStep = Callable[[str], None]


class Erasure:
    """An erasure of documents from one partition.

    Args:
        redis: Server of the partition.
        keys: Its keys.
        index: The duplicate index.
        document_ids: The documents.
        at_ms: Time of the erasure in ms since 1970, by the server. Later events stay.
        dry_run: Whether to count only.
        on_step: Told of the place that is searched.
    """

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        index: RedisFingerprintIndex,
        document_ids: Collection[str],
        at_ms: int,
        *,
        dry_run: bool = False,
        on_step: OnStep = lambda _: None,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._index = index
        self._ids = frozenset(document_ids)
        self._at_ms = at_ms
        self._dry_run = dry_run
        self._on_step = on_step
        self.erased = Erased()

    @property
    def at(self) -> datetime:
        """Time of the erasure."""
        return datetime.fromtimestamp(self._at_ms / 1000, UTC)

    def ledger(self, deadline_seconds: float) -> None:
        """Leave tombstones, and end the events of the documents that wait or are in flight.

        They become rejections, which `rest` removes. Return when no worker holds any of them, or
        after the deadline.
        """
        self._on_step("ledger")
        if not self._dry_run:
            for batch in _batches(sorted(self._ids)):
                with self._redis.pipeline(transaction=False) as pipe:
                    for each in batch:
                        key = self._keys.forgotten(each)
                        pipe.set(key, self._at_ms, ex=TOMBSTONE_DAYS * 86_400)
                    pipe.execute()
        entries = [
            entry
            for entry, fields in self._entries(self._keys.ingested)
            if order_of(entry)[0] < self._at_ms and self._concerns(event_body(_named(fields)))
        ]
        if self._dry_run:
            self.erased.add("ledger", len(entries))
            return
        held: list[str] = []
        for batch in _batches(entries):
            removed = remove_waiting(self._redis, self._keys, batch, "forgotten")
            self.erased.add("ledger", len(removed))
            others = [each for each in batch if each not in set(removed)]
            ended = remove_in_flight(self._redis, self._keys, others, "forgotten")
            held += [each.entry_id for each in ended]
        self.erased.add("ledger", len(held))
        if held:
            self._await_workers(set(held), deadline_seconds)

    def rest(self) -> None:
        """Erase the documents from all other places of the partition, and from the index."""
        keys = self._keys
        self._on_step("streams")
        self._erase_stream("processed stream", keys.processed, 1)
        self._erase_stream("rejected stream", keys.rejected, 2)
        self._erase_stream("late outcomes", keys.late, 3)
        self._erase_stream("outcomes set aside", keys.unreadable, 0)
        self._erase_stream("ledger set aside", keys.set_aside, 0)
        self._on_step("replayed originals")
        self._erase_replayed()
        self._on_step("actions")
        self._erase_orders()
        self._on_step("records and index")
        self._erase_documents()

    def _await_workers(self, entries: set[str], deadline_seconds: float) -> None:
        self._on_step("workers")
        until = monotonic() + deadline_seconds
        sleep(min(_HEARTBEAT_SECONDS, deadline_seconds))
        while monotonic() < until and any(
            not entries.isdisjoint(batch.entries)
            for process in all_processes(self._redis, self._keys)
            for batch in process.load.batches
        ):
            sleep(0.2)

    def _erase_stream(self, place: str, stream: str, number: int) -> None:
        keys, found = self._keys, []
        for entry, fields in self._entries(stream):
            if self._is_later(fields.get(b"event")):
                continue
            bodies = [fields.get(b"event"), event_body(_original(fields))]
            if number == 0:
                bodies.append(event_body(_named(fields)))
            if any(self._concerns(body) for body in bodies):
                found.append(entry)
        if self._dry_run:
            self.erased.add(place, len(found))
            return
        names = [
            stream, keys.failed, keys.groups, keys.sinks, keys.outbox, keys.counters, keys.history
        ]  # fmt: skip
        for batch in _batches(found):
            done: Any = load("redis", "erase_entries").run(self._redis, names, [number, *batch])
            self.erased.add(place, int(done))

    def _erase_replayed(self) -> None:
        for key in self._redis.scan_iter(match=self._keys.replayed("*"), count=1000):
            fields: Any = self._redis.hgetall(key)
            bodies = [
                fields.get(b"event"),
                event_body(_original(fields)),
                event_body(_named(fields)),
            ]
            bodies += [value for value in fields.values() if value.startswith(b"{")]
            if any(self._concerns(body) for body in bodies):
                self.erased.add("replayed originals", 1)
                if not self._dry_run:
                    self._redis.delete(key)

    def _erase_orders(self) -> None:
        """Take edited events of the documents out of the history of actions."""
        actions: Any = self._redis.zrange(self._keys.actions, 0, -1)
        for action in actions:
            key = self._keys.action(text(action))
            stored: Any = self._redis.hget(key, "order")
            if stored is None:
                continue
            order = order_of_json(stored)
            if self._concerns(order.event.encode()):
                self.erased.add("orders of actions", 1)
                if not self._dry_run:
                    changed = order_json(replace(order, event="", edits={}))
                    self._redis.hset(key, "order", changed)

    def _erase_documents(self) -> None:
        for batch in _batches(sorted(self._ids)):
            with self._redis.pipeline(transaction=False) as pipe:
                for each in batch:
                    pipe.hmget(self._keys.document(each), "state", "newest")
                kept = pipe.execute()
            # A later event has begun a new life of the document.
            old = [
                each
                for each, (state, entry) in zip(batch, kept, strict=True)
                if (state is not None or entry is not None)
                and (entry is None or order_of(text(entry))[0] < self._at_ms)
            ]
            known = [each for each in batch if self._in_index(each)]
            self.erased.add("records", len(old))
            self.erased.add("index", len(known))
            if self._dry_run:
                continue
            with self._redis.pipeline(transaction=True) as pipe:
                for each in old:
                    pipe.delete(self._keys.document(each))
                    pipe.zrem(self._keys.results, each)
                pipe.execute()
            for each in known:
                self._index.forget(each)

    def _in_index(self, document_id: str) -> bool:
        return any(
            self._index.opened(name, "adopt").cluster(document_id, 1) is not None
            for name in self._index.partitions()
        )

    def _is_later(self, announced: bytes | None) -> bool:
        """Return whether an outcome is of an event that came after the erasure began."""
        entry = claimed_ids(announced or b"").event_id
        return entry is not None and is_entry_id(entry) and order_of(entry)[0] >= self._at_ms

    def _concerns(self, body: bytes | None) -> bool:
        return bool(body) and claimed_ids(body or b"").document_id in self._ids

    def _entries(self, stream: str) -> Iterator[tuple[str, dict[bytes, bytes]]]:
        """Yield the entries of a stream in pages, as it was at the beginning."""
        return entries_of(self._redis, stream)


def entries_of(redis: Redis, stream: str) -> Iterator[tuple[str, dict[bytes, bytes]]]:
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


def _named(fields: dict[bytes, bytes]) -> dict[str, bytes]:
    return {name.decode(errors="replace"): value for name, value in fields.items()}


def _original(fields: dict[bytes, bytes]) -> dict[str, bytes]:
    return {
        text(name[len(_ORIGINAL) :]): value
        for name, value in fields.items()
        if name.startswith(_ORIGINAL)
    }


def _batches(items: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(items), _BATCH):
        yield items[at : at + _BATCH]
