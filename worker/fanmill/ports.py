"""What the steps and intake need from the world, as Protocols and plain values.

Implementations live in `stores/` (Redis and an in-memory twin) and in `shell/`
(Celery). One conformance suite holds both stores to what is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from fanmill_contracts import limits
from fanmill_contracts.terms import Stage, Verdict

if TYPE_CHECKING:
    # Names of types alone: a command that reads a record must not load numpy for them.
    from fanmill.core.corpus.aggregate import Aggregate, GroupKey
    from fanmill.core.dedup.boilerplate import Lines
    from fanmill.core.dedup.judgement import Candidate, Cluster, IndexInfo, Judgement
    from fanmill.core.dedup.parameters import DedupParameters
    from fanmill.core.trends import Frequency
    from fanmill_contracts import DocumentRejected, DocumentResult, RejectionReason

STAGES: Final[tuple[Stage, ...]] = ("deduplicate", "summarize", "tag")
"""All stages; a record is complete when each one that applies has committed its result."""

LATER_STAGES: Final[tuple[Stage, ...]] = ("summarize", "tag")
"""The stages that `deduplicate` passes a document on to."""

Place = Literal["intake", "deduplicate", "summarize", "tag"]


@dataclass(frozen=True, slots=True)
class Batch:
    """References to ledger entries that travel in one message; never texts."""

    id: str
    entries: tuple[str, ...]
    delivery: int = 1
    """1 for the first time these entries are sent out; later ones travel alone."""


ORIGINAL_BEGINNING_BYTES: Final = 65_536
"""Number of bytes that are read and kept of an event over the limit: enough for its ids."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry as it was written."""

    id: str
    body: bytes | None
    """The event; only its beginning if it is over the limit; None if no field holds one."""
    size: int
    """Number of bytes of the whole event."""


@dataclass(frozen=True, slots=True)
class Admission:
    """A valid event on its way into the work: what intake knows of it."""

    entry_id: str
    document_id: str
    source: str
    event_id: str
    record_prefix: str
    """Members of the record that are known from the start, as one JSON object."""
    event_prefix: str
    """Members of the processed event around its data, as one JSON object."""


Admitted = Literal["admitted", "known", "repeated", "gone"]
"""`admitted`: new work. `known`: was admitted before and is not complete. `repeated`: another
entry carries the same event, this one was removed. `gone`: no longer in the ledger."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """An entry that was sent out and has not been heard of for too long."""

    entry_id: str
    idle_seconds: float
    deliveries: int
    admitted: bool
    missing: tuple[Stage, ...] = STAGES
    """Stages that have not committed their result."""
    attempts: dict[Stage, int] = field(default_factory=dict)
    """How often a worker has set out on each stage."""
    causes: dict[Stage, RejectionReason] = field(default_factory=dict)
    """What ended the last attempt at a stage, where it is known."""
    lost: bool = False
    """Whether the entry is no longer in the ledger, removed by another program."""
    record_prefix: str = ""
    """Of a lost entry: its `Admission.record_prefix`; empty if it was never admitted."""
    released: tuple[Stage, ...] = ()
    """Missing stages whose attempt is known to have ended: waiting longer makes no sense."""


@dataclass(frozen=True, slots=True)
class Job:
    """One entry that a worker is to work on, with its text."""

    entry_id: str
    event: dict[str, Any]
    """The CloudEvent as parsed JSON; intake has validated it."""


@dataclass(frozen=True, slots=True)
class StageResult:
    """What one stage has found out about one document."""

    entry_id: str
    document_id: str
    members: str
    """Members of the record, as one JSON object."""
    problems: str = "[]"
    """Elements of the record's `problems`, as one JSON array; mostly empty."""
    closes: bool = False
    """Whether the record is complete without any further stage result."""
    verdict: str | None = None
    """The verdict, from `deduplicate` alone: for the counters."""
    data_point: str = ""
    """What the corpus view counts, as JSON, from `summarize` alone. Kept when the result is stored
    for the first time, in the same act: a document counts once."""
    fingerprint: bytes = b""
    """The packed fingerprint, from `deduplicate` alone: kept beside the record."""


