"""The store of record: completed and rejected documents for years, in SQLite or PostgreSQL.

Redis holds what is in motion. A sink writes to the store what the processed and the rejected
stream announce; queries, exports and reports read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic_core import from_json

from fanmill.ports.erasing import Searched

if TYPE_CHECKING:
    from fanmill.core.filters import Filter
    from fanmill_contracts import DocumentRejected, DocumentResult

StoreKind = Literal["sqlite", "postgresql"]


class StoreError(Exception):
    """A store cannot serve: away, full, read-only, busy, or with another schema.

    Attributes:
        temporary: Whether waiting may help. A sink repeats such a call; a command ends.
    """

    def __init__(self, problem: str, *, temporary: bool) -> None:
        super().__init__(problem)
        self.temporary = temporary


class OutcomeRefused(Exception):
    """A store can never take one of these outcomes, whatever is done to the database.

    A sink saves the others and sets this one aside.
    """


@dataclass(frozen=True, slots=True)
class CompletedEntry:
    """A completed document on its way to the store.

    A sink has the JSON that the commit wrote. To decode it takes 20 us; to make a
    `DocumentResult` of it and write that again would take 160 us.
    """

    entry_id: str
    """Entry of the ledger, the `id` of the processed event. Its order is the order of revisions."""
    record_json: bytes
    """The record as it was announced: members with their default may be absent or present."""
    record: Mapping[str, Any]
    """The members of `record_json`, decoded. A store with other needs raises `OutcomeRefused`."""
    fingerprint: bytes = b""
    """Packed fingerprint (`core.dedup.packing`); empty if Redis did not keep one."""

    @classmethod
    def of_result(
        cls, entry_id: str, result: DocumentResult, fingerprint: bytes = b""
    ) -> CompletedEntry:
        """Return the entry of a record that is at hand as a model."""
        from fanmill_contracts import record_json  # noqa: PLC0415

        written = record_json(result).encode()
        return cls(entry_id, written, from_json(written), fingerprint)


@dataclass(frozen=True, slots=True)
class RejectedOutcome:
    """A rejection on its way to the store."""

    rejected_id: str
    """Entry of the rejected stream, unique in a namespace."""
    event: DocumentRejected


Outcome = CompletedEntry | RejectedOutcome


@dataclass(frozen=True, slots=True)
class SaveCounts:
    """Effect of saved outcomes, by their number."""

    stored: int
    """New records, and records that replaced an older revision."""
    repeated: int
    """Outcomes that the store already had."""
    outdated: int
    """Records older than the one stored."""
    forgotten: int
    """Outcomes of documents with a tombstone."""
    rejections: int
    """New rejections."""


@dataclass(frozen=True, slots=True)
class SavedRecord:
    """A record in the store."""

    position: int
    """Rises with each save; a replaced record gets a new one. Cursors are positions."""
    entry_id: str
    result_json: bytes
    """The record as it was announced."""
    fingerprint: bytes = b""

    @property
    def result(self) -> DocumentResult:
        """The record."""
        from fanmill_contracts import DocumentResult  # noqa: PLC0415

        return DocumentResult.model_validate_json(self.result_json)


@dataclass(frozen=True, slots=True)
class SavedRejection:
    """A rejection in the store."""

    position: int
    rejected_id: str
    event_json: bytes

    @property
    def event(self) -> DocumentRejected:
        """The event."""
        from fanmill_contracts import DocumentRejected  # noqa: PLC0415

        return DocumentRejected.model_validate_json(self.event_json)


@dataclass(frozen=True, slots=True)
class CappedCount:
    """A number of matches that was not counted beyond a limit."""

    count: int
    capped: bool
    """Whether there may be more: show `count` with a `+`."""


@dataclass(frozen=True, slots=True)
class ClusterSize:
    """An original and the number of its duplicates."""

    original: str
    duplicates: int


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The trace of a forgotten document: nothing of it may come back."""

    document_id: str
    forgotten_at: datetime
    actor: str
    note: str


