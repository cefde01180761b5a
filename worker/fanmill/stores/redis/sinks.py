"""The registered sinks on Redis, for intake and operators."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from redis import Redis

from fanmill.core.entry_ids import order_of
from fanmill.ports.outbox import OutboxStream, SinkBacklog
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.redis.outbox import streams_of
from fanmill.stores.script import load

_SLICE: Final = 100


@dataclass(frozen=True, slots=True)
class UnreadableOutcome:
    """An outcome that a sink has set aside."""

    id: str
    """Its id among those set aside."""
    sink: str
    stream: str
    """`processed`, `rejected` or `late`."""
    entry_id: str
    error: str
    bytes: int
    """Size of its event, which is kept."""


class RedisSinks:
    """`fanmill.ports.outbox.Sinks` on Redis."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    def backlogs(self) -> list[SinkBacklog]:
        """Return the registered sinks, ordered by name."""
        return self.measure()[0]

    def unstored(self) -> int:
        """Return how many outcomes are not stored, of the slowest sink; 0 without a sink."""
        return max((sink.unstored for sink in self.backlogs()), default=0)

    def measure(self) -> tuple[list[SinkBacklog], int]:
        """Return the registered sinks, and the number of unreadable outcomes."""
        answer: Any = load("redis", "measure_outbox").run(
            self._redis,
            [self._keys.sinks, self._keys.unreadable, *streams_of(self._keys)],
            [],
        )
        now, unreadable, *sinks = answer
        found = [_backlog(int(now), each) for each in sinks]
        return sorted(found, key=lambda sink: sink.name), int(unreadable)

    def remove(self, name: str) -> bool:
        """Remove a sink, so that nothing waits for it; False if there is none of this name."""
        keys = self._keys
        return bool(
            load("redis", "leave_sink").run(
                self._redis, [keys.sinks, keys.outbox, *streams_of(keys)], [name]
            )
        )

    def unreadable(self, limit: int) -> list[UnreadableOutcome]:
        """Return up to `limit` outcomes that were set aside, the oldest first."""
        entries: Any = self._redis.xrange(self._keys.unreadable, count=limit)
        return [
            UnreadableOutcome(
                id=text(entry_id),
                sink=fields[b"sink"].decode(),
                stream=OutboxStream(int(fields[b"stream"])).name.lower(),
                entry_id=fields[b"id"].decode(),
                error=fields[b"error"].decode(errors="replace"),
                bytes=len(fields[b"event"]),
            )
            for entry_id, fields in entries
        ]

    def retry_unreadable(self) -> int:
        """Put all outcomes that were set aside back into the outbox; return their number."""
        return self._end_unreadable(put_back=True)

    def drop_unreadable(self) -> int:
        """Remove all outcomes that were set aside; return their number."""
        return self._end_unreadable(put_back=False)

    def _end_unreadable(self, *, put_back: bool) -> int:
        # No more than there were: a sink may set the same ones aside again meanwhile.
        left = int(self._redis.xlen(self._keys.unreadable))
        done = 0
        while left > 0:
            moved = int(
                load("redis", "retry_unreadable").run(
                    self._redis,
                    [self._keys.unreadable, self._keys.late],
                    [int(put_back), min(left, _SLICE)],
                )
            )
            if not moved:
                break
            left -= moved
            done += moved
        return done


def _backlog(now: int, answer: list[Any]) -> SinkBacklog:
    name, facts, pending, unread, oldest, complete = answer
    known = json.loads(facts)
    age = 0.0 if oldest is None else max(0.0, (now - order_of(text(oldest))[0]) / 1000)
    return SinkBacklog(
        name=text(name),
        store=str(known.get("store", "")),
        since_ms=int(known.get("since_ms", 0)),
        seen_ms=int(known.get("seen_ms", 0)),
        pending=int(pending),
        unread=int(unread),
        oldest_seconds=age,
        has_groups=bool(complete),
    )