Committed = Literal["stored", "completed", "known", "gone"]
"""`stored`: other stages are missing. `completed`: this was the last stage result. `known`: this
stage had committed before; nothing changed. `gone`: completed or rejected meanwhile."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """The end of an event that cannot be processed."""

    entry_id: str
    reason: RejectionReason
    place: Place
    error: str
    document_id: str | None = None
    event_id: str | None = None
    source: str | None = None
    unverified: bool = False
    """Whether the three ids above come from an event that is not valid."""
    attempts: int = 1
    """Used where no worker has set out on it."""


class Ledger(Protocol):
    """The stream of incoming events with its consumer group, and the work in flight.

    Every terminal change (`commit` of the last stage result, `reject`) is one atomic
    act that also removes the entry; the first one wins, later ones answer
    `gone` and change nothing.
    """

    def open(self) -> None:
        """Make stream and consumer group where they do not exist."""

    def in_flight(self) -> int:
        """Return how many entries have been read and are not complete."""

    def read(
        self, consumer: str, count: int, wait_seconds: float, enough_bytes: int = limits.MIB
    ) -> list[Entry]:
        """Return up to `count` unread entries, oldest first.

        Waits up to `wait_seconds` (0: not at all) for the first one; does not
        wait for more than there are. Empty when none came. Stops behind the entry
        with which the events reach `enough_bytes`.
        """

    def lost_unread(self) -> int:
        """Count the entries that others removed unread since the namespace began.

        Entries removed while in work are counted too until they are rejected.
        """

    def find_lost(self) -> int:
        """Look for entries in work that others removed; return how many are newly found.

        `overdue` returns them as lost. Entries in work that left the consumer group alone
        are brought back to it.
        """

    def admit(self, admissions: Sequence[Admission]) -> list[Admitted]:
        """Enter valid events into the work, in one atomic act."""

    def overdue(self, idle_seconds: float, count: int) -> list[Overdue]:
        """Return entries idle for `idle_seconds` or more, and those that were released.

        Up to `count` of each kind, those idle first and the oldest of them first. Lost
        entries count as released.
        """

    def claim(self, consumer: str, entry_id: str, idle_seconds: float) -> Entry | None:
        """Claim one entry that is released or idle for `idle_seconds`; its idle time restarts.

        None when another intake was faster, or it is neither, or it is gone.
        """

    def reject(self, rejections: Sequence[Rejection]) -> list[bool]:
        """Move entries to the rejected stream, each with its cause and its original fields.

        False for those that are gone: they were completed or rejected before. The reason
        `entry-lost` also frees the event's id: the same event may come again.
        """

    def deregister(self, consumer: str) -> None:
        """Take the consumer's name off the group, unless entries still hang on it."""

    def start(self, stage: Stage, entries: Sequence[str]) -> list[Job]:
        """Mark entries as being worked on now and return those that need this stage.

        Left out are entries that are gone and those whose stage result was committed before.
        """

    def commit(self, stage: Stage, results: Sequence[StageResult]) -> list[Committed]:
        """Store stage results; complete, announce and remove what lacks none. One atomic act."""

    def release(self, stage: Stage, entries: Sequence[str], cause: RejectionReason) -> None:
        """Give entries back: their attempt at `stage` ended because of `cause`.

        What another stage does on them meanwhile does not take that back. Left
        out are entries that are gone and those whose stage result was committed.
        """

    def uncount_attempt(self, stage: Stage, entries: Sequence[str]) -> None:
        """Uncount the last attempt: the server failed, not the document."""


class IndexPartition(Protocol):
    """Fingerprints of one partition (a tenant, a language), judged in order of arrival."""

    @property
    def parameters(self) -> DedupParameters:
        """What its fingerprints are made with."""

    def lines_seen(self, lines: Sequence[Lines]) -> list[Sequence[int]]:
        """Return how many earlier unique documents had each line, 0 to 3; a list a document."""

    def judge(self, batch: Sequence[Candidate]) -> list[Judgement]:
        """Judge documents against all seen before and enter them, in their order.

        One atomic act: of two equal documents at the same instant one is
        unique. The same entry again gets the verdict it had. A new revision
        takes the place of its document's earlier one and is never its copy; an
        older revision that comes late takes none.
        """

    def forget(self, document_id: str, entry_id: str | None = None) -> bool:
        """Remove a document; see `FingerprintIndex.forget`."""

    def cluster(self, document_id: str, most: int = 1000) -> Cluster | None:
        """Return the cluster a document is in, None if it is unknown."""

    def largest_clusters(self, top: int = 10) -> list[Cluster]:
        """Return the largest clusters of two or more, largest first, without their members."""

    def info(self) -> IndexInfo:
        """Return counts, memory, generations and parameters."""

    def maintain(self) -> None:
        """Expire and free what is older than the horizon, at once."""

    def clear(self) -> None:
        """Remove everything."""


class FingerprintIndex(Protocol):
    """All documents seen, in partitions that are never compared with each other."""

    @property
    def parameters(self) -> DedupParameters:
        """What fingerprints have to be made with."""

    def partition(self, name: str) -> IndexPartition:
        """Return a partition, made where it does not exist.

        Raises an error that names both where it holds documents of other parameters.
        """

    def partitions(self) -> list[str]:
        """Return the names of all partitions there are, sorted."""

    def forget(self, document_id: str, entry_id: str | None = None) -> bool:
        """Remove a document from every partition; with `entry_id` only where that entry put it.

        Returns whether anything was removed. Documents judged as its copies
        keep their verdict.
        """

    def expire(self) -> None:
        """Free a little of what is older than the horizon; cheap, to be called now and then."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What the record store holds under one document id."""

    document_id: str
    state: Literal["received", "complete", "rejected"]
    """Of its newest event."""
    revisions: int
    """How many events there were for it."""
    result: DocumentResult | None
    """Of its newest completed event; None before the first."""
    rejection: str | None
    """Id in the rejected stream, when the newest event was rejected."""