@dataclass(frozen=True, slots=True)
class FacetsProgress:
    """How far the facets of a store are made anew."""

    done: int
    total: int
    """Number of records and rejections."""

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.done:,} of {self.total:,} done"


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """The state of a store."""

    kind: StoreKind
    server: str
    """Version of SQLite or PostgreSQL."""
    schema_version: int
    wanted_schema_version: int
    facets_version: str
    """Version of the rule by which facets were made; empty while they are made anew."""
    wanted_facets_version: str
    facets_rebuild: FacetsProgress | None
    """Progress of making them anew; None unless it began and did not end."""
    records: int
    rejections: int
    tombstones: int
    bytes: int
    """Size of the database."""
    oldest: datetime | None
    """Completion of the oldest record; None without records."""
    newest: datetime | None


class Store(Searched, Protocol):
    """The store of record. Every method may raise `StoreError`.

    A store belongs to one process and one thread; several processes may use one database.
    """

    kind: StoreKind

    def save(self, outcomes: Sequence[Outcome]) -> SaveCounts:
        """Store outcomes in one transaction, durable on return.

        Repeating a call, or a part of it, changes nothing. A record replaces one whose entry
        is older, and never one whose entry is newer. Documents with a tombstone are left out:
        see `forget`. A reader that sees a position sees all lower ones, too, also while
        several processes save.

        Raises:
            OutcomeRefused: An outcome cannot be stored; then nothing of this call is.
        """

    def get(self, document_id: str) -> SavedRecord | None:
        """Return the record of a document; None if there is none."""

    def get_many(self, document_ids: Sequence[str]) -> dict[str, SavedRecord]:
        """Return the records there are of these documents, by document id."""

    def search(
        self, wanted: Filter, *, before: int | None = None, limit: int = 50
    ) -> list[SavedRecord]:
        """Return records that match, the newest first, from positions below `before`."""

    def count(self, wanted: Filter, *, cap: int = 10_000) -> CappedCount:
        """Return how many records match, counted up to `cap`.

        The answer may be capped earlier where counting takes long.
        """

    def scan(self, wanted: Filter, *, after: int = 0) -> Iterator[SavedRecord]:
        """Return all records that match, the oldest first, from positions above `after`.

        Memory does not grow with their number. Records saved meanwhile may be included.
        """

    def search_rejections(
        self, wanted: Filter, *, before: int | None = None, limit: int = 50
    ) -> list[SavedRejection]:
        """Return rejections that match, the newest first, from positions below `before`."""

    def scan_rejections(self, wanted: Filter, *, after: int = 0) -> Iterator[SavedRejection]:
        """Return all rejections that match, the oldest first, from positions above `after`."""

    def clusters(self, limit: int = 50) -> list[ClusterSize]:
        """Return the clusters, the largest first."""

    def members(
        self, original: str, *, before: int | None = None, limit: int = 50
    ) -> list[SavedRecord]:
        """Return the duplicates of an original, the newest first."""

    def forget(self, document_ids: Sequence[str], *, actor: str, note: str, at: datetime) -> int:
        """Remove documents with their rejections, and leave tombstones.

        Outcomes of events that the ledger took before `at` are never stored again; a later
        event of the same document is. Return how many records there were.
        """

    def tombstones(self, document_ids: Sequence[str]) -> list[Tombstone]:
        """Return the tombstones of these documents."""

    def expire(self, completed_before: datetime, limit: int = 1000) -> int:
        """Remove up to `limit` old records and rejections; return how many were removed."""

    def info(self) -> StoreInfo:
        """Return the state of the store."""

    def check(self, *, all_records: bool = False) -> list[str]:
        """Return the faults of the database in words; empty if it is sound.

        Args:
            all_records: Whether to read every record, and not only the newest 1,000.
        """

    def compact(self) -> None:
        """Drop what removed records left behind, such as their words in the search index."""

    def migrate(self) -> list[str]:
        """Apply the migrations that are missing; return their names, in order."""

    def rebuild_facets(self, limit: int = 1000, *, anew: bool = False) -> FacetsProgress | None:
        """Make the facets of up to `limit` records anew; None if all are of this program.

        Repeat the call until it returns None. Each call is a transaction, so that the work goes on
        behind the last one after a kill. Until its end, the store answers by document id, and
        whatever needs facets raises a temporary `StoreError`: searches, saves and removals.

        Args:
            limit: Number of records, or of rejections, of this call.
            anew: Whether to begin with the first record, even if no facets are missing.
        """

    def close(self) -> None:
        """Let go of files and connections."""
