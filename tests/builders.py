"""Builds what tests need: events, parts, and a whole fanmill that runs in one thread.

Everything here is the real thing or a full implementation of a port; nothing
records calls to be asserted on.
"""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from json import dumps, loads
from threading import Event
from typing import Any, Literal, Protocol

from redis import Redis

from fanmill.core.dedup.fingerprint import Fingerprinter, TokenizedText
from fanmill.core.dedup.judgement import Candidate
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.document import Document
from fanmill.core.record_members import RecordMembers
from fanmill.intake import Intake, IntakePolicy
from fanmill.intake.validation import validate
from fanmill.ports import (
    STAGES,
    Admission,
    Batch,
    Entry,
    FingerprintIndex,
    Ledger,
    Records,
    RejectedEntry,
    Rejections,
    StageResult,
)
from fanmill.steps import STEPS, Functions, Outcome, Services
from fanmill.steps.stage_results import members_json
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.keys import Keys
from fanmill.stores.redis import (
    RedisLedger,
    RedisRecords,
    RedisRejections,
)
from fanmill.stores.redis.history import read_totals
from fanmill.testing import (
    MemoryFingerprintIndex,
    MemoryLedger,
    MemoryRecords,
    MemoryRejections,
    MemoryServer,
)
from fanmill_contracts import (
    Deduplication,
    DocumentIngested,
    DocumentProcessed,
    Statistics,
    Summary,
    SummarySentence,
    Tagging,
    decode,
    encode,
)
from fanmill_contracts.streams import EVENT_FIELD
from fanmill_contracts.terms import Stage, Verdict

SOURCE = "/tests"


# --- events ---------------------------------------------------------------------------------


def ingested(
    document_id: str = "doc-1", text: str = "The mill stands on the river.", **more: Any
) -> DocumentIngested:
    """Return a valid event; `more` as in `DocumentIngested.create`."""
    return DocumentIngested.create(document_id, text, **{"source": SOURCE, **more})


def raw_event(**changes: Any) -> dict[str, Any]:
    """Return a small valid event as a producer without Python would write it.

    Keyword arguments replace or add members; `data` is merged; `...` removes one.
    """
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": "event-1",
        "source": SOURCE,
        "type": "fanmill.document.ingested.v1",
        "data": {"document_id": "doc-1", "text": "The mill stands on the river."},
    }
    data = changes.pop("data", {})
    event.update(changes)
    event["data"] = {**event["data"], **data} if isinstance(data, dict) else data
    if isinstance(event["data"], dict):
        event["data"] = {key: value for key, value in event["data"].items() if value is not ...}
    return {key: value for key, value in event.items() if value is not ...}


def raw_body(**changes: Any) -> bytes:
    """Return `raw_event` as the bytes in the ledger."""
    return dumps(raw_event(**changes), ensure_ascii=False).encode()


# --- parts of a record ----------------------------------------------------------------------


def deduplication(verdict: Verdict = "unique", duplicate_of: str | None = None) -> Deduplication:
    """Return a verdict."""
    return Deduplication(
        verdict=verdict,
        duplicate_of=duplicate_of,
        similarity=None if duplicate_of is None else 1.0,
        algorithm="exact-1",
    )


def statistics(text: str) -> Statistics:
    """Return statistics by the simplest rules there are."""
    words = text.split()
    return Statistics(
        bytes=len(text.encode()),
        characters=len(text),
        words=len(words),
        unique_words=len(set(words)),
        sentences=1 if words else 0,
        paragraphs=1 if words else 0,
        lines=len(text.splitlines()),
        mean_word_length=sum(map(len, words)) / len(words) if words else None,
        mean_sentence_length=float(len(words)) if words else None,
        unique_word_ratio=len(set(words)) / len(words) if words else None,
        reading_time_seconds=len(words) / 4,
    )


def summary(text: str) -> Summary:
    """Return the first 20 characters as the only sentence."""
    return Summary(
        method="head-1",
        sentences=(SummarySentence(text=text[:20], start=0, end=min(20, len(text))),)
        if text
        else (),
    )


def members(stage: Stage, text: str = "The mill stands on the river.") -> str:
    """Return what a stage adds to the record, as one JSON object."""
    match stage:
        case "deduplicate":
            digest = sha256(text.encode()).hexdigest()
            added = RecordMembers(text_sha256=digest, deduplication=deduplication())
        case "summarize":
            added = RecordMembers(statistics=statistics(text), summary=summary(text))
        case "tag":
            added = RecordMembers(tagging=Tagging(language="en", language_confidence=0.5))
    return members_json(added)


def stage_result(
    stage: Stage,
    entry_id: str,
    document_id: str = "doc-1",
    *,
    text: str = "The mill stands on the river.",
    problems: str = "[]",
    closes: bool = False,
) -> StageResult:
    """Return the result of a stage."""
    return StageResult(
        entry_id,
        document_id,
        members(stage, text),
        problems=problems,
        closes=closes,
        verdict="unique" if stage == "deduplicate" else None,
    )


# --- functions of the stages ----------------------------------------------------------------


class Refused(Exception):
    """What a stage raises on a text it is told to refuse."""


def refuses(stage: Stage, document: Document) -> None:
    """Raise on a text that says so: `refused by <stage>`."""
    if f"refused by {stage}" in document.text:
        raise Refused(f"{stage} cannot read {document.document_id}")


class PickyFingerprinter(Fingerprinter):
    """Makes real fingerprints of texts that are not refused."""

    def tokenize(self, texts: Sequence[str]) -> list[TokenizedText]:
        for text in texts:
            refuses("deduplicate", Document("bad", text))
        return super().tokenize(texts)


