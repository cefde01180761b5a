"""A metric as the catalogue describes it, and a value of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from fanmill.stores.redis.history import Exemplar, Histogram

Kind = Literal["gauge", "counter", "histogram"]

PREFIX: Final = "fanmill_"
"""First part of the name of every metric."""

_SUFFIX: Final[Mapping[Kind, str]] = {"gauge": "", "counter": "_total", "histogram": ""}


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric.

    Attributes:
        name: Name without prefix, and without the `_total` of a counter.
        kind: A gauge goes up and down, a counter goes up, a histogram counts durations.
        unit: `seconds`, `bytes`, or the noun that is counted.
        labels: Names of its labels, in the order of a sample's values.
        meaning: A sentence on the number itself.
        remedy: Advice for a value that rises, or that is not the normal one.
    """

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    meaning: str
    remedy: str

    @property
    def family(self) -> str:
        """Name of its family: with the prefix, without the suffix of a counter."""
        return f"{PREFIX}{self.name}"

    @property
    def full_name(self) -> str:
        """Name in queries; a histogram's series have `_bucket`, `_sum` and `_count` after it."""
        return f"{self.family}{_SUFFIX[self.kind]}"


@dataclass(frozen=True, slots=True)
class Sample:
    """A value of a metric.

    Attributes:
        labels: Values of the metric's labels, in their order.
        value: A number, or a histogram of durations.
        exemplars: Traced documents of a histogram, by the position of their bin.
    """

    labels: tuple[str, ...]
    value: float | Histogram
    exemplars: Mapping[int, Exemplar] = field(default_factory=dict)


Samples = Mapping[str, list[Sample]]
"""Samples by the name of their metric; a metric whose value is unknown has none."""
