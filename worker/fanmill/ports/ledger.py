"""The ledger: the stream of incoming events, and the work in flight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from fanmill.ports.work import (
    Admission,
    Admitted,
    Committed,
    Entry,
    Events,
    Job,
    Overdue,
    Rejection,
    StageResult,
)
from fanmill_contracts import limits
from fanmill_contracts.terms import Stage

if TYPE_CHECKING:
    from fanmill_contracts import RejectionReason


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
        """Remove the consumer from the group, unless it still holds entries."""

    def start(self, stage: Stage, entries: Sequence[str], read: Events | None = None) -> list[Job]:
        """Mark entries as being worked on now and return those that need this stage.

        Entries that are gone or lost, and those whose stage result was committed, are left out.
        `read` holds the events of all entries if an earlier stage has read them in this
        process; the ledger does not send them again.
        """

    def commit(self, stage: Stage, results: Sequence[StageResult]) -> list[Committed]:
        """Store stage results atomically; complete and announce documents that lack none."""

    def release(self, stage: Stage, entries: Sequence[str], cause: RejectionReason) -> int:
        """Give entries back: their attempt at `stage` ended because of `cause`.

        The work of another stage meanwhile does not take that back. Left out are entries that
        are gone, those whose stage result was committed, and at a later stage those without a
        result of `deduplicate`. Returns the number of entries given back.
        """

    def uncount_attempt(self, stage: Stage, entries: Sequence[str]) -> None:
        """Uncount the last attempt: the server failed, not the document."""
