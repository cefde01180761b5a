"""The results on Redis, for readers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, cast

from redis import Redis

from fanmill.ports import StoredDocument, StoredFingerprint
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill_contracts import DocumentResult
from fanmill_contracts.stored_records import decompressed, stored_record

_PAGE: Final = 500

_KEPT: Final = ["record", "entry", "fingerprint"]

State = Literal["received", "complete", "rejected"]


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record as the hash of its document keeps it."""

    document_id: str
    completed_ms: int
    entry_id: str
    record: bytes
    """JSON."""
    fingerprint: bytes
    """Packed fingerprint; empty without one."""


class RedisRecords:
    """`fanmill.ports.Records` on Redis."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    def get(self, document_id: str) -> StoredDocument | None:
        """Return what is known of a document; None for an unknown or expired one."""
        fields: Any = self._redis.hmget(
            self._keys.document(document_id), ["state", "revisions", "record", "rejection"]
        )
        state, revisions, record, rejection = fields
        if state is None:
            return None
        return StoredDocument(
            document_id=document_id,
            state=cast("State", text(state)),
            revisions=int(revisions),
            result=None if record is None else stored_record(record),
            rejection=None if rejection is None else text(rejection),
        )

    def completed(self, since: datetime | None, limit: int | None) -> Iterator[DocumentResult]:
        """Return results in order of completion, from `since` on; the oldest first.

        Read in pages: a document that is completed anew meanwhile moves to the
        end and may be seen twice, none is left out.
        """
        lowest = None if since is None else since.timestamp() * 1000
        for kept in self._kept(lowest, limit):
            yield stored_record(kept.record)

    def fingerprints(self) -> Iterator[StoredFingerprint]:
        """Return the fingerprints of all documents with a result, in order of completion."""
        for kept in self._kept(None, None):
            yield StoredFingerprint.of(stored_record(kept.record), kept.fingerprint)

    def kept(self, since_ms: int | None = None) -> Iterator[KeptRecord]:
        """Yield records as JSON in order of completion, from a time on; see `completed`."""
        for each in self._kept(since_ms, None):
            yield replace(each, record=decompressed(each.record))

    def _kept(self, since_ms: float | None, limit: int | None) -> Iterator[KeptRecord]:
        """Yield records in the form of the server, in order of completion."""
        lowest: float | str = "-inf" if since_ms is None else since_ms
        left = limit
        seen: set[str] = set()
        while left is None or left > 0:
            page: Any = self._redis.zrange(
                self._keys.results,
                cast("Any", lowest),
                cast("Any", "+inf"),
                byscore=True,
                offset=0,
                num=len(seen) + _PAGE,
                withscores=True,
            )
            # Begin again at the last score, without the members of it that were seen. An offset
            # would pass over others when one of those moves to the end or expires.
            page = [item for item in page if item[1] != lowest or text(item[0]) not in seen]
            if not page:
                return
            with self._redis.pipeline(transaction=False) as pipe:
                for document_id, _ in page:
                    pipe.hmget(self._keys.document(text(document_id)), _KEPT)
                records = pipe.execute()
            for (document_id, score), (record, entry, fingerprint) in zip(
                page, records, strict=True
            ):
                if record is None or (left is not None and left == 0):
                    continue
                left = None if left is None else left - 1
                yield KeptRecord(
                    text(document_id), int(score), text(entry or b""), record, fingerprint or b""
                )
            last = page[-1][1]
            at_last = {text(member) for member, score in page if score == last}
            seen = at_last | seen if last == lowest else at_last
            lowest = last

    def count(self) -> int:
        """Return how many documents have a result."""
        return int(self._redis.zcard(self._keys.results))
