"""Choice of statistics: the built-in sets and the plugins that `FANMILL_STATISTICS` names."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Final

from fanmill.core.statistics.compute import BUILT_IN
from fanmill.core.statistics.plugin import StatisticSet
from fanmill.plugins.discovery import STATISTICS, discover, installed
from fanmill_contracts.results import Problem

ALL: Final = "all"
"""Name that chooses all built-in sets and all plugins."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen sets of statistics.

    Attributes:
        built_in: Names of built-in sets.
        plugins: Sets of other packages.
        problems: Problems of the chosen sets that could not be loaded.
    """

    built_in: frozenset[str]
    plugins: tuple[StatisticSet, ...]
    problems: tuple[Problem, ...] = ()


def choose(names: Sequence[str], offered: Sequence[EntryPoint] | None = None) -> Chosen:
    """Return the chosen sets; the plugins among them are loaded.

    Args:
        names: `all`, or names of sets; a plugin is named by its entry point.
        offered: Entry points; by default those of installed packages.

    Raises:
        ValueError: No set has this name.
    """
    entries = installed(STATISTICS) if offered is None else offered
    wanted = wanted_sets(names, entries)
    found = discover(STATISTICS, entries=[each for each in entries if each.name in wanted])
    plugins = tuple(plugin for plugin, _ in found.plugins)
    return Chosen(BUILT_IN & wanted, plugins, tuple(found.problems))


def wanted_sets(
    names: Sequence[str], offered: Sequence[EntryPoint] | None = None
) -> frozenset[str]:
    """Return the names of the chosen sets without loading plugins; see `choose`.

    Raises:
        ValueError: No set has this name.
    """
    entries = installed(STATISTICS) if offered is None else offered
    known = {*BUILT_IN, *(each.name for each in entries)}
    wanted = set(names)
    if ALL in wanted:
        return frozenset(known)
    unknown = wanted - known
    if unknown:
        raise ValueError(
            f"unknown set of statistics {min(unknown)!r} (FANMILL_STATISTICS); "
            f"known: {', '.join(sorted({*known, ALL}))}"
        )
    return frozenset(wanted)
