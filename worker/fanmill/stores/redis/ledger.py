"""The ledger on a Redis stream with a consumer group."""

from collections.abc import Sequence
from json import dumps
from typing import Any, Final, get_args

from pydantic_core import from_json
from redis import Redis
from redis.exceptions import NoScriptError, ResponseError

from fanmill.ports import (
    RELEASED_SECONDS,
    STAGES,
    Admission,
    Admitted,
    Committed,
    Entry,
    Job,
    Overdue,
    Part,
    Rejection,
)
from fanmill.stores.keys import GROUP, WORKERS, Keys
from fanmill.stores.redis.connection import Script, text
from fanmill.stores.rejection_event import rejection_prefix
from fanmill_contracts import RejectionReason
from fanmill_contracts.results import Stage
from fanmill_contracts.streams import EVENT_FIELD

_ADMITTED: Final[frozenset[str]] = frozenset(get_args(Admitted))
_COMMITTED: Final[frozenset[str]] = frozenset(get_args(Committed))


class RedisLedger:
    """`fanmill.ports.Ledger` on Redis.

    Args:
        redis: A client that answers with bytes.
        keys: The keys of the namespace.
        result_retention_seconds: How long records are kept; 0 for ever.
        processed_length: About how many events the processed stream keeps; 0 for all.
        event_memory_seconds: How long an event's id is remembered.
    """

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        result_retention_seconds: int,
        processed_length: int,
        event_memory_seconds: int,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._retention_ms = result_retention_seconds * 1000
        self._processed_length = processed_length
        self._memory_ms = event_memory_seconds * 1000
        self._admit = Script("admit")
        self._start = Script("start")
        self._commit = Script("commit")
        self._reject = Script("reject")
        self._release = Script("release")
        self._leave = Script("leave")
        self._excuse = Script("excuse")

    def open(self) -> None:
        """Make stream and consumer group where they do not exist."""
        try:
            self._redis.xgroup_create(self._keys.ingested, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

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
            arguments += (admission.entry_id, admission.head, admission.envelope)
        return [
            _one_of(_ADMITTED, answer) for answer in self._admit.run(self._redis, keys, arguments)
        ]

    def overdue(self, idle_seconds: float, count: int) -> list[Overdue]:
        """Return up to `count` entries idle for `idle_seconds` or more; see the port."""
        pending: Any = self._redis.xpending_range(
            self._keys.ingested, GROUP, "-", "+", count, idle=round(idle_seconds * 1000)
        )
        if not pending:
            return []
        fields = [*STAGES, *(f"attempts:{stage}" for stage in STAGES), "cause", "revision"]
        with self._redis.pipeline(transaction=False) as pipe:
            for item in pending:
                pipe.hmget(self._keys.work(text(item["message_id"])), fields)
            works = pipe.execute()
        return [_overdue(item, work) for item, work in zip(pending, works, strict=True)]

    def take(self, consumer: str, entry_id: str, idle_seconds: float) -> Entry | None:
        """Claim one overdue entry; see the port."""
        answer: Any = self._redis.xclaim(
            self._keys.ingested, GROUP, consumer, round(idle_seconds * 1000), [entry_id]
        )
        for claimed, fields in answer:
            if fields is not None:
                return _entry(claimed, fields)
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
                "" if document is None else self._keys.document(document),
            )
            arguments += (
                rejection.entry_id,
                "" if rejection.place == "intake" else rejection.place,
                rejection.attempts,
                rejection.reason,
                rejection_prefix(rejection),
            )
        return [bool(answer) for answer in self._reject.run(self._redis, keys, arguments)]

    def leave(self, consumer: str) -> None:
        """Take the consumer's name off the group, unless entries still hang on it."""
        self._leave.run(self._redis, [self._keys.ingested], [GROUP, consumer])

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

    def commit(self, stage: Stage, parts: Sequence[Part]) -> list[Committed]:
        """Store parts; complete, announce and remove what lacks none; see the port."""
        if not parts:
            return []
        keys = [
            self._keys.ingested,
            self._keys.processed,
            self._keys.results,
            self._keys.counters,
            self._keys.latency,
            self._keys.rates,
        ]
        arguments: list[Any] = [GROUP, stage, self._retention_ms, self._processed_length]
        for part in parts:
            keys += (self._keys.work(part.entry_id), self._keys.document(part.document_id))
            arguments += (
                part.entry_id,
                part.document_id,
                part.members,
                part.problems,
                int(part.closes),
                part.verdict or "",
            )
        return [
            _one_of(_COMMITTED, answer) for answer in self._commit.run(self._redis, keys, arguments)
        ]

    def release(self, entries: Sequence[str], cause: RejectionReason) -> None:
        """Give entries back for redelivery at once."""
        if not entries:
            return
        self._release.run(
            self._redis,
            [self._keys.ingested, *(self._keys.work(entry) for entry in entries)],
            [GROUP, WORKERS, cause, round(RELEASED_SECONDS * 1000), *entries],
        )

    def excuse(self, stage: Stage, entries: Sequence[str]) -> None:
        """Uncount the last attempt; see the port."""
        if entries:
            self._excuse.run(self._redis, [self._keys.work(entry) for entry in entries], [stage])


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
    count = len(STAGES)
    parts, attempts, (cause, revision) = work[:count], work[count : 2 * count], work[2 * count :]
    return Overdue(
        entry_id=text(item["message_id"]),
        idle_seconds=item["time_since_delivered"] / 1000,
        deliveries=item["times_delivered"],
        admitted=revision is not None,
        missing=tuple(stage for stage, part in zip(STAGES, parts, strict=True) if part is None),
        attempts={stage: int(number or 0) for stage, number in zip(STAGES, attempts, strict=True)},
        cause=_cause(cause),
    )


def _cause(value: bytes | None) -> RejectionReason | None:
    reason: Any = None if value is None else value.decode()
    return reason if reason in get_args(RejectionReason) else None
