"""Aggregates of many documents: counts, means, quantiles and frequent categories.

Aggregates can be merged in any order. Quantiles come from KLL sketches (Apache DataSketches),
which keep about 200 values; the rank of an answer is off by at most 1.7 % in 99 of 100 cases.
"""

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from json import dumps, loads
from typing import Any, Final

from fanmill.core.corpus.data_point import MEASURES, DataPoint

ACCURACY: Final = 200
"""Parameter k of KLL: a sketch takes up to 2.4 kB, usually 1.7 kB."""

MAX_CATEGORIES: Final = 50
"""Maximum number of categories; the rarest beyond it are counted as `OTHER`."""

OTHER: Final = "(others)"
"""Name for sources and categories beyond the limits."""

GROUPS_PER_DAY: Final = 100
"""Maximum number of groups a day; documents of further sources count for `OTHER`."""


def _sketches() -> Any:
    # Its import takes a seventh of the time of `fanmill stats`, which may find no documents.
    from datasketches import kll_floats_sketch  # noqa: PLC0415

    return kll_floats_sketch


def _empty_sketch() -> Any:
    return _sketches()(ACCURACY)


@dataclass(frozen=True, slots=True, order=True)
class GroupKey:
    """Day, source and language of documents that are counted together."""

    day: str
    source: str
    language: str


@dataclass(slots=True)
class Distribution:
    """The distribution of the values of a measure."""

    count: int = 0
    total: float = 0.0
    sketch: Any = field(default_factory=_empty_sketch)

    @property
    def mean(self) -> float | None:
        """The mean of the values; None without values."""
        return self.total / self.count if self.count else None

    def quantile(self, rank: float) -> float | None:
        """Return the value at a rank from 0.0 to 1.0; None without values."""
        return float(self.sketch.get_quantile(rank)) if self.count else None

    def add(self, value: float) -> None:
        """Count a value."""
        self.count += 1
        self.total += value
        self.sketch.update(value)

    def merge(self, other: "Distribution") -> None:
        """Count all values of another distribution."""
        self.count += other.count
        self.total += other.total
        self.sketch.merge(other.sketch)


class Aggregate:
    """Counts and distributions of the documents of a group, or of several."""

    def __init__(self) -> None:
        self.documents = 0
        self.measures = {name: Distribution() for name in MEASURES}
        self.categories: Counter[str] = Counter()

    def add(self, data_point: DataPoint) -> None:
        """Count a document."""
        self.documents += 1
        for name, value in zip(MEASURES, data_point.values, strict=True):
            if value is not None:
                self.measures[name].add(value)
        if data_point.categories:
            self._count(Counter(data_point.categories))

    def merge(self, other: "Aggregate") -> None:
        """Count all documents of another aggregate."""
        self.documents += other.documents
        for name, distribution in other.measures.items():
            self.measures[name].merge(distribution)
        self._count(other.categories)

    def _count(self, categories: Counter[str]) -> None:
        self.categories.update(categories)
        if len(self.categories) > MAX_CATEGORIES:
            kept = dict(self.categories.most_common(MAX_CATEGORIES - 1))
            rest = self.categories.total() - sum(kept.values())
            self.categories = Counter(kept)
            self.categories[OTHER] += rest

    def to_bytes(self) -> bytes:
        """Return the aggregate in a form that `from_bytes` reads."""
        measures = {
            name: [each.count, each.total, b64encode(each.sketch.serialize()).decode()]
            for name, each in self.measures.items()
            if each.count
        }
        return dumps([self.documents, measures, self.categories], separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, written: bytes) -> "Aggregate":
        """Return the aggregate of `to_bytes`, without measures that no longer exist."""
        found = cls()
        found.documents, measures, categories = loads(written)
        found.categories = Counter(categories)
        for name, (count, total, sketch) in measures.items():
            if name in found.measures:
                restored = _sketches().deserialize(b64decode(sketch))
                found.measures[name] = Distribution(count, total, restored)
        return found


def group_of(data_point: DataPoint, known: Collection[GroupKey]) -> GroupKey:
    """Return the group in which a document counts, given the groups that its day has."""
    group = GroupKey(data_point.day, data_point.source, data_point.language)
    if group in known or len(known) < GROUPS_PER_DAY:
        return group
    return GroupKey(data_point.day, OTHER, data_point.language)


def merge_data_points(
    groups: dict[GroupKey, Aggregate], data_points: Iterable[DataPoint]
) -> set[GroupKey]:
    """Merge data points into their groups, in place, and return the groups that changed."""
    by_day: dict[str, set[GroupKey]] = {}
    for group in groups:
        by_day.setdefault(group.day, set()).add(group)
    changed = set()
    for data_point in data_points:
        known = by_day.setdefault(data_point.day, set())
        group = group_of(data_point, known)
        known.add(group)
        if group not in groups:
            groups[group] = Aggregate()
        groups[group].add(data_point)
        changed.add(group)
    return changed
