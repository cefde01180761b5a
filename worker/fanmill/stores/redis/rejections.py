"""The dead letters on a Redis stream, for operators."""

from collections.abc import Iterator
from typing import Any, Final

from redis import Redis
from redis.exceptions import ResponseError

from fanmill.ports import RejectedEntry
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.script import load
from fanmill_contracts import DocumentRejected, InvalidEvent, decode_ingested
from fanmill_contracts.streams import EVENT_FIELD

_PAGE: Final = 100
_ORIGINAL: Final = "original:"


class RedisRejections:
    """`fanmill.ports.Rejections` on Redis."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys
        self._replay = load("redis", "replay")

    def entries(
        self, after: str | None = None, limit: int | None = None
    ) -> Iterator[RejectedEntry]:
        """Return rejected entries, the oldest first, from behind `after` on."""
        left = limit
        last = after
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            page: Any = self._redis.xrange(
                self._keys.rejected, "-" if last is None else f"({last}", "+", count=size
            )
            if not page:
                return
            for rejected_id, fields in page:
                last = text(rejected_id)
                yield _rejected(last, fields)
            left = None if left is None else left - len(page)

    def get(self, rejected_id: str) -> RejectedEntry | None:
        """Return one entry; None when there is none of this id."""
        try:
            found: Any = self._redis.xrange(self._keys.rejected, rejected_id, rejected_id)
        except ResponseError as error:
            if "Invalid stream ID" in str(error):
                return None
            raise
        # Half an id, the milliseconds alone, finds the first entry of that time.
        if not found or text(found[0][0]) != rejected_id:
            return None
        return _rejected(rejected_id, found[0][1])

    def replay(self, rejected_id: str) -> str | None:
        """Put the original back on the ledger and remove the rejection; see the port."""
        entry = self.get(rejected_id)
        if entry is None:
            return None
        answer = self._replay.run(
            self._redis,
            [self._keys.rejected, self._keys.ingested, self._event_key(entry)],
            [rejected_id],
        )
        return None if answer is None else text(answer)

    def drop(self, rejected_id: str) -> bool:
        """Remove one rejection for good; False when there is none of this id."""
        return (
            self.get(rejected_id) is not None
            and int(self._redis.xdel(self._keys.rejected, rejected_id)) == 1
        )

    def count(self) -> int:
        """Return how many there are."""
        return int(self._redis.xlen(self._keys.rejected))

    def _event_key(self, entry: RejectedEntry) -> str:
        body = entry.original.get(EVENT_FIELD)
        if body is None:
            return self._keys.nothing
        try:
            event = decode_ingested(body)
        except InvalidEvent:
            # It never was admitted, so nothing remembers it.
            return self._keys.nothing
        return self._keys.event(event.source, event.id)


def _rejected(rejected_id: str, fields: dict[bytes, bytes]) -> RejectedEntry:
    return RejectedEntry(
        id=rejected_id,
        event=DocumentRejected.model_validate_json(fields[EVENT_FIELD.encode()]),
        original={
            name.decode(errors="replace").removeprefix(_ORIGINAL): value
            for name, value in fields.items()
            if name.startswith(_ORIGINAL.encode())
        },
    )
