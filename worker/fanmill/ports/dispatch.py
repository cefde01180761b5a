"""The queues between intake and the stages, and the clock of intervals."""

from __future__ import annotations

from typing import Protocol

from fanmill.ports.work import Batch
from fanmill_contracts.terms import Stage


class Dispatcher(Protocol):
    """Sends batches to the workers of a stage."""

    def dispatch(self, stage: Stage, batch: Batch) -> None:
        """Send references to a batch; the message may be lost or arrive twice."""

    def oldest_waiting_seconds(self, stage: Stage) -> float:
        """Return for how long the oldest unread message of a stage has waited; 0 for none."""


class Clock(Protocol):
    """Monotonic time, for intervals only; points in time come from the server."""

    def monotonic(self) -> float:
        """Return seconds since some fixed moment."""
