"""Statistics of other packages: functions `(doc) -> Mapping` under the decorator `statistics`.

`fanmill.plugins` discovers them and limits their time; `FANMILL_STATISTICS` chooses them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, Literal

from fanmill.core.analysis import Analysis
from fanmill.core.plugin import Limit, PluginError, check_declaration, run_plugin
from fanmill_contracts.envelope import JsonScalar
from fanmill_contracts.results import Problem

MAX_TEXT_LENGTH: Final = 1000
"""Maximum number of code points in a value of type `text`."""

ValueType = Literal["boolean", "integer", "number", "text"]
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "text": (str,),
}

Function = Callable[[Any], Mapping[str, JsonScalar]]
"""Takes a `DocumentView` and returns values by the names of measures."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The declaration of a statistic.

    Attributes:
        name: Stable name; the record has the value under `plugins`, the set and this name.
        type: Type of the value, which may also be None for "not defined for this text".
        unit: Unit of the value, such as `words`.
        definition: Definition, in a sentence.
        low: Minimum of a number.
        high: Maximum of a number.
    """

    name: str
    type: ValueType
    unit: str
    definition: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class StatisticSet:
    """A function that measures, with its declaration; made by the decorator `statistics`."""

    name: str
    version: str
    measures: tuple[Measure, ...]
    function: Function
    time_limit_seconds: float | None = None

    @property
    def key(self) -> str:
        """Key of the set in a record, such as `vowels-2`."""
        return f"{self.name}-{self.version}"

    def __call__(self, doc: Analysis) -> dict[str, JsonScalar]:
        """Return the value of each measure, in the order of the measures.

        Raises:
            PluginError: A value is undeclared, or not as declared.
            Exception: Any error of the function.
        """
        found = self.function(doc)
        if not isinstance(found, Mapping):
            raise PluginError(f"statistics {self.name!r} gave {type(found).__name__}, no mapping")
        known = {each.name: each for each in self.measures}
        for name in found:
            if name not in known:
                raise PluginError(f"undeclared statistic {name!r}; declared: {sorted(known)}")
        return {name: _checked(each, found.get(name)) for name, each in known.items()}


def statistics(
    name: str,
    version: str,
    measures: Sequence[Measure],
    *,
    time_limit_seconds: float | None = None,
) -> Callable[[Function], StatisticSet]:
    """Return a decorator that makes a set of statistics of a function `(doc) -> Mapping`.

    Args:
        name: Lower-case name; with the version the key in the record.
        version: Version of the values' meaning; a change of the meaning needs a new version.
        measures: Declarations of the values.
        time_limit_seconds: Time limit for a document. The general limit,
            `FANMILL_TAGGER_TIME_LIMIT_SECONDS`, applies if it is None or longer.

    Raises:
        PluginError: Name, version or a measure is invalid.
    """
    check_declaration("statistics", name, version)
    names = [each.name for each in measures]
    if len(set(names)) != len(names):
        raise PluginError(f"statistics {name!r} declares a measure twice: {', '.join(names)}")
    for each in measures:
        if each.type not in _TYPES:
            raise PluginError(
                f"measure {each.name!r} has type {each.type!r}; known: {', '.join(_TYPES)}"
            )

    def made(function: Function) -> StatisticSet:
        return StatisticSet(name, version, tuple(measures), function, time_limit_seconds)

    return made


def measure(plugin: StatisticSet, doc: Analysis, limit: Limit) -> dict[str, JsonScalar] | Problem:
    """Return the values of a set, or its problem if it fails or exceeds its time limit."""
    seconds = plugin.time_limit_seconds
    return run_plugin("summarize", plugin.key, lambda: plugin(doc), limit, seconds)


def _checked(declared: Measure, value: JsonScalar) -> JsonScalar:
    """Return a value that is as declared.

    Raises:
        PluginError: It is not.
    """
    if value is None:
        return None
    wrong_kind = isinstance(value, bool) and declared.type != "boolean"
    if wrong_kind or not isinstance(value, _TYPES[declared.type]):
        raise PluginError(f"{declared.name} is {value!r:.80}; declared as {declared.type}")
    if isinstance(value, str):
        if len(value) > MAX_TEXT_LENGTH:
            raise PluginError(
                f"{declared.name} has {len(value)} characters; the limit is {MAX_TEXT_LENGTH}"
            )
        return value
    low, high = declared.low, declared.high
    if (
        not isfinite(value)
        or (low is not None and value < low)
        or (high is not None and value > high)
    ):
        raise PluginError(f"{declared.name} is {value}; declared from {low} to {high}")
    return value
