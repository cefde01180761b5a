"""Outcomes of a document in a batch: a record without its verdict, or a rejection."""

from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from fanmill_contracts.events import RejectionReason
from fanmill_contracts.terms import Place


@dataclass(frozen=True, slots=True)
class UnjudgedRecord:
    """Record of a document that waits for its verdict, and the fingerprint that brings it.

    `fanmill index merge` judges the fingerprint and adds `deduplication`, `revision`,
    `received_at` and `completed_at`; the record is then a `fanmill_contracts.DocumentResult`.
    """

    document_id: str
    partition: str
    """Partition of the index; only documents of the same partition are compared."""
    json: str
    """Members of the record as one JSON object, without members that have their default."""
    fingerprint: bytes
    """Portable fingerprint; see `fanmill.core.dedup.portable`."""

    @property
    def record(self) -> dict[str, Any]:
        """The members of the record, as parsed JSON."""
        members: dict[str, Any] = from_json(self.json)
        return members


@dataclass(frozen=True, slots=True)
class Rejected:
    """End of a document that cannot be processed; its batch neighbours continue."""

    position: int
    """Number of the document in the input, from 0."""
    document_id: str | None
    """None if it could not be read."""
    reason: RejectionReason
    stage: Place
    """`intake` for a document that is no valid event."""
    error: str
    exception: str = ""
    """Type of the error; empty where nothing was raised."""
