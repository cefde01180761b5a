"""The values that travel between intake, the ledger and the stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from fanmill_contracts.terms import Place, Stage

if TYPE_CHECKING:
    from fanmill_contracts import RejectionReason

STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
"""All stages; a record is complete when each one that applies has committed its result."""

LATER_STAGES: Final[tuple[Stage, ...]] = STAGES[1:]
"""The stages that `deduplicate` passes a document on to."""


@dataclass(frozen=True, slots=True)
class Batch:
    """References to ledger entries that travel in one message; never texts."""

    id: str
    entries: tuple[str, ...]
    delivery: int = 1
    """1 for the first time these entries are sent out; later ones travel alone."""


ORIGINAL_BEGINNING_BYTES: Final = 65_536
"""Number of bytes that are read and kept of an event over the limit: enough for its ids."""

MAX_WHOLE_INVALID: Final = 1000
"""Number of events rejected by intake that are kept whole; the beginning is kept of later ones."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A ledger entry as it was written."""

    id: str
    body: bytes | None
    """The event; only its beginning if it is over the limit; None if no field holds one."""
    size: int
    """Number of bytes of the whole event."""


@dataclass(frozen=True, slots=True)
class Admission:
    """A valid event on its way into the work, with what the record begins with."""

    entry_id: str
    document_id: str
    source: str
    event_id: str
    record_prefix: str
    """Members of the record that are known from the start, as one JSON object."""
    event_prefix: str
    """Members of the processed event around its data, as one JSON object."""
    traceparent: str | None = None
    """W3C trace context of the event."""
    span: str | None = None
    """W3C trace context of the span of intake, the parent of the spans of all stages."""


Admitted = Literal["admitted", "known", "repeated", "gone", "forgotten"]
"""`admitted`: new work. `known`: was admitted before and is not complete. `repeated`: another
entry carries the same event, this one was removed. `gone`: no longer in the ledger. `forgotten`:
the document was forgotten after the event had come, and the entry was removed."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """An entry that is idle for too long, released or lost."""

    entry_id: str
    idle_seconds: float
    deliveries: int
    admitted: bool
    missing: tuple[Stage, ...] = STAGES
    """Stages whose result is missing."""
    attempts: dict[Stage, int] = field(default_factory=dict)
    """How often a worker has set out on each stage."""
    causes: dict[Stage, RejectionReason] = field(default_factory=dict)
    """Cause of the end of the last attempt at a stage, where it is known."""
    lost: bool = False
    """Whether the entry is no longer in the ledger, removed by another program."""
    record_prefix: str = ""
    """`Admission.record_prefix`; empty if the entry was never admitted."""
    traceparent: str | None = None
    """W3C trace context of the event; None for none, or before admission."""
    span: str | None = None
    """See `Admission.span`."""
    released: tuple[Stage, ...] = ()
    """Missing stages whose attempt is known to have ended: waiting longer makes no sense."""


@dataclass(frozen=True, slots=True)
class Job:
    """An entry for a worker to process, with its text."""

    entry_id: str
    event: dict[str, Any]
    """The CloudEvent as parsed JSON; intake has validated it."""
    attempt: int = 1
    """Number of this attempt at the stage, from 1."""
    span: str | None = None
    """See `Admission.span`."""

    @property
    def traceparent(self) -> str | None:
        """W3C trace context of the event, or of the trace that intake began for it."""
        given: str | None = self.event.get("traceparent")
        return self.span if given is None else given


Events = Mapping[str, dict[str, Any]]
"""Events as parsed JSON, by the ids of their entries."""


@dataclass(frozen=True, slots=True)
class StageResult:
    """The result of one stage for one document."""

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
    """The data point of the corpus, as JSON, from `summarize` alone. Kept when the result is stored
    for the first time, in the same act: a document counts once."""
    fingerprint: bytes = b""
    """The packed fingerprint, from `deduplicate` alone: kept beside the record."""


Committed = Literal["stored", "completed", "known", "gone", "forgotten"]
"""`stored`: other stages are missing. `completed`: this was the last stage result. `known`: this
stage had committed before; nothing changed. `gone`: completed or rejected meanwhile. `forgotten`:
the document was forgotten meanwhile, and nothing of it was stored."""


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
    """Number of attempts, used if the store has counted none."""
    exception: str = ""
    """Type of the error, from `core.failure_group`; empty where nothing was raised."""
    frame: str = ""
    """Innermost frame of fanmill, or the member of the event at fault; empty likewise."""
    replay_of: str | None = None
    """Id of the rejection whose edited event this is."""
    traceparent: str | None = None
    """W3C trace context of the event."""
