"""The watch for entries that other programs remove from the ledger."""

from typing import Final

import structlog

from fanmill.ports import Clock, Ledger

log = structlog.get_logger("fanmill.intake")

FIND_LOST_SECONDS: Final = 30.0
"""Pause between two looks at all entries in work; a loss that shows in the counts is
looked for at once."""


class LossWatch:
    """Finds lost entries in work, and tells of those that were lost unread."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._next_find = 0.0
        self._known: int | None = None

    def look(self) -> None:
        """Mark lost entries in work, for the next reclaim; log a rise of those lost unread."""
        lost = self._ledger.lost_unread()
        if self._known is None:
            # Losses before this intake began were logged by another one.
            self._known = lost
        rises = lost > self._known
        if rises or self._clock.monotonic() >= self._next_find:
            self._next_find = self._clock.monotonic() + FIND_LOST_SECONDS
            if self._ledger.find_lost():
                # Entries lost in work count too until they are rejected, which comes next.
                return
        if rises:
            log.warning("entries lost unread", entries=lost - self._known, entries_in_all=lost)
        self._known = lost
