"""The work that a process holds, as its heartbeat tells it."""

from __future__ import annotations

from dataclasses import dataclass

from fanmill_contracts.terms import Stage


@dataclass(frozen=True, slots=True)
class RunningBatch:
    """A batch that a child works on."""

    stage: Stage
    batch_id: str
    documents: int
    first_entry: str
    """Entry id of its first document."""
    entries: tuple[str, ...]
    """Entry ids of its documents."""
    delivery: int
    seconds: float
    """Time since the child began it, at the heartbeat."""


@dataclass(frozen=True, slots=True)
class Load:
    """The work of a process at its last heartbeat; of an intake nothing but the memory."""

    busy: int = 0
    """Number of children at work."""
    batches: tuple[RunningBatch, ...] = ()
    """Batches in work, the oldest first."""
    documents_per_second: float | None = None
    """Mean over 30 seconds; each stage of a document counts. None: not known."""
    memory_bytes: int | None = None
    """Memory of the process and its children; see `fanmill.ops.machine.memory_bytes`."""
