"""The orders of operators that intake obeys: pauses of intake and of stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Protocol

from fanmill_contracts.terms import Stage


@dataclass(frozen=True, slots=True)
class Activity:
    """The parts of the service that operators have paused."""

    intake_paused: bool = False
    stage_seconds: Mapping[Stage, float] = field(default_factory=dict)
    """Time since each stage was resumed; 0 for a paused stage. A stage that was never paused is
    absent."""

    def active_seconds(self, stage: Stage) -> float:
        """Return for how long a stage has been active; infinite if it was never paused."""
        return self.stage_seconds.get(stage, inf)


class Controls(Protocol):
    """The orders of operators."""

    def activity(self) -> Activity:
        """Return which parts of the service are paused now."""


class NoControls:
    """Controls of a service that nobody pauses."""

    def activity(self) -> Activity:
        """Return that nothing is paused."""
        return Activity()
