"""Sets of statistics from other packages: what they are and how they are worked.

A package offers one under the entry point group `fanmill.statistics`; loading
it and holding it to its time limit need the machine and belong to `ops`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final, Literal, Protocol

from fanmill.core.analysis import Analysis
from fanmill_contracts.results import Problem
from fanmill_contracts.statistics import Value

MAX_TEXT_LENGTH: Final = 1000
"""Code points of a value that is a text; a record is no place for more."""
_MAX_ERROR_LENGTH: Final = 500

Kind = Literal["boolean", "integer", "number", "text"]
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "text": (str,),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One statistic of a set.

    Attributes:
        name: Stable; a record has it under `plugins`, the set and this name.
        type: Of its value, which may also be None for "not defined here".
        unit: What one of it is, such as `words`.
        definition: One sentence.
        low: Least value of a number.
        high: Greatest value of a number.
    """

    name: str
    type: Kind
    unit: str
    definition: str = ""
    low: float | None = None
    high: float | None = None


class StatisticSet(Protocol):
    """What an entry point of the group `fanmill.statistics` names: an object like this."""

    @property
    def name(self) -> str:
        """Of the set; with `version` the key in the record: `emotion-2`."""

    @property
    def version(self) -> str:
        """Goes up when the meaning of a value changes."""

    @property
    def time_limit_seconds(self) -> float:
        """For one document; above it the document has no values of this set."""

    @property
    def measures(self) -> Sequence[Measure]:
        """What it finds out."""

    def compute(self, text: str, language: str) -> Mapping[str, Value]:
        """Return values by the names of the measures; left out means None.

        Args:
            text: The document.
            language: ISO 639-1 code of what was detected, or `und`.
        """


Guard = Callable[[float, Callable[[], Mapping[str, Value]]], Mapping[str, Value]]
"""Calls a function and raises `TimeoutError` when it runs longer than so many seconds."""


def key_of(offered: StatisticSet) -> str:
    """Return the set's key in a record."""
    return f"{offered.name}-{offered.version}"


def measure(offered: StatisticSet, analysis: Analysis, guard: Guard) -> dict[str, Value] | Problem:
    """Return all values of a set, or what went wrong with it: that harms nothing else."""
    try:
        found = guard(
            offered.time_limit_seconds,
            lambda: offered.compute(analysis.text, analysis.language.code),
        )
        return _checked(offered, found)
    except (Exception, SystemExit) as error:  # noqa: BLE001  whatever it is, it costs only itself
        message = f"{type(error).__name__}: {error}"[:_MAX_ERROR_LENGTH]
        return Problem(stage="summarize", producer=key_of(offered), error=message)


def _checked(offered: StatisticSet, found: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values in the order of the measures.

    Raises:
        ValueError: A name is not declared, or a value is not as declared.
    """
    known = {each.name: each for each in offered.measures}
    for name in found:
        if name not in known:
            raise ValueError(f"undeclared statistic {name!r}; declared: {sorted(known)}")
    return {name: _value(each, found.get(name)) for name, each in known.items()}


def _value(declared: Measure, value: Value) -> Value:
    if value is None:
        return None
    wrong_kind = isinstance(value, bool) and declared.type != "boolean"
    if wrong_kind or not isinstance(value, _TYPES[declared.type]):
        raise ValueError(f"{declared.name} is {value!r:.80}; declared as {declared.type}")
    if isinstance(value, str):
        if len(value) > MAX_TEXT_LENGTH:
            raise ValueError(f"{declared.name} has {len(value)} characters, over {MAX_TEXT_LENGTH}")
        return value
    low, high = declared.low, declared.high
    if (
        not isfinite(value)
        or (low is not None and value < low)
        or (high is not None and value > high)
    ):
        raise ValueError(f"{declared.name} is {value}; declared from {low} to {high}")
    return value
