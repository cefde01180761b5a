"""The stores under test, on Redis and in memory, with a view of what they hold."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Protocol

from redis import Redis

from builders.results import stage_result
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.intake.validation import validate
from fanmill.ports import (
    STAGES,
    Actions,
    Admission,
    Entry,
    FingerprintIndex,
    Ledger,
    Records,
    RejectedEntry,
    Rejections,
)
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.keys import Keys
from fanmill.stores.redis import RedisActions, RedisLedger, RedisRecords, RedisRejections
from fanmill.testing import (
    MemoryActions,
    MemoryFingerprintIndex,
    MemoryLedger,
    MemoryRecords,
    MemoryRejections,
    MemoryServer,
)
from fanmill_contracts import DocumentIngested, DocumentProcessed, decode, encode
from fanmill_contracts.streams import EVENT_FIELD


class Stores(Protocol):
    """The four stores over one server, with a view of what they have written."""

    ledger: Ledger
    index: FingerprintIndex
    records: Records
    rejections: Rejections
    actions: Actions

    def add(self, body: bytes, name: str = EVENT_FIELD) -> str:
        """XADD one field to the ledger."""

    def add_as(self, entry_id: str, body: bytes) -> str:
        """XADD an event under an id of its own."""

    def lose(self, entry_id: str) -> None:
        """Remove an entry as another program would."""

    def waiting(self) -> list[str]:
        """Return the ids of all entries in the ledger."""

    def works(self) -> int:
        """Return how many entries have work in flight."""

    def processed(self) -> list[DocumentProcessed]:
        """Return the processed stream."""


@dataclass
class MemoryStores:
    """The memory twins over one `MemoryServer`."""

    server: MemoryServer

    def __post_init__(self) -> None:
        self.ledger = MemoryLedger(self.server)
        self.index = MemoryFingerprintIndex(
            DedupParameters(), clock_ms=lambda: int(self.server.now() * 1000)
        )
        self.records = MemoryRecords(self.server)
        self.rejections = MemoryRejections(self.server)
        self.actions = MemoryActions(self.server)

    def add(self, body: bytes, name: str = EVENT_FIELD) -> str:
        return self.server.add(body, name)

    def add_as(self, entry_id: str, body: bytes) -> str:
        return self.server.write({EVENT_FIELD: body}, entry_id)

    def lose(self, entry_id: str) -> None:
        del self.server.ledger[entry_id]

    def waiting(self) -> list[str]:
        return list(self.server.ledger)

    def works(self) -> int:
        return len(self.server.work)

    def processed(self) -> list[DocumentProcessed]:
        return list(self.server.processed)


@dataclass
class RedisStores:
    """The stores on a server; without retention or limits unless told."""

    redis: Redis
    keys: Keys
    result_retention_seconds: float | None = None
    processed_stream_maxlen: int | None = None
    idempotency_window_seconds: float = 3600

    def __post_init__(self) -> None:
        self.ledger = RedisLedger(
            self.redis,
            self.keys,
            result_retention_seconds=self.result_retention_seconds,
            processed_stream_maxlen=self.processed_stream_maxlen,
            idempotency_window_seconds=self.idempotency_window_seconds,
        )
        self.index = RedisFingerprintIndex(self.redis, self.keys.streams.namespace)
        self.records = RedisRecords(self.redis, self.keys)
        self.rejections = RedisRejections(self.redis, self.keys)
        self.actions = RedisActions(self.redis, self.keys)

    def add(self, body: bytes, name: str = EVENT_FIELD) -> str:
        answer: Any = self.redis.xadd(self.keys.ingested, {name: body})
        return str(answer.decode())

    def add_as(self, entry_id: str, body: bytes) -> str:
        self.redis.xadd(self.keys.ingested, {EVENT_FIELD: body}, id=entry_id)
        return entry_id

    def lose(self, entry_id: str) -> None:
        assert self.redis.xdel(self.keys.ingested, entry_id) == 1

    def waiting(self) -> list[str]:
        entries: Any = self.redis.xrange(self.keys.ingested)
        return [entry_id.decode() for entry_id, _ in entries]

    def works(self) -> int:
        return sum(1 for _ in self.redis.scan_iter(match=self.keys.work("*"), count=1000))

    def processed(self) -> list[DocumentProcessed]:
        entries: Any = self.redis.xrange(self.keys.processed)
        events = [decode(fields[b"event"]) for _, fields in entries]
        return [event for event in events if isinstance(event, DocumentProcessed)]

    def counters(self) -> Counter[str]:
        """Return what was counted, without durations."""
        found: Any = self.redis.hgetall(self.keys.counters)
        counted = {name.decode(): int(number) for name, number in found.items()}
        return Counter({name: number for name, number in counted.items() if not is_duration(name)})


def is_duration(name: str) -> bool:
    """Return whether a count of the history belongs to a histogram or is a sum of times."""
    kind, _, rest = name.partition(":")
    return kind == "busy" or rest in {"sum", "inf"} or rest.isdecimal()


def taken_in(stores: Stores, *events: DocumentIngested) -> list[str]:
    """Write events to the ledger, read and admit them; return their entry ids."""
    for event in events:
        stores.add(encode(event))
    entries = stores.ledger.read("reader", len(events), 0)
    assert stores.ledger.admit([admission(entry) for entry in entries]) == [
        "admitted" for _ in events
    ]
    return [entry.id for entry in entries]


def written(entry_id: str, body: bytes) -> Entry:
    """Return an entry of the ledger as it is read."""
    return Entry(entry_id, body, len(body))


def rejected_with_originals(stores: "Stores") -> list[RejectedEntry]:
    """Return all rejections, each with its original."""
    found = [stores.rejections.get(entry.id) for entry in stores.rejections.entries()]
    return [entry for entry in found if entry is not None]


def admission(entry: Entry) -> Admission:
    """Return the admission of a valid entry."""
    judged = validate(entry)
    assert isinstance(judged, Admission)
    return judged


def completed(stores: Stores, event: DocumentIngested) -> str:
    """Admit an event and commit all its stage results; return its entry id."""
    (entry_id,) = taken_in(stores, event)
    for stage in STAGES:
        stores.ledger.commit(stage, [stage_result(stage, entry_id, event.data.document_id)])
    return entry_id
