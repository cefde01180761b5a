"""The ledger on a Redis stream with a consumer group."""

from collections.abc import Sequence
from itertools import islice
from json import dumps
from time import monotonic
from typing import Any, Final, get_args

from pydantic_core import from_json
from redis import Redis

from fanmill.ports import (
    ORIGINAL_BEGINNING_BYTES,
    Admission,
    Admitted,
    Committed,
    Entry,
    Events,
    Job,
    Overdue,
    Rejection,
    StageResult,
)
from fanmill.stores.keys import GROUP, WORKERS, Keys
from fanmill.stores.redis.arrival import Arrival
from fanmill.stores.redis.compression import compress_records
from fanmill.stores.redis.connection import text
from fanmill.stores.redis.overdue import find_overdue
from fanmill.stores.redis.rejecting import reject
from fanmill.stores.script import load
from fanmill_contracts import RejectionReason, limits
from fanmill_contracts.terms import Stage

_ADMITTED: Final[frozenset[str]] = frozenset(get_args(Admitted))
_COMMITTED: Final[frozenset[str]] = frozenset(get_args(Committed))

_GONE_MS: Final = 3_600_000
"""A consumer silent for so long has ended: intakes read every second."""

_LOOKED_AT_ONCE: Final = 500

_EVENT_BYTES: Final = (limits.MAX_EVENT_BYTES, ORIGINAL_BEGINNING_BYTES)
"""Arguments of scripts: the largest event, and the bytes handed on of a larger one."""


MAX_SOURCES: Final = 1000
"""Maximum number of sources that are remembered."""


