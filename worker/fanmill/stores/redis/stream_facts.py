"""Facts on a stream and its consumer groups, measured on the server in one script."""

from dataclasses import dataclass
from typing import Any

from redis import Redis

from fanmill.core.entry_ids import order_of
from fanmill.stores.redis.connection import text
from fanmill.stores.script import load


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A consumer group of a stream.

    Attributes:
        name: Its name.
        pending: Entries that were read and not acknowledged.
        unread: Entries that were not read; an upper bound if some were removed out of order.
        oldest_unread_ms: Time of the first unread entry in ms since 1970; None without one.
    """

    name: str
    pending: int
    unread: int
    oldest_unread_ms: int | None


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """A stream; all numbers are 0 for one that does not exist.

    Attributes:
        now_ms: Time of the server in ms since 1970.
        length: Number of entries.
        added: Number of entries that were ever added.
        last_ms: Time in the last id that was given.
        oldest_ms: Time of the first entry; None for an empty stream.
        groups: Its consumer groups.
    """

    now_ms: int
    length: int
    added: int
    last_ms: int
    oldest_ms: int | None
    groups: tuple[GroupFacts, ...]

    def group(self, name: str) -> GroupFacts | None:
        """Return the group of this name; None if there is none."""
        return next((group for group in self.groups if group.name == name), None)


def measure_stream(redis: Redis, stream: str) -> StreamFacts:
    """Return facts on a stream. Entries of any size stay on the server."""
    answer: Any = load("redis", "measure_stream").run(redis, [stream], [])
    now, length, added, last_id, oldest_id, *groups = answer
    return StreamFacts(
        now_ms=int(now),
        length=int(length),
        added=int(added),
        last_ms=order_of(text(last_id))[0],
        oldest_ms=_milliseconds(oldest_id),
        groups=tuple(
            GroupFacts(text(name), int(pending), int(unread), _milliseconds(next_id))
            for name, pending, unread, next_id in groups
        ),
    )


def _milliseconds(entry_id: bytes | None) -> int | None:
    return order_of(text(entry_id))[0] if entry_id else None
