"""The trouble of a sink with its store: since when, and why; for heartbeats and the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

log = structlog.get_logger("fanmill.sink")

_REPEAT_SECONDS: Final = 60.0
"""Time after which the log repeats a trouble that lasts."""

MAX_CALL_SECONDS: Final = 300.0
"""Time without an answer of the store after which the process counts as hanging."""

SLOW_SECONDS: Final = 10.0
"""Time without an answer of the store after which that is a trouble."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A reason for which a sink cannot store, and its beginning."""

    reason: str
    seconds: float


class TroubleWatch:
    """Notes when storing fails and when it succeeds again.

    Any thread may ask for the trouble; only the sink's own thread notes.

    Args:
        clock: Seconds since some fixed moment.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failing: tuple[str, float] | None = None
        self._waiting_since: float | None = None
        self._told = float("-inf")

    def begins(self) -> None:
        """Note that a call of the store begins."""
        self._waiting_since = self._clock()

    def ends(self) -> None:
        """Note that the call has ended, in whatever way."""
        self._waiting_since = None

    def fails(self, reason: str, unstored: int, retry_seconds: float) -> None:
        """Note that storing failed; logged at first and then once a minute."""
        now = self._clock()
        since = self._failing[1] if self._failing else now
        if self._failing is None or now - self._told >= _REPEAT_SECONDS:
            self._told = now
            log.error(
                "cannot store, trying again",
                error=reason,
                outcomes=unstored,
                since_seconds=round(now - since, 1),
                retry_seconds=round(retry_seconds, 1),
            )
        self._failing = (reason, since)

    def succeeds(self) -> None:
        """Note that storing works."""
        if self._failing is not None:
            log.info("storing again", after_seconds=round(self._clock() - self._failing[1], 1))
        self._failing = None

    @property
    def waiting_seconds(self) -> float:
        """Time since a call of the store began that is not answered; 0 without one."""
        since = self._waiting_since
        return 0.0 if since is None else self._clock() - since

    @property
    def excuses_silence(self) -> bool:
        """Whether the loop waits for the store, within limits: it makes progress, then."""
        return self._failing is not None or 0 < self.waiting_seconds < MAX_CALL_SECONDS

    @property
    def current(self) -> Trouble | None:
        """The trouble of now; None if storing works."""
        failing, waiting = self._failing, self.waiting_seconds
        if failing is not None:
            return Trouble(failing[0], self._clock() - failing[1])
        if waiting > SLOW_SECONDS:
            return Trouble("the store does not answer", waiting)
        return None
