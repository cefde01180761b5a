"""The pauses of operators, as an intake obeys them."""

from typing import Final

import structlog

from fanmill.ports import STAGES, Activity, Clock, Controls

log = structlog.get_logger("fanmill.intake")

LOOK_SECONDS: Final = 0.25
"""Time between two looks at the pauses. The ledger itself refuses to be read at once."""


class PauseWatch:
    """Looks at the pauses, and logs each that begins or ends."""

    def __init__(self, controls: Controls, clock: Clock) -> None:
        self._controls = controls
        self._clock = clock
        self._next_look = float("-inf")
        self._paused: frozenset[str] = frozenset()
        self._activity = Activity()

    def look(self) -> Activity:
        """Return what is paused; up to 0.25 s old."""
        if self._clock.monotonic() >= self._next_look:
            self._activity = self._controls.activity()
            self._next_look = self._clock.monotonic() + LOOK_SECONDS
            self._tell()
        return self._activity

    def _tell(self) -> None:
        stages = {each for each in STAGES if self._activity.active_seconds(each) == 0}
        paused = frozenset(stages | ({"intake"} if self._activity.intake_paused else set()))
        for target in sorted(paused - self._paused):
            log.warning("paused", target=target)
        for target in sorted(self._paused - paused):
            log.warning("resumed", target=target)
        self._paused = paused
