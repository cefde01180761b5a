"""Counts over time in a bounded number of bars, whatever the span."""

from collections import Counter
from datetime import UTC, datetime
from typing import Final

MAX_BARS: Final = 48
"""Maximum number of bars of equal width."""

_WIDTHS: Final = (
    1, 5, 15, 60, 300, 900, 3_600, 10_800, 43_200, 86_400, 604_800, 2_592_000, 31_536_000,
    315_360_000, 3_153_600_000,
)  # fmt: skip


class TimeSeries:
    """Number of events by kind and time; bars become wider as the span grows."""

    def __init__(self) -> None:
        self.width_seconds = _WIDTHS[0]
        self._counts: dict[int, Counter[str]] = {}

    def add(self, moment: datetime, kind: str) -> None:
        """Count an event; a time without a zone is UTC."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        start = int(aware.timestamp()) // self.width_seconds * self.width_seconds
        self._counts.setdefault(start, Counter())[kind] += 1
        while self._bars > MAX_BARS and self.width_seconds < _WIDTHS[-1]:
            self._widen()

    @property
    def _bars(self) -> int:
        if not self._counts:
            return 0
        return (max(self._counts) - min(self._counts)) // self.width_seconds + 1

    def _widen(self) -> None:
        self.width_seconds = _WIDTHS[_WIDTHS.index(self.width_seconds) + 1]
        counts, self._counts = self._counts, {}
        for start, each in counts.items():
            wide = start // self.width_seconds * self.width_seconds
            self._counts.setdefault(wide, Counter()).update(each)

    def bars(self) -> list[tuple[datetime, Counter[str]]]:
        """Return the start of each bar with its counts, gaps included; empty without events."""
        if not self._counts:
            return []
        first, last = min(self._counts), max(self._counts)
        return [
            (datetime.fromtimestamp(start, UTC), self._counts.get(start, Counter()))
            for start in range(first, last + 1, self.width_seconds)
        ]
