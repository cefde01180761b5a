"""Counters of any number of values in bounded memory."""

from collections import Counter
from typing import Any, Final

OTHERS: Final = "(others)"
"""Name under which values beyond a limit are counted."""

_LOG2_ITEMS: Final = 15
"""Size of a sketch of frequent values: exact up to 24,576 distinct ones, about 2 MB of ids."""


class BoundedCounter:
    """Exact counts of a limited number of names; later names are counted as `OTHERS`.

    Args:
        limit: Maximum number of names.
    """

    def __init__(self, limit: int = 1_000) -> None:
        self._limit = limit
        self.counts: Counter[str] = Counter()

    def add(self, name: str, count: int = 1) -> None:
        """Count a name."""
        if name not in self.counts and len(self.counts) >= self._limit:
            name = OTHERS
        self.counts[name] += count

    @property
    def total(self) -> int:
        """The sum of all counts."""
        return self.counts.total()

    def top(self, number: int) -> list[tuple[str, int]]:
        """Return the most frequent names; if there are more, the last is `OTHERS` with the rest.

        The counts add up to `total`.
        """
        ordered = sorted(self.counts.items(), key=lambda each: (-each[1], each[0]))
        ordered.sort(key=lambda each: each[0] == OTHERS)
        if len(ordered) <= number:
            return ordered
        kept = ordered[: number - 1]
        return [*kept, (OTHERS, self.total - sum(count for _, count in kept))]


class FrequentValues:
    """The most frequent of any number of values (Apache DataSketches' Frequent Items).

    Counts are exact while there are fewer than 24,576 distinct values, and upper bounds beyond.
    """

    def __init__(self) -> None:
        from datasketches import frequent_strings_sketch  # noqa: PLC0415  (slow to import)

        self._sketch: Any = frequent_strings_sketch(_LOG2_ITEMS)

    def add(self, value: str) -> None:
        """Count a value; lone surrogates become question marks."""
        if not value.isascii():
            value = value.encode(errors="replace").decode()
        self._sketch.update(value)

    def top(self, number: int) -> list[tuple[str, int]]:
        """Return the most frequent values with their counts, the largest first."""
        from datasketches import frequent_items_error_type  # noqa: PLC0415

        found = self._sketch.get_frequent_items(frequent_items_error_type.NO_FALSE_NEGATIVES)
        rows = [(str(value), int(upper)) for value, _, _, upper in found]
        return sorted(rows, key=lambda each: (-each[1], each[0]))[:number]

    @property
    def is_exact(self) -> bool:
        """Whether every count is exact."""
        rows = self.top(1)
        return not rows or self._sketch.get_lower_bound(rows[0][0]) == rows[0][1]

    @property
    def distinct(self) -> int | None:
        """The number of distinct values; None if there are too many to know."""
        return int(self._sketch.num_active_items) if self.is_exact else None
