"""Many documents in little space: counts, means, quantiles and frequent values.

Aggregates of parts add up to those of the whole, whatever the order. Quantiles
come from KLL sketches (Apache DataSketches): 200 values stand for any number,
and the rank of an answer is off by at most 1.7 % in 99 of 100 cases.
"""

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from json import dumps, loads
from typing import Any, Final

from datasketches import kll_floats_sketch

from fanmill.core.corpus.observation import MEASURES, Observation

ACCURACY: Final = 200
"""KLL's k: about 2.4 kB a sketch at most, 1.7 kB as a rule."""

MAX_MARKS: Final = 50
"""Different values kept; of more, the rarest are counted as others."""

OTHER: Final = "(others)"
"""Stands for sources and values beyond the limits."""

CELLS_PER_DAY: Final = 100
"""Pairs of source and language a day; documents of further sources count for `(others)`."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What documents are counted together by."""

    day: str
    source: str
    language: str


@dataclass(slots=True)
class Distribution:
    """The values of one measure."""

    count: int = 0
    total: float = 0.0
    sketch: Any = field(default_factory=lambda: kll_floats_sketch(ACCURACY))

    @property
    def mean(self) -> float | None:
        """Their mean; None without values."""
        return self.total / self.count if self.count else None

    def quantile(self, rank: float) -> float | None:
        """Return the value below which this share of all lies, from 0.0 to 1.0."""
        return float(self.sketch.get_quantile(rank)) if self.count else None

    def add(self, value: float) -> None:
        """Count one value."""
        self.count += 1
        self.total += value
        self.sketch.update(value)

    def merge(self, other: "Distribution") -> None:
        """Take in another one's values."""
        self.count += other.count
        self.total += other.total
        self.sketch.merge(other.sketch)


class Aggregate:
    """What is known of the documents of one or more cells."""

    def __init__(self) -> None:
        self.documents = 0
        self.measures = {name: Distribution() for name in MEASURES}
        self.marks: Counter[str] = Counter()

    def add(self, observation: Observation) -> None:
        """Count one document."""
        self.documents += 1
        for name, value in zip(MEASURES, observation.values, strict=True):
            if value is not None:
                self.measures[name].add(value)
        self._count(Counter(observation.marks))

    def merge(self, other: "Aggregate") -> None:
        """Take in another one's documents."""
        self.documents += other.documents
        for name, distribution in other.measures.items():
            self.measures[name].merge(distribution)
        self._count(other.marks)

    def _count(self, marks: Counter[str]) -> None:
        self.marks.update(marks)
        if len(self.marks) > MAX_MARKS:
            kept = dict(self.marks.most_common(MAX_MARKS - 1))
            rest = self.marks.total() - sum(kept.values())
            self.marks = Counter(kept)
            self.marks[OTHER] += rest

    def to_bytes(self) -> bytes:
        """Return all of it, to be read by `from_bytes`."""
        measures = {
            name: [each.count, each.total, b64encode(each.sketch.serialize()).decode()]
            for name, each in self.measures.items()
            if each.count
        }
        return dumps([self.documents, measures, self.marks], separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, written: bytes) -> "Aggregate":
        """Return what was written; measures that no longer exist are left out."""
        found = cls()
        found.documents, measures, marks = loads(written)
        found.marks = Counter(marks)
        for name, (count, total, sketch) in measures.items():
            if name in found.measures:
                restored = kll_floats_sketch.deserialize(b64decode(sketch))
                found.measures[name] = Distribution(count, total, restored)
        return found


def cell_of(observation: Observation, known: Collection[Cell]) -> Cell:
    """Return where a document counts, given the cells that its day has."""
    cell = Cell(observation.day, observation.source, observation.language)
    if cell in known or len(known) < CELLS_PER_DAY:
        return cell
    return Cell(observation.day, OTHER, observation.language)


def work_in(cells: dict[Cell, Aggregate], observations: Iterable[Observation]) -> set[Cell]:
    """Add observations to aggregates and return the cells that changed."""
    by_day: dict[str, set[Cell]] = {}
    for cell in cells:
        by_day.setdefault(cell.day, set()).add(cell)
    changed = set()
    for observation in observations:
        known = by_day.setdefault(observation.day, set())
        cell = cell_of(observation, known)
        known.add(cell)
        cells.setdefault(cell, Aggregate()).add(observation)
        changed.add(cell)
    return changed
