"""The ledger on a Redis stream with a consumer group."""

from collections.abc import Sequence
from json import dumps
from typing import Any, Final, get_args

from pydantic_core import from_json
from redis import Redis
from redis.exceptions import NoScriptError, ResponseError

from fanmill.ports import (
    STAGES,
    Admission,
    Admitted,
    Committed,
    Entry,
    Job,
    Overdue,
    Rejection,
    StageResult,
)
from fanmill.stores.keys import GROUP, WORKERS, Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.rejection_event import rejection_prefix
from fanmill.stores.script import load
from fanmill_contracts import RejectionReason
from fanmill_contracts.results import Stage
from fanmill_contracts.streams import EVENT_FIELD

_ADMITTED: Final[frozenset[str]] = frozenset(get_args(Admitted))
_COMMITTED: Final[frozenset[str]] = frozenset(get_args(Committed))

_GONE_MS: Final = 3_600_000
"""A consumer silent for so long has ended: intakes read every second."""


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
        # The scripts take 0 for no limit.
        self._retention_ms = (
            0 if result_retention_seconds is None else _milliseconds(result_retention_seconds)
        )
        self._processed_length = processed_stream_maxlen or 0
        self._memory_ms = _milliseconds(idempotency_window_seconds)
        self._admit = load("redis", "admit")
        self._claim = load("redis", "claim")
        self._start = load("redis", "start")
        self._commit = load("redis", "commit")
        self._reject = load("redis", "reject")
        self._release = load("redis", "release")
        self._deregister = load("redis", "deregister")
        self._uncount_attempt = load("redis", "uncount_attempt")

    def open(self) -> None:
        """Make stream and consumer group where they do not exist.

        Also takes intakes off the group that were killed long ago.
        """
        try:
            self._redis.xgroup_create(self._keys.ingested, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise
        consumers: Any = self._redis.xinfo_consumers(self._keys.ingested, GROUP)
        for consumer in consumers:
            name = text(consumer["name"])
            if name != WORKERS and consumer["idle"] > _GONE_MS:
                self.deregister(name)

    def in_flight(self) -> int:
        """Return how many entries have been read and are not complete."""
        return int(self._redis.xpending(self._keys.ingested, GROUP)["pending"])

    def read(self, consumer: str, count: int, wait_seconds: float) -> list[Entry]:
        """Return up to `count` unread entries; see the port."""
        answer: Any = self._redis.xreadgroup(
            GROUP,
            consumer,
            {self._keys.ingested: ">"},
            count=count,
            # For Redis 0 means "for ever", for us "not at all".
            block=max(1, round(wait_seconds * 1000)) if wait_seconds > 0 else None,
        )
        if not answer:
            return []
        streams = answer.items() if isinstance(answer, dict) else answer
        return [
            _entry(entry_id, fields)
            for _, entries in streams
            for entry_id, fields in _flattened(entries)
        ]

    def admit(self, admissions: Sequence[Admission]) -> list[Admitted]:
        """Enter valid events into the work; see the port."""
        if not admissions:
            return []
        keys = [self._keys.ingested, self._keys.counters]
        arguments: list[Any] = [GROUP, WORKERS, self._memory_ms, self._retention_ms]
        for admission in admissions:
            keys += (
                self._keys.event(admission.source, admission.event_id),
                self._keys.work(admission.entry_id),
                self._keys.document(admission.document_id),
            )
            arguments += (admission.entry_id, admission.record_prefix, admission.event_prefix)
        return [
            _one_of(_ADMITTED, answer) for answer in self._admit.run(self._redis, keys, arguments)
        ]

    def overdue(self, idle_seconds: float, count: int) -> list[Overdue]:
        """Return entries that are idle for long or released; see the port."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.xpending_range(
                self._keys.ingested, GROUP, "-", "+", count, idle=round(idle_seconds * 1000)
            )
            pipe.srandmember(self._keys.released, count)
            idle, released = pipe.execute()
        known = {item["message_id"] for item in idle}
        others = sorted(entry for entry in released if entry not in known)
        if not idle and not others:
            return []
        fields = [
            *STAGES,
            *(f"attempts:{stage}" for stage in STAGES),
            *(f"cause:{stage}" for stage in STAGES),
            *(f"released:{stage}" for stage in STAGES),
            "revision",
        ]
        with self._redis.pipeline(transaction=False) as pipe:
            for entry in others:
                pipe.xpending_range(self._keys.ingested, GROUP, entry, entry, 1)
            for entry in (*(item["message_id"] for item in idle), *others):
                pipe.hmget(self._keys.work(text(entry)), fields)
            answers: list[Any] = pipe.execute()
        pending, works = answers[: len(others)], answers[len(others) :]
        gone = [entry for entry, held in zip(others, pending, strict=True) if not held]
        if gone:
            # Completed by a message that came twice: nobody took it off the set.
            self._redis.srem(self._keys.released, *gone)
        items = [*idle, *(held[0] if held else None for held in pending)]
        return [_overdue(item, work) for item, work in zip(items, works, strict=True) if item]

    def claim(self, consumer: str, entry_id: str, idle_seconds: float) -> Entry | None:
        """Claim one overdue entry; see the port."""
        answer: Any = self._claim.run(
            self._redis,
            [self._keys.ingested, self._keys.released, self._keys.work(entry_id)],
            [GROUP, consumer, entry_id, round(idle_seconds * 1000)],
        )
        for claimed, fields in answer:
            if fields is not None:
                return _entry(claimed, dict(zip(fields[::2], fields[1::2], strict=True)))
        return None

    def reject(self, rejections: Sequence[Rejection]) -> list[bool]:
        """Move entries to the rejected stream; see the port."""
        if not rejections:
            return []
        keys = [self._keys.ingested, self._keys.rejected, self._keys.counters]
        arguments: list[Any] = [GROUP]
        for rejection in rejections:
            document = rejection.document_id
            keys += (
                self._keys.work(rejection.entry_id),
                self._keys.nothing if document is None else self._keys.document(document),
            )
            arguments += (
                rejection.entry_id,
                "" if rejection.place == "intake" else rejection.place,
                rejection.attempts,
                rejection.reason,
                rejection_prefix(rejection),
            )
        return [bool(answer) for answer in self._reject.run(self._redis, keys, arguments)]

    def deregister(self, consumer: str) -> None:
        """Take the consumer's name off the group, unless entries still hang on it."""
        self._deregister.run(self._redis, [self._keys.ingested], [GROUP, consumer])

    def start(self, stage: Stage, entries: Sequence[str]) -> list[Job]:
        """Mark entries as being worked on and return those that need this stage."""
        if not entries:
            return []
        keys = [self._keys.ingested, *(self._keys.work(entry) for entry in entries)]
        arguments = [GROUP, WORKERS, stage, *entries]
        # Mark first, read after, in one round trip.
        with self._redis.pipeline(transaction=False) as pipe:
            self._start.enqueue(pipe, keys, arguments)
            for entry in entries:
                pipe.xrange(self._keys.ingested, entry, entry)
            marks, *found = pipe.execute(raise_on_error=False)
        if isinstance(marks, NoScriptError):
            marks = self._start.run(self._redis, keys, arguments)
        for answer in (marks, *found):
            if isinstance(answer, Exception):
                raise answer
        return [
            Job(entry, from_json(items[0][1][EVENT_FIELD.encode()]))
            for entry, mark, items in zip(entries, marks, found, strict=True)
            if mark and items
        ]

    def commit(self, stage: Stage, results: Sequence[StageResult]) -> list[Committed]:
        """Store stage results; complete, announce and remove what lacks none; see the port."""
        if not results:
            return []
        keys = [
            self._keys.ingested,
            self._keys.processed,
            self._keys.results,
            self._keys.counters,
            self._keys.latency,
            self._keys.rates,
            self._keys.data_points,
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
            )
        return [
            _one_of(_COMMITTED, answer) for answer in self._commit.run(self._redis, keys, arguments)
        ]

    def release(self, stage: Stage, entries: Sequence[str], cause: RejectionReason) -> None:
        """Give entries back: their attempt at a stage ended; see the port."""
        if not entries:
            return
        self._release.run(
            self._redis,
            [self._keys.released, *(self._keys.work(entry) for entry in entries)],
            [stage, cause, *entries],
        )

    def uncount_attempt(self, stage: Stage, entries: Sequence[str]) -> None:
        """Uncount the last attempt; see the port."""
        if entries:
            self._uncount_attempt.run(
                self._redis, [self._keys.work(entry) for entry in entries], [stage]
            )


def _flattened(entries: Any) -> Any:
    # RESP3 answers with a list of lists where RESP2 has a list.
    if entries and isinstance(entries[0], list) and entries[0] and isinstance(entries[0][0], tuple):
        return entries[0]
    return entries


def _entry(entry_id: bytes | str, fields: dict[bytes, bytes]) -> Entry:
    return Entry(text(entry_id), fields.get(EVENT_FIELD.encode()))


def _one_of(known: frozenset[str], answer: bytes | str) -> Any:
    word = text(answer)
    if word not in known:
        raise ValueError(f"a script answered {dumps(word)}; expected one of {sorted(known)}")
    return word


def _overdue(item: dict[str, Any], work: list[bytes | None]) -> Overdue:
    *columns, (revision,) = (work[at : at + len(STAGES)] for at in range(0, len(work), len(STAGES)))
    results, attempts, causes, released = (dict(zip(STAGES, each, strict=True)) for each in columns)
    return Overdue(
        entry_id=text(item["message_id"]),
        idle_seconds=item["time_since_delivered"] / 1000,
        deliveries=item["times_delivered"],
        admitted=revision is not None,
        missing=tuple(stage for stage in STAGES if results[stage] is None),
        attempts={stage: int(number or 0) for stage, number in attempts.items()},
        causes={stage: _cause(cause) for stage, cause in causes.items() if cause is not None},
        released=tuple(
            stage for stage in STAGES if released[stage] is not None and results[stage] is None
        ),
    )


def _cause(value: bytes) -> RejectionReason:
    reason: Any = value.decode()
    return reason if reason in get_args(RejectionReason) else "worker-lost"


def _milliseconds(seconds: float) -> int:
    # At least 1: the scripts and PEXPIRE give 0 another meaning.
    return max(1, int(seconds * 1000))