class RedisLedger:
    """`fanmill.ports.Ledger` on Redis.

    Args:
        redis: A client that answers with bytes.
        keys: The keys of the namespace.
        result_retention_seconds: Time for which records are kept; None for no limit.
        processed_stream_maxlen: Approximate number of events that the processed stream
            keeps; None for all.
        idempotency_window_seconds: How long an event's id is remembered.
    """

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        result_retention_seconds: float | None,
        processed_stream_maxlen: int | None,
        idempotency_window_seconds: float,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._counted = (keys.counters, keys.history)
        # The scripts take 0 for no limit.
        self._retention_ms = (
            0 if result_retention_seconds is None else _milliseconds(result_retention_seconds)
        )
        self._processed_length = processed_stream_maxlen or 0
        self._memory_ms = _milliseconds(idempotency_window_seconds)
        self._arrival = Arrival(redis, keys.ingested)
        self._sources: set[str] = set()
        self._admit = load("redis", "admit")
        self._claim = load("redis", "claim")
        self._start = load("redis", "start")
        self._commit = load("redis", "commit")
        self._release = load("redis", "release")
        self._deregister = load("redis", "deregister")
        self._open = load("redis", "open")
        self._read = load("redis", "read")
        self._find_lost = load("redis", "find_lost")
        self._observe_losses = load("redis", "observe_losses")
        self._uncount_attempt = load("redis", "uncount_attempt")

    def open(self) -> None:
        """Make stream and consumer group where they do not exist.

        Also removes intakes from the group that were killed long ago.
        """
        self._open.run(self._redis, [self._keys.ingested, self._keys.reading], [GROUP])
        consumers: Any = self._redis.xinfo_consumers(self._keys.ingested, GROUP)
        for consumer in consumers:
            name = text(consumer["name"])
            if name != WORKERS and consumer["idle"] > _GONE_MS:
                self.deregister(name)

    def in_flight(self) -> int:
        """Return how many entries have been read and are not complete."""
        return int(self._redis.xpending(self._keys.ingested, GROUP)["pending"])

    def read(
        self, consumer: str, count: int, wait_seconds: float, enough_bytes: int = limits.MIB
    ) -> list[Entry]:
        """Return up to `count` unread entries; see the port."""
        deadline = monotonic() + wait_seconds
        arguments = [GROUP, consumer, count, enough_bytes, *_EVENT_BYTES, WORKERS]
        keys = self._keys
        names = [keys.ingested, keys.reading, keys.controls, keys.express, keys.overtaken]
        while True:
            answer: Any = self._read.run(self._redis, names, arguments)
            if isinstance(answer, list):
                self._arrival.seen()
                return [_entry(*item) for item in answer]
            left = deadline - monotonic()
            if left <= 0 or answer is None:
                return []
            self._arrival.wait([answer], left)

    def admit(self, admissions: Sequence[Admission]) -> list[Admitted]:
        """Enter valid events into the work; see the port."""
        if not admissions:
            return []
        keys = [self._keys.ingested, *self._counted, self._keys.released, self._keys.admitted]
        arguments: list[Any] = [GROUP, WORKERS, self._memory_ms, self._retention_ms]
        for admission in admissions:
            keys += (
                self._keys.event(admission.source, admission.event_id),
                self._keys.work(admission.entry_id),
                self._keys.document(admission.document_id),
            )
            prefixes = (admission.record_prefix, admission.event_prefix)
            arguments += (admission.entry_id, *prefixes, admission.span or "")
        self._note_sources({admission.source for admission in admissions})
        return [
            _one_of(_ADMITTED, answer) for answer in self._admit.run(self._redis, keys, arguments)
        ]

    def _note_sources(self, sources: set[str]) -> None:
        """Remember new sources, up to a maximum: a trace by event id alone tries them."""
        new = sources - self._sources
        if new and self._redis.scard(self._keys.sources) < MAX_SOURCES:
            self._redis.sadd(self._keys.sources, *new)
        if len(self._sources) < MAX_SOURCES:
            self._sources |= new

    def overdue(self, idle_seconds: float, count: int) -> list[Overdue]:
        """Return entries that are idle for long, released or lost; see the port."""
        return find_overdue(self._redis, self._keys, idle_seconds, count)

    def lost_unread(self) -> int:
        """Count the entries that others removed unread; see the port."""
        return int(
            self._observe_losses.run(
                self._redis, [self._keys.ingested, self._keys.reading, *self._counted], [GROUP]
            )
        )

    def find_lost(self) -> int:
        """Look for entries in work that others removed; see the port."""
        found = 0
        members = self._redis.sscan_iter(self._keys.admitted, count=_LOOKED_AT_ONCE)
        while page := [text(member) for member in islice(members, _LOOKED_AT_ONCE)]:
            found += self._find_lost.run(
                self._redis,
                [
                    self._keys.ingested,
                    self._keys.released,
                    self._keys.admitted,
                    *map(self._keys.work, page),
                ],
                [GROUP, WORKERS, *page],
            )
        return found

    def claim(self, consumer: str, entry_id: str, idle_seconds: float) -> Entry | None:
        """Claim one overdue entry; see the port."""
        answer: Any = self._claim.run(
            self._redis,
            [
                self._keys.ingested,
                self._keys.released,
                *self._counted,
                self._keys.work(entry_id),
            ],
            [GROUP, consumer, entry_id, round(idle_seconds * 1000), *_EVENT_BYTES],
        )
        return _entry(*answer) if answer else None

    def reject(self, rejections: Sequence[Rejection]) -> list[bool]:
        """Move entries to the rejected stream; see the port."""
        return reject(self._redis, self._keys, rejections) if rejections else []

    def deregister(self, consumer: str) -> None:
        """Remove the consumer from the group, unless it still holds entries."""
        self._deregister.run(self._redis, [self._keys.ingested], [GROUP, consumer])

    def start(self, stage: Stage, entries: Sequence[str], read: Events | None = None) -> list[Job]:
        """Mark entries as being worked on and return those that need this stage; see the port."""
        if not entries:
            return []
        answers: Any = self._start.run(
            self._redis,
            [
                self._keys.ingested,
                self._keys.released,
                *self._counted,
                *map(self._keys.work, entries),
            ],
            [GROUP, WORKERS, stage, int(read is None), *entries],
        )
        return [
            Job(
                entry,
                from_json(answer[0]) if read is None else read[entry],
                answer[1],
                text(answer[2]) or None,
            )
            for entry, answer in zip(entries, answers, strict=True)
            if answer
        ]

    def commit(self, stage: Stage, results: Sequence[StageResult]) -> list[Committed]:
        """Store stage results; complete, announce and remove what lacks none; see the port."""
        if not results:
            return []
        keys = [
            self._keys.ingested,
            self._keys.processed,
            self._keys.results,
            *self._counted,
            self._keys.data_points,
            self._keys.admitted,
            self._keys.outbox,
            self._keys.results_by_entry,
        ]
        arguments: list[Any] = [GROUP, stage, self._retention_ms, self._processed_length]
        for result in results:
            keys += (self._keys.work(result.entry_id), self._keys.document(result.document_id))
            arguments += (
                result.entry_id,
                result.document_id,
                result.members,
                result.problems,
                int(result.closes),
                result.verdict or "",
                result.data_point,
                result.fingerprint,
            )
        answers, records = self._commit.run(self._redis, keys, arguments)
        kept = [(result, record) for result, record in zip(results, records, strict=True) if record]
        compress_records(self._redis, self._keys, kept)
        return [_one_of(_COMMITTED, answer) for answer in answers]

    def release(self, stage: Stage, entries: Sequence[str], cause: RejectionReason) -> int:
        """Give entries back: their attempt at a stage ended; see the port."""
        if not entries:
            return 0
        given_back: Any = self._release.run(
            self._redis,
            [self._keys.released, *(self._keys.work(entry) for entry in entries)],
            [stage, cause, *entries],
        )
        return int(given_back)

    def uncount_attempt(self, stage: Stage, entries: Sequence[str]) -> None:
        """Uncount the last attempt; see the port."""
        if entries:
            self._uncount_attempt.run(
                self._redis, [self._keys.work(entry) for entry in entries], [stage]
            )


def _entry(entry_id: bytes | str, body: bytes | None, size: int) -> Entry:
    return Entry(text(entry_id), body, size)


def _one_of(known: frozenset[str], answer: bytes | str) -> Any:
    word = text(answer)
    if word not in known:
        raise ValueError(f"a script answered {dumps(word)}; expected one of {sorted(known)}")
    return word


def _milliseconds(seconds: float) -> int:
    # At least 1: the scripts and PEXPIRE give 0 another meaning.
    return max(1, int(seconds * 1000))
