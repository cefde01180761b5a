"""The outbox: outcomes in the processed and the rejected stream that sinks are to store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol


class OutboxStream(IntEnum):
    """A stream of the outbox, by the number that scripts use."""

    PROCESSED = 1
    REJECTED = 2
    LATE = 3
    """Rejections that were removed before they were stored, and outcomes to try again."""


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """An outcome as the outbox holds it."""

    stream: OutboxStream
    id: str
    event: bytes | None
    """The event as JSON; None if the entry has none."""
    rejected_id: str
    """Entry of the rejected stream; empty for a completed document."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The effect of a registration."""

    is_new: bool
    """Whether the sink was not registered before."""
    groups_made: int
    """Consumer groups that did not exist."""
    missed: int
    """Entries that were removed before the sink was registered for the first time."""
    lost: int
    """Entries that other programs have removed since then before the sink read them."""


@dataclass(frozen=True, slots=True)
class SinkBacklog:
    """A registered sink with its outcomes that are not stored."""

    name: str
    store: str
    """URL of its store, without secrets."""
    since_ms: int
    seen_ms: int
    """Time at which a process of it was last seen, in ms since 1970."""
    pending: int
    """Outcomes that it has read and not stored."""
    unread: int
    """Outcomes that it did not read yet; an upper bound where others removed entries."""
    oldest_seconds: float
    """Age of its oldest outcome that is not stored; 0 without one."""
    has_groups: bool
    """False if another program has removed its consumer groups."""

    @property
    def unstored(self) -> int:
        """Number of its outcomes that are not stored."""
        return self.pending + self.unread


class Outbox(Protocol):
    """The outbox as the process of a sink uses it."""

    def join(self) -> Joined:
        """Register the sink, and make its consumer groups where they do not exist."""

    def read(self, consumer: str, count: int, wait_seconds: float) -> list[OutboxEntry]:
        """Return up to `count` outcomes that no process of the sink has read; may wait."""

    def pending(self, consumer: str, count: int) -> list[OutboxEntry]:
        """Return outcomes that were delivered to this consumer and not acknowledged."""

    def take_over(self, consumer: str, idle_seconds: float, count: int) -> list[OutboxEntry]:
        """Take outcomes whose consumer has been silent for so long."""

    def fingerprints(self, entry_of: Mapping[str, str]) -> dict[str, bytes]:
        """Return the packed fingerprints of documents, given the entry of each record.

        Documents whose record is gone, or of another entry, are left out.
        """

    def ack(
        self, entries: Sequence[OutboxEntry], refused: Mapping[OutboxEntry, str] | None = None
    ) -> int:
        """Acknowledge stored outcomes, set refused ones aside; return how many were pending.

        Args:
            entries: Outcomes that the store has committed.
            refused: Outcomes that can never be stored, with the reason.
        """

    def touch(self, consumer: str, entries: Sequence[OutboxEntry]) -> None:
        """Tell that these outcomes are still in work."""

    def release(self, consumer: str, entries: Sequence[OutboxEntry]) -> None:
        """Let other processes take over these outcomes at once."""

    def leave(self, consumer: str) -> None:
        """Remove a consumer that holds nothing; the sink stays registered."""

    def unreadable(self) -> int:
        """Return how many outcomes are set aside."""

    def is_paused(self) -> bool:
        """Return whether an operator has paused the sinks; then `read` returns nothing."""

    def count_error(self) -> None:
        """Count a failed call of the store."""


class Sinks(Protocol):
    """The registered sinks, for intake and operators."""

    def backlogs(self) -> list[SinkBacklog]:
        """Return the registered sinks, ordered by name."""

    def unstored(self) -> int:
        """Return how many outcomes are not stored, of the slowest sink; 0 without a sink."""