def asked(entry_id: str, document_id: str, text: str) -> Candidate:
    """Return a candidate for the index."""
    return Candidate(document_id, entry_id, Fingerprinter(DedupParameters()).fingerprint(text))


def summarize(document: Document) -> RecordMembers:
    """Return statistics and summary."""
    refuses("summarize", document)
    return RecordMembers(statistics=statistics(document.text), summary=summary(document.text))


def tag(document: Document) -> RecordMembers:
    """Return a language."""
    refuses("tag", document)
    language = document.language or "und"
    tagging = Tagging(language=language, language_confidence=float(language != "und"))
    return RecordMembers(tagging=tagging)


PLAIN = Functions(fingerprint=PickyFingerprinter, summarize=summarize, tag=tag)
"""Functions whose answers are easy to tell, with texts that make each of them raise."""


# --- the world ------------------------------------------------------------------------------


class Stores(Protocol):
    """The four stores over one server, with a view of what they have written."""

    ledger: Ledger
    index: FingerprintIndex
    records: Records
    rejections: Rejections

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
        counted = read_totals(self.redis, self.keys)
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
    """Take one event in and commit all its parts; return its entry id."""
    (entry_id,) = taken_in(stores, event)
    for stage in STAGES:
        stores.ledger.commit(stage, [stage_result(stage, entry_id, event.data.document_id)])
    return entry_id


class ManualClock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self._seconds = 1000.0

    def monotonic(self) -> float:
        return self._seconds

    def wall(self) -> float:
        """Return seconds since 1970."""
        return datetime(2026, 3, 1, tzinfo=UTC).timestamp() + self._seconds

    def advance(self, seconds: float) -> None:
        self._seconds += seconds


@dataclass
class QueueDispatcher:
    """`fanmill.ports.Dispatcher` over queues in memory, first in, first out."""

    clock: ManualClock
    queues: dict[Stage, deque[tuple[float, str]]] = field(
        default_factory=lambda: {stage: deque() for stage in STAGES}
    )
    sent: list[tuple[Stage, Batch]] = field(default_factory=list)
    """All that ever went out: the sizes of batches are a promise of intake."""

    def dispatch(self, stage: Stage, batch: Batch) -> None:
        self.sent.append((stage, batch))
        # As JSON, the way every real message goes.
        message = dumps([batch.id, batch.entries, batch.delivery])
        self.queues[stage].append((self.clock.monotonic(), message))

    def oldest_waiting_seconds(self, stage: Stage) -> float:
        queue = self.queues[stage]
        return self.clock.monotonic() - queue[0][0] if queue else 0.0

    def receive(self, stage: Stage) -> Batch | None:
        """Take the oldest message off a queue."""
        if not self.queues[stage]:
            return None
        batch_id, entries, delivery = loads(self.queues[stage].popleft()[1])
        return Batch(batch_id, tuple(entries), delivery)

    def waiting(self, stage: Stage) -> int:
        """Return how many messages wait."""
        return len(self.queues[stage])

    def lose_all(self) -> None:
        """Forget every message, as a broker that was flushed."""
        for queue in self.queues.values():
            queue.clear()


POLICY = IntakePolicy(
    batch_max_documents=4,
    batch_max_bytes=100_000,
    max_in_flight=8,
    max_rejected=None,
    max_deliveries=3,
    redeliver_after_seconds=45.0,
)


class Mill:
    """Intake, queues and steps around stores, driven by hand in one thread."""

    def __init__(
        self,
        stores: Stores | None = None,
        *,
        functions: Functions = PLAIN,
        on_duplicate: Literal["skip", "process"] = "skip",
        policy: IntakePolicy = POLICY,
    ) -> None:
        self.clock = ManualClock()
        self.stores: Stores = stores or MemoryStores(MemoryServer(self.clock.wall))
        self.dispatcher = QueueDispatcher(self.clock)
        self.services = Services(
            self.stores.ledger, self.stores.index, self.dispatcher, functions, on_duplicate
        )
        self.policy = policy
        self.intake = self.another_intake("intake-1")
        self.stop = Event()

    def another_intake(self, name: str) -> Intake:
        """Return an intake on the same stores and queues."""
        return Intake(
            name,
            ledger=self.stores.ledger,
            index=self.stores.index,
            rejections=self.stores.rejections,
            dispatcher=self.dispatcher,
            policy=self.policy,
            clock=self.clock,
        )

    def publish(self, *events: DocumentIngested) -> list[str]:
        """Put events on the ledger."""
        return [self.stores.add(encode(event)) for event in events]

    def poll(self) -> int:
        """Let intake do one turn without waiting."""
        return self.intake.poll(self.stop, wait_seconds=0)

    def work(self, stages: Sequence[Stage] = STAGES) -> list[Outcome]:
        """Let workers of these stages empty their queues."""
        return list(self._work(stages))

    def _work(self, stages: Sequence[Stage]) -> Iterator[Outcome]:
        while any(self.dispatcher.waiting(stage) for stage in stages):
            for stage in stages:
                batch = self.dispatcher.receive(stage)
                if batch is not None:
                    yield from STEPS[stage](self.services, batch)

    def run(self) -> list[Outcome]:
        """Turn and work until the ledger has nothing unread and the queues nothing left."""
        outcomes: list[Outcome] = []
        while self.poll() or any(self.dispatcher.queues.values()):
            outcomes += self.work()
        return outcomes
