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
    group: str = ""
    """Failure group that counts it; empty for entries of other programs."""
    replayed_as: str | None = None
    """Entry in the ledger as which it was replayed by an action; None for an open one."""
    replayed_by: str | None = None
    """Id of that action."""


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """All rejections with one fingerprint; `core.failure_group` describes it."""

    id: str
    reason: str
    stage: str
    exception: str
    frame: str
    open: int
    """Number of rejections that are neither replayed nor dropped."""
    ever: int
    """Number of rejections since the group was first seen."""
    first_ms: int
    """Time of the first rejection, in ms since 1970."""
    last_ms: int
    sample: str | None
    """Id of an open rejection; None if there is none, or none among the first 1,000."""
    trend: tuple[int, ...]
    """Rejections in each of the last 24 hours, the current hour last."""


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
        """Return one entry with its original; None when there is none of this id.

        A rejection that an action replayed is found, too: with its original for 90 days if the
        event was edited, without it for 7 days otherwise.
        """

    def replay(self, rejected_id: str) -> str | None:
        """Put the original back on the ledger and remove the rejection, in one atomic act.

        Returns the new entry id in the ledger; None when there is no such rejection.

        Raises:
            NotReplayable: The original is not kept as a whole.
        """

    def drop(self, rejected_id: str) -> bool:
        """Remove one rejection for good; False when there is none of this id."""

    def groups(self) -> list[FailureGroup]:
        """Return the failure groups, the one with the latest rejection first.

        At most 1,000 and the group `others`, which counts the rejections of all further ones.
        `open` of all groups adds up to the rejections of fanmill, `ever` to all there were.
        """

    def now_ms(self) -> int:
        """Return the server's time in ms since 1970: ages of rejections count to it."""

    def count(self) -> int:
        """Return how many there are."""

    def count_failed(self) -> int:
        """Return how many of them a stage rejected: what a bad release of fanmill causes."""
