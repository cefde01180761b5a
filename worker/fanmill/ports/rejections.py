"""The rejections, for operators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fanmill_contracts import DocumentRejected


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """An entry of the rejected stream."""

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
