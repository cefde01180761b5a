"""A sink on a real outbox, and a store in memory that fails as it is told to."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from builders import ManualClock, RedisStores, completed, ingested, taken_in
from fanmill.ports.store import CompletedEntry, Outcome, OutcomeRefused, RejectedOutcome, SaveCounts
from fanmill.sink import Sink, SinkPolicy
from fanmill.stores.keys import Keys
from fanmill.stores.redis.outbox import RedisOutbox
from fanmill_contracts import DocumentProcessed, encode
from fanmill_contracts.streams import EVENT_FIELD
from ledger_builders import refusal

SWIFT = SinkPolicy(
    take_over_seconds=0.05, retention_days=None, first_retry_seconds=0.01, max_retry_seconds=0.02
)


class KeepingStore:
    """A store in memory; each call takes the next of `errors` first."""

    def __init__(self) -> None:
        self.records: dict[str, CompletedEntry] = {}
        self.rejections: dict[str, RejectedOutcome] = {}
        self.saves: list[int] = []
        self.errors: list[Exception] = []
        self.never: Callable[[Outcome], Exception | None] = lambda _: None
        self.expired: list[tuple[datetime, int]] = []
        self.opened = 0
        self.is_open = False

    def open(self) -> "KeepingStore":
        self.opened += 1
        self.is_open = True
        return self

    def save(self, outcomes: Sequence[Outcome]) -> SaveCounts:
        assert self.is_open
        if self.errors:
            raise self.errors.pop(0)
        for outcome in outcomes:
            error = self.never(outcome)
            if error is not None:
                raise error
        self.saves.append(len(outcomes))
        before = len(self.records), len(self.rejections)
        for outcome in outcomes:
            if isinstance(outcome, CompletedEntry):
                self.records[outcome.entry_id] = outcome
            else:
                self.rejections[outcome.rejected_id] = outcome
        stored, rejected = len(self.records) - before[0], len(self.rejections) - before[1]
        return SaveCounts(stored, len(outcomes) - stored - rejected, 0, 0, rejected)

    def expire(self, completed_before: datetime, limit: int = 1000) -> int:
        self.expired.append((completed_before, limit))
        return 0

    def close(self) -> None:
        self.is_open = False


class Mills:
    """A namespace with outcomes, and the sinks over it."""

    def __init__(self, redis: Redis, keys: Keys, length: int | None = None) -> None:
        self.redis = redis
        self.keys = keys
        self.stores = RedisStores(redis, keys, processed_stream_maxlen=length)
        self.stores.ledger.open()
        self.length = length
        self.clock = ManualClock()
        self.stop = Event()
        self._numbers = iter(range(10_000))

    def outbox(self, name: str = "main") -> RedisOutbox:
        return RedisOutbox(self.redis, self.keys, name, "sqlite:///a", self.length)

    def sink(
        self, store: KeepingStore, name: str = "main", consumer: str = "a", policy: Any = SWIFT
    ) -> Sink:
        return Sink(
            consumer,
            outbox=self.outbox(name),
            open_store=store.open,
            policy=policy,
            clock=self.clock,
            failures=(RedisError,),
        )

    def complete(self, number: int = 1) -> list[str]:
        """Complete documents; return their entries."""
        return [
            completed(self.stores, ingested(f"doc-{each}", f"Text {each}."))
            for each in (next(self._numbers) for _ in range(number))
        ]

    def reject(self, number: int = 1) -> None:
        for each in (next(self._numbers) for _ in range(number)):
            event = ingested(f"doc-{each}", f"Text {each}.")
            (entry,) = taken_in(self.stores, event)
            self.stores.ledger.reject([refusal(entry, document_id=f"doc-{each}")])

    def rejected_ids(self) -> list[str]:
        return [entry.id for entry in self.stores.rejections.entries()]

    def write_raw(self, body: bytes, field: str = EVENT_FIELD) -> str:
        answer: Any = self.redis.xadd(self.keys.processed, {field: body})
        return answer.decode()

    def announced(self) -> dict[str, DocumentProcessed]:
        return {event.id: event for event in self.stores.processed()}

    def drain(self, sink: Sink) -> int:
        """Poll until nothing is left; return how many outcomes there were."""
        total = 0
        while found := sink.poll(self.stop, 0):
            total += found
            self.clock.advance(0.1)
        return total


def poison(document_id: str) -> Callable[[Outcome], Exception | None]:
    """Return a refusal of all outcomes of a document."""

    def refuse(outcome: Outcome) -> Exception | None:
        if isinstance(outcome, CompletedEntry) and outcome.record["document_id"] == document_id:
            return OutcomeRefused("a NUL character")
        return None

    return refuse


def as_json(event: DocumentProcessed) -> bytes:
    return encode(event)
