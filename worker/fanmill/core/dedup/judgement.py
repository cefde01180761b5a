"""Candidates for the index, and its judgements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanmill_contracts.terms import ComparedText, DecidedBy, Verdict

if TYPE_CHECKING:
    from fanmill.core.dedup.fingerprint import Fingerprint


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document to judge."""

    document_id: str
    entry_id: str
    """The ledger entry that brought the document: the same again is a redelivery,
    a later one a revision, an earlier one was overtaken and takes no place."""
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one document; a redelivery returns what was stored."""

    document_id: str
    verdict: Verdict
    decided_by: DecidedBy
    original_id: str | None
    """The document it repeats, a cluster original; None if unique or if the original
    was forgotten or has left the horizon since."""
    jaccard: float
    """Estimated similarity with the original, 0.0 to 1.0 in steps of .0001; 0 if unique."""
    containment: float
    """Estimated share of the smaller text found in the larger, as `jaccard`."""
    view: ComparedText
    redelivered: bool
    superseded: bool
    """A later revision of the document has been judged already."""
    parameters: str
    """Digest of the parameters used."""
    revision: int
    """`ALGORITHM_REVISION` used."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A original and its duplicates."""

    original_id: str | None
    """None if the original was forgotten or left the horizon."""
    size: int
    """Documents in it, the original included."""
    member_ids: tuple[str, ...]
    """Duplicates, oldest first, perhaps not all of them."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A span of time whose documents expire together."""

    start_ms: int
    end_ms: int
    first: int
    """Number of its first document."""


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """The state of one partition of an index."""

    documents: int
    """Documents it remembers."""
    accepted: int
    """Documents it ever took in, revisions included."""
    evicted: int
    """Documents that went early, because there were `max_documents`."""
    bytes: int
    """Memory of records, ids and look-up pages, estimated from a sample; the
    line table apart."""
    line_table_bytes: int
    generations: tuple[Generation, ...]
    parameters: str
    revision: int

    @property
    def bytes_per_document(self) -> float:
        """Mean memory of a document, 0.0 for an empty index."""
        return self.bytes / self.documents if self.documents else 0.0
