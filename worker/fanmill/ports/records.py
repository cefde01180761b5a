"""The records, for readers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from fanmill_contracts.terms import Verdict

if TYPE_CHECKING:
    from fanmill_contracts import DocumentResult


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """The state of one document in the record store."""

    document_id: str
    state: Literal["received", "complete", "rejected"]
    """State of its newest event."""
    revisions: int
    """Number of its events."""
    result: DocumentResult | None
    """Record of its newest completed event; None before the first."""
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
