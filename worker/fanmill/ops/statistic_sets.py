"""Finds the sets of statistics that other packages offer, and stops those that run too long."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from time import monotonic
from typing import Final, TypeVar

from fanmill.core.statistics.compute import BUILT_IN
from fanmill.core.statistics.plugin import Measure, StatisticSet
from fanmill.taggers.limit import interrupted
from fanmill_contracts.statistics import Value

GROUP: Final = "fanmill.statistics"
ALL: Final = "all"

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What `FANMILL_STATISTICS` chooses."""

    built_in: frozenset[str]
    plugins: tuple[StatisticSet, ...]


@dataclass(frozen=True, slots=True)
class BrokenSet:
    """Stands for a set that could not be loaded: each record says so among its problems."""

    name: str
    error: str
    version: str = "0"
    time_limit_seconds: float = 1.0
    measures: tuple[Measure, ...] = ()

    def compute(self, text: str, language: str) -> Mapping[str, Value]:
        """Raise what loading raised."""
        raise RuntimeError(f"set of {len(text)} characters in {language} lost: {self.error}")


def choose(names: Sequence[str], offered: Mapping[str, EntryPoint] | None = None) -> Chosen:
    """Return the chosen sets, those of other packages loaded.

    Args:
        names: `all`, or names of sets; a set of another package is named by its
            entry point.
        offered: Entry points by name; those of installed packages by default.

    Raises:
        ValueError: No set has this name.
    """
    installed = _installed() if offered is None else offered
    wanted = wanted_sets(names, installed)
    plugins = (_load(installed[name]) for name in sorted(wanted - BUILT_IN))
    return Chosen(BUILT_IN & wanted, tuple(plugins))


def wanted_sets(
    names: Sequence[str], offered: Mapping[str, EntryPoint] | None = None
) -> frozenset[str]:
    """Return the names of the chosen sets without loading any; see `choose`.

    Raises:
        ValueError: No set has this name.
    """
    installed = _installed() if offered is None else offered
    wanted = set(names)
    if ALL in wanted:
        return frozenset({*BUILT_IN, *installed})
    unknown = wanted - BUILT_IN - installed.keys()
    if unknown:
        raise ValueError(
            f"unknown set of statistics {min(unknown)!r} (FANMILL_STATISTICS); "
            f"known: {', '.join(sorted({*BUILT_IN, *installed, ALL}))}"
        )
    return frozenset(wanted)


def _installed() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _load(point: EntryPoint) -> StatisticSet:
    try:
        loaded: StatisticSet = point.load()
        if isinstance(loaded, type):
            loaded = loaded()
        for member in ("name", "version", "time_limit_seconds", "measures", "compute"):
            getattr(loaded, member)
    except Exception as error:  # noqa: BLE001  whatever it is, the plugins go on
        return BrokenSet(point.name, f"{point.value}: {type(error).__name__}: {error}")
    return loaded


def within(seconds: float, function: Callable[[], Found]) -> Found:
    """Call a function and stop it after so many seconds.

    A timer interrupts Python code in a main thread, as that of a worker process
    is. Native code that does not come back ends with the task's time limit;
    elsewhere than in a main thread the time is judged afterwards.

    Raises:
        TimeoutError: It ran longer, also if it came back.
    """
    started = monotonic()
    # Again and again: code that catches everything may catch the first one.
    with interrupted(seconds, seconds, lambda: TimeoutError(f"ran longer than {seconds:g} s")):
        found = function()
    if monotonic() - started > seconds:
        raise TimeoutError(f"ran {monotonic() - started:.3g} s; its limit is {seconds:g} s")
    return found