@dataclass(frozen=True, slots=True)
class StoredFingerprint:
    """Fingerprint kept beside a record: what a rebuild of the index needs of a document."""

    document_id: str
    received_at: datetime
    verdict: Verdict
    partition: str
    packed: bytes
    """Empty if the record was stored without a fingerprint."""

    @classmethod
    def of(cls, result: DocumentResult, packed: bytes) -> StoredFingerprint:
        """Return the fingerprint of a record."""
        judged = result.deduplication
        # An entry whose id tells no time was received before its record was complete.
        received_at = result.received_at or result.completed_at
        return cls(result.document_id, received_at, judged.verdict, judged.partition, packed)


class Records(Protocol):
    """The results, for readers."""

    def get(self, document_id: str) -> StoredDocument | None:
        """Return what is known of a document; None for an unknown or expired one."""

    def completed(self, since: datetime | None, limit: int | None) -> Iterator[DocumentResult]:
        """Return results in order of completion, from `since` on; the oldest first."""

    def fingerprints(self) -> Iterator[StoredFingerprint]:
        """Return the fingerprints of all documents with a result, in order of completion."""

    def count(self) -> int:
        """Return how many documents have a result."""

    def forget(self, document_id: str) -> bool:
        """Remove what is known of a document; whether there was anything.

        What is already announced stays, and an event of it in flight completes.
        """


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """One entry of the rejected stream."""

    id: str
    event: DocumentRejected
    original: dict[str, bytes]
    """The fields of the ledger entry, byte for byte; empty in a listing."""
    original_bytes: int = 0
    """Number of bytes that are kept of the original."""
    cut_bytes: int | None = None
    """Size of the whole event if only its beginning is kept; None if it is complete."""


class NotReplayable(Exception):
    """A rejection whose original event is not kept, or not as a whole."""

    def __init__(self, rejected_id: str, cut_bytes: int | None) -> None:
        super().__init__(rejected_id, cut_bytes)
        self.rejected_id = rejected_id
        self.cut_bytes = cut_bytes

    def __str__(self) -> str:
        what = (
            "has no original event"
            if self.cut_bytes is None
            else f"keeps only the beginning of an event of {self.cut_bytes:,} bytes"
        )
        return f"rejection {self.rejected_id!r} {what}; let its producer publish it again"


class Rejections(Protocol):
    """The rejections, for operators."""

    def entries(
        self, after: str | None = None, limit: int | None = None
    ) -> Iterator[RejectedEntry]:
        """Return rejected entries without their originals, oldest first, from behind `after` on."""

    def of_document(self, document_id: str) -> Iterator[RejectedEntry]:
        """Return the rejections that name a document, oldest first, the unverified ones too.

        Reads all rejections, without their originals.
        """

    def get(self, rejected_id: str) -> RejectedEntry | None:
        """Return one entry with its original; None when there is none of this id."""

    def replay(self, rejected_id: str) -> str | None:
        """Put the original back on the ledger and remove the rejection, in one atomic act.

        Returns the new entry id in the ledger; None when there is no such rejection.

        Raises:
            NotReplayable: The original is not kept as a whole.
        """

    def drop(self, rejected_id: str) -> bool:
        """Remove one rejection for good; False when there is none of this id."""

    def count(self) -> int:
        """Return how many there are."""

    def count_failed(self) -> int:
        """Return how many of them a stage rejected: what a bad release of fanmill causes."""


class Corpus(Protocol):
    """All documents in numbers, by day, source and language."""

    def fold(self, at_least: int = 1) -> int:
        """Work data points into the aggregates if so many wait; return how many it were.

        Leaves them to whoever else is doing so at the same time.
        """

    def aggregates(self, since: date | None = None) -> dict[GroupKey, Aggregate]:
        """Return all aggregates by cell, from this day on; what waits is counted too."""


class Trends(Protocol):
    """Document frequencies of the stream. What they lose in a crash is never brought back."""

    def frequencies(self, language: str, terms: Sequence[str]) -> list[Frequency]:
        """Return how often terms occur in the last two hours and before, in their order."""

    def observe(self, documents: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Count the terms of documents, each of which comes as its language and its terms."""

    def top(
        self, language: str, hours: int, most: int, *, bursting: bool = False
    ) -> list[Frequency]:
        """Return up to `most` terms of the last hours, highest deviation first.

        Args:
            language: Language of the documents.
            hours: Hours to look back over, with the current one; brought to 1 to `KEPT_HOURS`.
            most: Maximum number of terms.
            bursting: Return only terms that burst.
        """

    def languages(self) -> list[str]:
        """Return the languages of which documents were counted, in alphabetical order."""


class Dispatcher(Protocol):
    """Sends batches to the workers of a stage."""

    def dispatch(self, stage: Stage, batch: Batch) -> None:
        """Send references to a batch; may be lost or arrive twice, and that is all right."""

    def oldest_waiting_seconds(self, stage: Stage) -> float:
        """Return for how long the oldest unread message of a stage has waited; 0 for none."""


class Clock(Protocol):
    """Monotonic time, for intervals only; points in time come from the server."""

    def monotonic(self) -> float:
        """Return seconds since some fixed moment."""
