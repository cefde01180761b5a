"""The answer of a trace about one id."""

from dataclasses import dataclass
from typing import Any, Literal

from fanmill.ops.backlog import InFlightEntry
from fanmill.stores.redis.controls import Signature
from fanmill_contracts import DocumentRejected

State = Literal[
    "never seen", "waiting", "in flight", "complete", "rejected", "replayed", "forgotten"
]


@dataclass(frozen=True, slots=True)
class Trace:
    """The answer about one id; members that do not apply are None."""

    id: str
    state: State
    kind: Literal["document", "event", "entry", "rejection"] | None = None
    """Kind of the id that was found."""
    entry_id: str | None = None
    document_id: str | None = None
    position: int | None = None
    """Place in the backlog; 1 is read next."""
    waiting: int | None = None
    """Number of waiting entries."""
    exact: bool | None = None
    """Whether the position was counted; otherwise it is interpolated by time."""
    estimated_seconds: float | None = None
    """Time until it is read, at the rate of the last minute; None without a rate."""
    in_flight: InFlightEntry | None = None
    completed_at: str | None = None
    verdict: str | None = None
    revisions: int | None = None
    rejected_id: str | None = None
    reason: str | None = None
    stage: str | None = None
    error: str | None = None
    replayed_as: str | None = None
    """Entry that carries the event of a replayed rejection now."""
    then: "Trace | None" = None
    """State of that entry."""
    pauses: dict[str, Signature] | None = None
    scanned: int | None = None
    """Waiting entries that were searched for the id; None: no search was needed."""
    scanned_rejections: int | None = None
    """Rejections that were searched for the id."""
    searched_all: bool | None = None
    """Whether these were all."""
    note: str | None = None


def rejected_trace(wanted: str, kind: Any, rejected_id: str, event: DocumentRejected) -> Trace:
    """Return the answer for an open rejection, with its cause."""
    data = event.data
    return Trace(
        wanted,
        "rejected",
        kind,
        event.id,
        document_id=data.document_id,
        rejected_id=rejected_id,
        reason=data.reason,
        stage=data.stage,
        error=data.error,
    )
