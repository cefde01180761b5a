"""The whereabouts of a document, event or entry, from a bounded look at the server."""

from dataclasses import replace
from typing import Any, Final

from redis import Redis

from fanmill.core.claimed_ids import claimed_ids
from fanmill.core.entry_ids import is_entry_id, order_of, rfc3339
from fanmill.ops.backlog import describe, held_by_group, peek
from fanmill.ops.process_registry import server_ms
from fanmill.ops.rejection_search import RejectionSearch
from fanmill.ops.trace_answer import Trace, rejected_trace
from fanmill.stores.keys import GROUP, Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.redis.controls import RedisControls
from fanmill.stores.redis.history import rate_per_second, read_series
from fanmill.stores.redis.rejections import RedisRejections
from fanmill.stores.script import load
from fanmill_contracts.stored_records import stored_record

_COUNTED: Final = 300
"""Waiting entries that are counted from each end of the backlog; between, a position is about."""

_SCANNED: Final = 400
"""Waiting entries that are searched for an id from each end of the backlog."""

_SCAN_BYTES: Final = 4_000_000
_SLICE: Final = 100
_AROUND: Final = 100
"""Records or rejections that are looked at on each side of the place that their order tells."""

_HOPS: Final = 8
"""Replays that a trace follows."""


class Tracer:
    """Answers where an id is.

    Args:
        redis: A client of the server.
        keys: The keys of the namespace.
        source: Source of the event, where an event id is not unique; None to try all that are
            known.
        whole: Whether to search all waiting entries, in slices, however many there are.
    """

    def __init__(
        self, redis: Redis, keys: Keys, *, source: str | None = None, whole: bool = False
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._source = source
        self._whole = whole

    def trace(self, wanted: str) -> Trace:
        """Return the state of the document, event or entry of this id."""
        found = (
            (self._entry(wanted, past=False) if is_entry_id(wanted) else None)
            or self._document(wanted)
            or self._event(wanted)
            or self._search(wanted)
        )
        if found.state == "never seen":
            found = self._named_by_rejection(found)
        if found.state == "never seen":
            found = self._forgotten(found)
        if found.state == "never seen" and is_entry_id(wanted):
            # Last: a document may have an id of this form, such as 2026-11.
            found = self._past(wanted, searched_all=found.searched_all is not False) or found
        pauses = RedisControls(self._redis, self._keys).read().pauses
        return replace(found, id=wanted, pauses=pauses or None)

    def _entry(self, entry: str, hops: int = _HOPS, *, past: bool = True) -> Trace | None:
        pending = held_by_group(self._redis, self._keys, entry)
        if pending:
            (held,) = describe(self._redis, self._keys, pending)
            return Trace(
                entry, "in flight", "entry", entry, document_id=held.document_id, in_flight=held
            )
        known = self._waiting(entry) or self._replayed(entry, hops) or self._completed(entry)
        searched_all = True
        if known is None:
            rejected_id, searched_all = self._rejection_of(entry)
            known = self._rejection(rejected_id, "entry") if rejected_id else None
        # Entries and rejections are counted apart: in one millisecond both may get the same id.
        other = self._rejection(entry, "rejection")
        if known is None:
            return other or (self._past(entry, searched_all=searched_all) if past else None)
        if other is not None and other.entry_id != entry:
            return replace(
                known, note=f"a rejection has this id, too: fanmill rejected show {entry}"
            )
        return known

    def _waiting(self, entry: str) -> Trace | None:
        kind, position, waiting = load("redis", "position").run(
            self._redis, [self._keys.ingested], [GROUP, entry, _COUNTED, _SCAN_BYTES]
        )
        if text(kind) == "absent":
            return None
        now = server_ms(self._redis)
        series = read_series(self._redis, self._keys, "minute", 2, end_ms=now)
        rate = rate_per_second(series, "stage:deduplicate", now)
        return Trace(
            entry,
            "waiting",
            "entry",
            entry,
            position=position,
            waiting=waiting,
            exact=text(kind) == "exact",
            estimated_seconds=round(position / rate, 1) if rate else None,
        )

    def _replayed(self, old: str, hops: int) -> Trace | None:
        entry = self._redis.get(self._keys.replayed_as(old))
        if entry is None or hops == 0:
            return None
        new = text(entry)
        then = self._entry(new, hops - 1)
        document = then.document_id if then else None
        return Trace(
            old, "replayed", "entry", old, document_id=document, replayed_as=new, then=then
        )

    def _rejection(self, rejected_id: str, kind: Any) -> Trace | None:
        rejections = RedisRejections(self._redis, self._keys)
        found = rejections.get(rejected_id)
        if found is None or found.replayed_as is not None:
            return None
        return rejected_trace(rejected_id, kind, found.id, found.event)

    def _rejection_of(self, entry: str) -> tuple[str, bool]:
        """Return the rejected id of an entry, or nothing, and whether all were looked at."""
        if self._whole:
            found = RejectionSearch(self._redis, self._keys, None).of_entry(entry)
            return found.entry.id if found.entry else "", True
        rejected_id, searched_all = load("redis", "find_rejection").run(
            self._redis, [self._keys.rejected], [entry, _AROUND, _SCAN_BYTES]
        )
        return text(rejected_id), bool(searched_all)

    def _named_by_rejection(self, unseen: Trace) -> Trace:
        """Return the rejection of an event that was never admitted, or the same answer."""
        search = RejectionSearch(self._redis, self._keys, self._source)
        found = search.naming(unseen.id, whole=self._whole)
        if found.entry is None:
            return replace(
                unseen,
                scanned_rejections=found.searched,
                searched_all=bool(unseen.searched_all) and found.all,
            )
        event = found.entry.event
        kind = "document" if event.data.document_id == unseen.id else "event"
        return rejected_trace(unseen.id, kind, found.entry.id, event)

    def _completed(self, entry: str) -> Trace | None:
        keys = [self._keys.results, self._keys.results_by_entry, self._keys.document("")]
        document = load("redis", "find_completed").run(self._redis, keys, [entry, _AROUND])
        if not document:
            return None
        # The document may have a later revision in flight: the answer is about this entry.
        found = self._document_of(text(document), itself=False)
        return replace(found, kind="entry", entry_id=entry)

    def _past(self, entry: str, *, searched_all: bool) -> Trace | None:
        _, last, _ = peek(self._redis, self._keys, "", 0, 0)
        if order_of(entry) > order_of(last):
            return None
        return Trace(
            entry,
            "forgotten",
            "entry",
            entry,
            searched_all=None if searched_all else False,
            note="the ledger has given later ids; nothing is kept of an entry with this id"
            + ("" if searched_all else ", or its rejection is among those not searched"),
        )

    def _document(self, document_id: str) -> Trace | None:
        if not self._redis.exists(self._keys.document(document_id)):
            return None
        return self._document_of(document_id)

    def _document_of(self, document_id: str, *, itself: bool = True) -> Trace:
        """Return the state of a document, or of its record alone unless `itself`."""
        fields: Any = self._redis.hmget(
            self._keys.document(document_id),
            ["state", "newest", "revisions", "record", "rejection"],
        )
        state, newest, revisions, record, rejection = fields
        base = Trace(
            document_id,
            "complete",
            "document",
            None if newest is None else text(newest),
            document_id=document_id,
            revisions=int(revisions or 0),
        )
        if itself and state == b"received" and newest is not None:
            at = self._entry(text(newest))
            if at is not None and at.state == "in flight":
                return replace(base, state="in flight", in_flight=at.in_flight)
        if itself and state == b"rejected" and rejection is not None:
            rejected_id = text(rejection)
            at = self._replayed(rejected_id, _HOPS) or self._rejection(rejected_id, "document")
            if at is not None:
                return replace(
                    at, kind="document", document_id=document_id, revisions=base.revisions
                )
        if record is None:
            return replace(
                base, state="forgotten", note="its rejection was dropped, or its record has expired"
            )
        result = stored_record(record)
        return replace(
            base,
            completed_at=result.completed_at.isoformat(),
            verdict=result.deduplication.verdict,
        )

    def _forgotten(self, unseen: Trace) -> Trace:
        forgotten: Any = self._redis.get(self._keys.forgotten(unseen.id))
        if forgotten is None:
            return unseen
        return replace(
            unseen,
            state="forgotten",
            kind="document",
            document_id=unseen.id,
            note=f"fanmill forget removed it at {rfc3339(int(forgotten.split()[0]))}",
        )

    def _event(self, event_id: str) -> Trace | None:
        known: Any = (
            [self._source] if self._source else map(text, self._redis.smembers(self._keys.sources))
        )
        sources = list(known)
        if not sources:
            return None
        entries: Any = self._redis.mget([self._keys.event(each, event_id) for each in sources])
        for entry in entries:
            if entry is not None:
                found = self._entry(text(entry))
                if found is not None:
                    return replace(found, kind="event")
        return None

    def _search(self, wanted: str) -> Trace:
        """Search waiting entries for an id that nothing else knows: both ends, or all."""
        scanned = 0
        limit = float("inf") if self._whole else _SCANNED
        ends = [False] if self._whole else [False, True]
        _, last, _ = peek(self._redis, self._keys, "", 0, 0)
        for backward in ends:
            at, seen = ">" if backward else "", 0
            while seen < limit:
                delivered, _, page = peek(self._redis, self._keys, at, _SLICE, _SCAN_BYTES)
                for entry, body, _ in page:
                    seen += 1
                    at = f"{'>' if backward else ''}{text(entry)}"
                    if body and wanted.encode() in body and _carries(body, wanted, self._source):
                        found = self._waiting(text(entry)) or self._entry(text(entry))
                        if found is not None:
                            ids = claimed_ids(body)
                            return replace(
                                found,
                                kind="document" if ids.document_id == wanted else "event",
                                document_id=ids.document_id,
                            )
                if (
                    len(page) == 0
                    or order_of(text(page[-1][0])) >= order_of(last)
                    or (backward and order_of(text(page[-1][0])) <= order_of(delivered))
                ):
                    break
            scanned += seen
            if seen < limit:
                return Trace(wanted, "never seen", scanned=scanned, searched_all=True)
        return Trace(wanted, "never seen", scanned=scanned, searched_all=self._whole)


def _carries(body: bytes, wanted: str, source: str | None) -> bool:
    ids = claimed_ids(body)
    if ids.document_id == wanted:
        return True
    return ids.event_id == wanted and source in (None, ids.source)
