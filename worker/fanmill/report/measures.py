"""Measures of the report: where a record has them, and the bins of their histograms."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fanmill.core.corpus.aggregate import Distribution

_SIZES: Final = (
    0, 1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000,
)  # fmt: skip
_TENTHS: Final = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of a document.

    Attributes:
        name: Its name in the catalogue of statistics, such as `sizes.words`.
        title: Its name for people.
        edges: Lower bounds of the bins, rising. The first bin takes smaller values, too, and the
            last has no upper bound.
    """

    name: str
    title: str
    edges: tuple[float, ...]

    def of(self, statistics: Mapping[str, Any]) -> float | None:
        """Return the value in the statistics of a record; None if it is not defined there."""
        group, _, member = self.name.partition(".")
        holder = statistics if group == "sizes" else statistics.get(group)
        value = holder.get(member) if isinstance(holder, dict) else None
        return float(value) if isinstance(value, int | float) else None


MEASURES: Final = (
    Measure("sizes.words", "Words", _SIZES),
    Measure("sizes.bytes", "Bytes of UTF-8", _SIZES),
    Measure("sizes.sentences", "Sentences", _SIZES),
    Measure(
        "sizes.mean_sentence_length",
        "Words per sentence",
        (0, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100),
    ),
    Measure("sizes.mean_word_length", "Characters per word", (0, 2, 3, 4, 5, 6, 7, 8, 10, 15)),
    Measure("sizes.unique_word_ratio", "Share of distinct words", _TENTHS),
    Measure("quality.stop_word_fraction", "Share of stop words", _TENTHS),
    Measure("diversity.compression_ratio", "Compression ratio", (0, 1, 1.5, 2, 2.5, 3, 4, 5, 10)),
    Measure(
        "readability.flesch_reading_ease",
        "Flesch reading ease",
        (-100, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100),
    ),
)
SIMILARITY: Final = Measure("similarity", "Similarity to the original", (*_TENTHS[:-1], 0.95, 1))


@dataclass(slots=True)
class Values:
    """The values of a measure: an exact count of each bin, and a sketch for quantiles."""

    measure: Measure
    bins: list[int] = field(init=False)
    distribution: Distribution = field(default_factory=Distribution)
    lowest: float | None = None
    highest: float | None = None

    def __post_init__(self) -> None:
        self.bins = [0] * len(self.measure.edges)

    def add(self, value: float) -> None:
        """Count a value."""
        self.bins[max(0, bisect_right(self.measure.edges, value) - 1)] += 1
        self.distribution.add(value)
        self.lowest = value if self.lowest is None else min(self.lowest, value)
        self.highest = value if self.highest is None else max(self.highest, value)
