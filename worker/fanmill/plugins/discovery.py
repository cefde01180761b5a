"""Discovery of plugins: entry points of installed packages, and folders, files and modules.

A plugin that cannot be loaded is a problem of every record and of `fanmill taggers`; all others
are loaded.
"""

import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final, Generic, TypeVar

from fanmill.core.plugin import PluginError, problem_of
from fanmill.core.statistics.plugin import StatisticSet
from fanmill.core.tagging.tagger import Tagger
from fanmill_contracts.results import Problem
from fanmill_contracts.terms import Stage

Plugin = TypeVar("Plugin", Tagger, StatisticSet)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Plugin]):
    """A kind of plugin.

    Attributes:
        name: Name for messages.
        group: Entry point group; an entry point names a plugin, or a module or sequence of them.
        type: Class of the plugins.
        stage: Stage in which they run.
        decorator: Decorator that makes them, for messages.
    """

    name: str
    group: str
    type: type[Plugin]
    stage: Stage
    decorator: str


TAGGERS: Final = Kind("tagger", "fanmill.taggers", Tagger, "tag", "@tagger(...)")
STATISTICS: Final = Kind(
    "statistic set", "fanmill.statistics", StatisticSet, "summarize", "@statistics(...)"
)


@dataclass(slots=True)
class Discovered(Generic[Plugin]):
    """Plugins of a kind with the origin of each, and the problems of those not loaded."""

    plugins: list[tuple[Plugin, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def discover(
    kind: Kind[Plugin],
    places: Iterable[str] = (),
    *,
    entries: Iterable[EntryPoint] | None = None,
) -> Discovered[Plugin]:
    """Return the plugins of a kind.

    Args:
        kind: `TAGGERS` or `STATISTICS`.
        places: Folders (each `*.py` in them that does not begin with `_` or `test_`), files, and
            modules as `package.module` or `package.module:name`.
        entries: Entry points; by default those of installed packages.
    """
    found = Discovered[Plugin]()
    for entry in installed(kind) if entries is None else entries:
        _load(kind, found, f"entry point {entry.name}", entry)
    for place in places:
        path = Path(place)
        if path.is_dir():
            for file in sorted(path.glob("*.py")):
                if not file.name.startswith(("_", "test_")):
                    _load(kind, found, str(file), file)
        elif place.endswith(".py"):
            _load(kind, found, place, path)
        else:
            _load(kind, found, place, EntryPoint(place, place, kind.group))
    return found


def installed(kind: Kind[Plugin], names: Collection[str] | None = None) -> list[EntryPoint]:
    """Return the entry points of a kind by name; only those with given names, if any."""
    found = sorted(entry_points(group=kind.group), key=lambda entry: (entry.name, entry.value))
    return [entry for entry in found if names is None or entry.name in names]


def _load(
    kind: Kind[Plugin], found: Discovered[Plugin], origin: str, source: Path | EntryPoint
) -> None:
    """Add the plugins of a source, or the problem if it cannot be loaded."""
    try:
        loaded = _module_of(source) if isinstance(source, Path) else _named(source)
        plugins = list(_plugins_of(kind, loaded))
    except (Exception, SystemExit) as error:  # noqa: BLE001  foreign code may raise anything
        found.problems.append(problem_of(kind.stage, origin, error))
        return
    if not plugins:
        nothing = f"holds no {kind.name}: a function under {kind.decorator}"
        found.problems.append(problem_of(kind.stage, origin, nothing))
    known = {plugin.name for plugin, _ in found.plugins}
    for plugin in plugins:
        if plugin.name in known:
            twice = f"{kind.name} {plugin.name!r} exists already; give it another name"
            found.problems.append(problem_of(kind.stage, origin, twice))
        else:
            found.plugins.append((plugin, origin))
            known.add(plugin.name)


def _named(entry: EntryPoint) -> object:
    if ":" in entry.value:
        return entry.load()
    return import_module(entry.value)


def _module_of(path: Path) -> ModuleType:
    # A name of its own, because two folders may hold files of the same name.
    name = f"fanmill_plugin_{path.stem}_{sha256(str(path.resolve()).encode()).hexdigest()[:8]}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(f"{path} is no Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _plugins_of(kind: Kind[Plugin], loaded: object) -> Iterator[Plugin]:
    """Yield the plugins of a kind in an object: the object itself, or those that it holds."""
    if isinstance(loaded, kind.type):
        yield loaded
    elif isinstance(loaded, ModuleType):
        seen: set[str] = set()
        for value in vars(loaded).values():
            if isinstance(value, kind.type) and value.name not in seen:
                seen.add(value.name)
                yield value
    elif isinstance(loaded, list | tuple):
        for each in loaded:
            yield from _plugins_of(kind, each)
