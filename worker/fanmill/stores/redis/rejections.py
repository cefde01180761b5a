"""The rejections on a Redis stream, for operators."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from json import loads
from typing import Any, Final

from pydantic import ValidationError
from redis import Redis

from fanmill.core.entry_ids import is_entry_id, order_of, rfc3339
from fanmill.ports import FailureGroup, NotReplayable, RejectedEntry
from fanmill.stores.event_field import event_body
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.redis.failure_groups import list_groups
from fanmill.stores.samples import with_samples
from fanmill.stores.script import load
from fanmill_contracts import DocumentRejected, InvalidEvent, decode_ingested
from fanmill_contracts.events import FANMILL_SOURCE, RejectedData
from fanmill_contracts.streams import EVENT_FIELD

_PAGE: Final = 100
_ORIGINAL: Final = "original:"
_CUT: Final = "cut"

_REPLAY_MEMORY_MS: Final = 7 * 86_400_000
"""Time for which a trace finds the new entry of a replayed rejection; as for bulk actions."""


class RedisRejections:
    """`fanmill.ports.Rejections` on Redis."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys
        self._list = load("redis", "list_rejected")
        self._replay = load("redis", "replay")
        self._drop = load("redis", "drop")
        self._count_failed = load("redis", "count_failed")

    def entries(
        self, after: str | None = None, limit: int | None = None
    ) -> Iterator[RejectedEntry]:
        """Return rejected entries without their originals; see the port."""
        left = limit
        last = after
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            page: Any = self._list.run(
                self._redis, [self._keys.rejected], ["-" if last is None else f"({last}", size]
            )
            if not page:
                return
            for rejected_id, event, original_bytes, cut, group in page:
                last = text(rejected_id)
                yield RejectedEntry(
                    last, _event(last, event), {}, original_bytes, _cut_bytes(cut), text(group)
                )
            left = None if left is None else left - len(page)

    def of_document(self, document_id: str) -> Iterator[RejectedEntry]:
        """Return the rejections that name a document; see the port."""
        return (entry for entry in self.entries() if entry.event.data.document_id == document_id)

    def get(self, rejected_id: str) -> RejectedEntry | None:
        """Return one entry with its original; None when there is none of this id."""
        # Half an id, the milliseconds alone, would find the first entry of that time.
        if not is_entry_id(rejected_id):
            return None
        found: Any = self._redis.xrange(self._keys.rejected, rejected_id, rejected_id)
        if found:
            return _rejected(rejected_id, found[0][1])
        replayed: Any = self._redis.hgetall(self._keys.replayed(rejected_id))
        return _rejected(rejected_id, replayed) if replayed else None

    def replay(self, rejected_id: str) -> str | None:
        """Put the original back on the ledger and remove the rejection; see the port."""
        entry = self.get(rejected_id)
        if entry is None or entry.replayed_as is not None:
            return None
        if not entry.original or entry.cut_bytes is not None:
            raise NotReplayable(rejected_id, entry.cut_bytes)
        answer = self._replay.run(
            self._redis,
            [
                self._keys.rejected,
                self._keys.ingested,
                self._keys.failed,
                self._keys.counters,
                self._keys.history,
                self._keys.groups,
                self._event_key(entry),
                self._keys.replayed(rejected_id),
            ],
            [rejected_id, _REPLAY_MEMORY_MS],
        )
        return None if answer is None else text(answer)

    def drop(self, rejected_id: str) -> bool:
        """Remove one rejection for good; False when there is none of this id."""
        # Half an id, the milliseconds alone, names no entry.
        if not is_entry_id(rejected_id):
            return False
        removed = self._drop.run(
            self._redis,
            [
                self._keys.rejected,
                self._keys.failed,
                self._keys.counters,
                self._keys.history,
                self._keys.groups,
            ],
            [rejected_id],
        )
        return int(removed) == 1

    def groups(self) -> list[FailureGroup]:
        """Return the failure groups, the one with the latest rejection first; see the port."""
        return with_samples(list_groups(self._redis, self._keys), self.entries)

    def now_ms(self) -> int:
        """Return the server's time in ms since 1970."""
        seconds, microseconds = self._redis.time()
        return int(seconds) * 1000 + int(microseconds) // 1000

    def count(self) -> int:
        """Return how many there are."""
        return int(self._redis.xlen(self._keys.rejected))

    def count_failed(self) -> int:
        """Return how many of them a stage rejected; see the port."""
        return int(
            self._count_failed.run(self._redis, [self._keys.rejected, self._keys.failed], [])
        )

    def _event_key(self, entry: RejectedEntry) -> str:
        body = event_body(entry.original)
        if body is None:
            return self._keys.nothing
        try:
            event = decode_ingested(body)
        except InvalidEvent:
            # It never was admitted, so nothing remembers it.
            return self._keys.nothing
        return self._keys.event(event.source, event.id)


def _rejected(rejected_id: str, fields: Mapping[bytes, bytes]) -> RejectedEntry:
    original = {
        name.decode(errors="replace").removeprefix(_ORIGINAL): value
        for name, value in fields.items()
        if name.startswith(_ORIGINAL.encode())
    }
    return RejectedEntry(
        id=rejected_id,
        event=_event(rejected_id, fields.get(EVENT_FIELD.encode())),
        original=original,
        original_bytes=sum(map(len, original.values())),
        cut_bytes=_cut_bytes(fields.get(_CUT.encode(), b"")),
        group=text(fields.get(b"group", b"")),
        replayed_as=_text_or_none(fields.get(b"entry")),
        replayed_by=_text_or_none(fields.get(b"action")),
    )


def _text_or_none(value: bytes | None) -> str | None:
    return None if value is None else text(value)


def _event(rejected_id: str, body: bytes | None) -> DocumentRejected:
    try:
        return DocumentRejected.model_validate_json(body or b"")
    except ValidationError:
        return _foreign(rejected_id)


def _foreign(rejected_id: str) -> DocumentRejected:
    # Any program may write to the stream; its entries must not end a listing.
    time = datetime.fromisoformat(rfc3339(order_of(rejected_id)[0])).astimezone(UTC)
    return DocumentRejected(
        specversion="1.0",
        id=rejected_id,
        source=FANMILL_SOURCE,
        data=RejectedData(
            document_id=None,
            reason="malformed-event",
            stage="intake",
            error="this entry of the rejected stream is not a rejection of this release",
            attempts=1,
            received_at=None,
            rejected_at=time,
        ),
    )


def _cut_bytes(cut: bytes) -> int | None:
    try:
        size = loads(cut or b"{}")["event"]["bytes"]
    except (ValueError, LookupError, TypeError):
        return None
    return int(size)
