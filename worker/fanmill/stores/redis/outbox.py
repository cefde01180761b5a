"""The outbox on Redis: three streams with a consumer group for each sink."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from time import monotonic
from typing import Any, Final, cast

from redis import Redis
from redis.exceptions import ResponseError

from fanmill.ports.outbox import Joined, OutboxEntry, OutboxStream
from fanmill.stores.keys import Keys
from fanmill.stores.redis.arrival import Arrival
from fanmill.stores.redis.connection import text
from fanmill.stores.script import load

BATCH_BYTES: Final = 8 * 1024 * 1024
"""Bytes of events after which a read stops."""

_PAUSE_SECONDS: Final = 0.02
"""Pause between two looks while outcomes keep arriving. Meanwhile a batch grows: one transaction
of the store for ten outcomes is cheaper than ten."""

_RELEASED_MS: Final = 86_400_000
"""Silence that a released outcome is given: longer than any limit."""

_GONE_MS: Final = 3_600_000
"""A consumer silent for so long has ended."""


class RedisOutbox:
    """`fanmill.ports.outbox.Outbox` on Redis.

    Args:
        redis: A client that answers with bytes.
        keys: The keys of the namespace.
        name: Name of the sink; its processes share a consumer group.
        store: URL of the store, without secrets, for operators.
        processed_stream_maxlen: Number of events that the processed stream keeps once they are
            stored; None for all.
        partition: Number of the partition, where several write to one store: the ids of their
            rejections end in `.N`, because two partitions may give the same id.
    """

    def __init__(  # noqa: PLR0917
        self,
        redis: Redis,
        keys: Keys,
        name: str,
        store: str,
        processed_stream_maxlen: int | None,
        partition: int | None = None,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._name = name
        self._store = store
        self._length = processed_stream_maxlen or 0
        self._suffix = "" if partition is None else f".{partition}"
        self._streams = streams_of(keys)
        self._group = group_of(name)
        self._counted = (keys.counters, keys.history)
        self._arrival = Arrival(redis, *self._streams, pause_seconds=_PAUSE_SECONDS)

    def join(self) -> Joined:
        """Register the sink; see the port."""
        answer: Any = load("redis", "join_sink").run(
            self._redis,
            [self._keys.sinks, self._keys.outbox, *self._counted, *self._streams],
            [self._name, self._store],
        )
        is_new, made, missed, lost = map(int, answer)
        return Joined(bool(is_new), made, missed, lost)

    def read(self, consumer: str, count: int, wait_seconds: float) -> list[OutboxEntry]:
        """Return unread outcomes; see the port."""
        deadline = monotonic() + wait_seconds
        keys = [self._keys.outbox, self._keys.controls, *self._counted, *self._streams]
        while True:
            answer: Any = load("redis", "read_outbox").run(
                self._redis, keys, [self._name, consumer, count, BATCH_BYTES]
            )
            if answer is None:
                return []
            found, lasts = answer
            if found:
                self._arrival.seen()
                return [self._entry(*item) for item in found]
            left = deadline - monotonic()
            if left <= 0:
                return []
            self._arrival.wait(lasts, left)

    def is_paused(self) -> bool:
        """Return whether an operator has paused the sinks."""
        return bool(self._redis.hexists(self._keys.controls, "pause:sink"))

    def pending(self, consumer: str, count: int) -> list[OutboxEntry]:
        """Return own outcomes without an acknowledgement; see the port."""
        return self._take(consumer, 0, count)

    def take_over(self, consumer: str, idle_seconds: float, count: int) -> list[OutboxEntry]:
        """Take the outcomes of silent consumers; see the port."""
        self._remove_dead(consumer)
        return self._take(consumer, max(1, round(idle_seconds * 1000)), count)

    def _take(self, consumer: str, silence_ms: int, count: int) -> list[OutboxEntry]:
        found: list[OutboxEntry] = []
        for number, stream in enumerate(self._streams, 1):
            answer: Any = load("redis", "take_pending").run(
                self._redis,
                [stream, *self._counted],
                [number, self._name, consumer, silence_ms, max(1, count - len(found)), BATCH_BYTES],
            )
            found += (self._entry(*item) for item in answer)
        return found

    def _remove_dead(self, consumer: str) -> None:
        for stream in self._streams:
            consumers: Any = self._redis.xinfo_consumers(stream, self._group)
            for each in consumers:
                name = text(each["name"])
                if name != consumer and each["idle"] > _GONE_MS and not each["pending"]:
                    self._deregister(stream, name)

    def fingerprints(self, entry_of: Mapping[str, str]) -> dict[str, bytes]:
        """Return fingerprints of documents; see the port."""
        if not entry_of:
            return {}
        answer: Any = load("redis", "fingerprints").run(
            self._redis, [self._keys.document(each) for each in entry_of], list(entry_of.values())
        )
        return {document: found for document, found in zip(entry_of, answer, strict=True) if found}

    def ack(
        self, entries: Sequence[OutboxEntry], refused: Mapping[OutboxEntry, str] | None = None
    ) -> int:
        """Acknowledge outcomes, and trim what all sinks have stored; see the port."""
        keys = self._keys
        arguments: list[Any] = [self._name, self._length, len(entries)]
        for entry in entries:
            arguments += (int(entry.stream), entry.id)
        for entry, problem in (refused or {}).items():
            arguments += (int(entry.stream), entry.id, problem)
        names = [keys.sinks, keys.outbox, keys.unreadable, *self._counted, *self._streams]
        return int(load("redis", "ack_outbox").run(self._redis, names, arguments))

    def touch(self, consumer: str, entries: Sequence[OutboxEntry]) -> None:
        """Tell that outcomes are in work; see the port."""
        self._claim(consumer, entries, None)

    def release(self, consumer: str, entries: Sequence[OutboxEntry]) -> None:
        """Let others take over outcomes at once; see the port."""
        self._claim(consumer, entries, _RELEASED_MS)

    def _claim(self, consumer: str, entries: Sequence[OutboxEntry], idle_ms: int | None) -> None:
        for number, ids in _by_stream(entries).items():
            self._redis.xclaim(
                self._streams[number - 1],
                self._group,
                consumer,
                0,
                cast("Any", ids),
                idle=idle_ms,
                justid=True,
            )

    def leave(self, consumer: str) -> None:
        """Remove a consumer that holds nothing; see the port."""
        for stream in self._streams:
            try:
                self._deregister(stream, consumer)
            except ResponseError as error:
                if not is_group_gone(error):
                    raise

    def _deregister(self, stream: str, consumer: str) -> None:
        load("redis", "deregister").run(self._redis, [stream], [self._group, consumer])

    def _entry(
        self, number: int, entry_id: bytes, event: bytes | None, rejected_id: bytes
    ) -> OutboxEntry:
        named = text(rejected_id) + self._suffix if rejected_id else ""
        return OutboxEntry(OutboxStream(number), text(entry_id), event, named)

    def count_error(self) -> None:
        """Count a failed call of the store."""
        load("redis", "count_sink_error").run(self._redis, self._counted, [self._name])

    def unreadable(self) -> int:
        """Return how many outcomes are set aside."""
        return int(self._redis.xlen(self._keys.unreadable))


def streams_of(keys: Keys) -> tuple[str, str, str]:
    """Return the streams of the outbox, in the order of `OutboxStream`."""
    return keys.processed, keys.rejected, keys.late


def group_of(name: str) -> str:
    """Return the consumer group of a sink."""
    return f"sink:{name}"


def is_group_gone(error: Exception) -> bool:
    """Return whether a command failed because a stream or its group was removed."""
    text_of = f"{getattr(error, 'status_code', '')} {error}"
    return "NOGROUP" in text_of or "no such key" in text_of


def _by_stream(entries: Iterable[OutboxEntry]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for entry in entries:
        found.setdefault(int(entry.stream), []).append(entry.id)
    return found
