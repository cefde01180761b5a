"""Finds the taggers of others: installed packages, folders, files, modules.

What cannot be loaded is a problem that stands in every record and in `fanmill
taggers`; the rest goes on.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final

from fanmill.core.tagging.tagger import Tagger, TaggerError
from fanmill_contracts.results import Problem

GROUP: Final = "fanmill.taggers"
"""Entry points of this group name a tagger, or a module or sequence of them."""


@dataclass(slots=True)
class Found:
    """Taggers with the place each came from, and what could not be loaded."""

    taggers: list[tuple[Tagger, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def discover(places: Iterable[str] = (), *, installed: bool = True) -> Found:
    """Return the taggers of installed packages and of places.

    Args:
        places: Folders (each `*.py` in them that does not begin with `_` or
            `test_`), files, and modules as `package.module` or `package.module:name`.
        installed: Whether entry points are looked at.
    """
    found = Found()
    if installed:
        for entry in sorted(entry_points(group=GROUP), key=_entry_name):
            _load(found, f"entry point {entry.name}", entry)
    for place in places:
        path = Path(place)
        if path.is_dir():
            for file in sorted(path.glob("*.py")):
                if not file.name.startswith(("_", "test_")):
                    _load(found, str(file), file)
        elif place.endswith(".py"):
            _load(found, place, path)
        else:
            _load(found, place, EntryPoint(place, place, GROUP))
    return found


def _entry_name(entry: EntryPoint) -> tuple[str, str]:
    return entry.name, entry.value


def _load(found: Found, place: str, what: Path | EntryPoint) -> None:
    try:
        loaded = _module_of(what) if isinstance(what, Path) else _named(what)
        taggers = list(_taggers_of(loaded))
    except Exception as error:  # noqa: BLE001  code of others: whatever it raises
        text = str(error) if isinstance(error, TaggerError) else f"{type(error).__name__}: {error}"
        found.problems.append(Problem(stage="tag", producer=place, error=text[:500]))
        return
    if not taggers:
        nothing = "holds no tagger: a function under @tagger(...)"
        found.problems.append(Problem(stage="tag", producer=place, error=nothing))
    known = {tagger.name for tagger, _ in found.taggers}
    for tagger in taggers:
        if tagger.name in known:
            error_text = f"tagger {tagger.name!r} is there already; give it another name"
            found.problems.append(Problem(stage="tag", producer=place, error=error_text))
        else:
            found.taggers.append((tagger, place))
            known.add(tagger.name)


def _named(entry: EntryPoint) -> object:
    if ":" in entry.value:
        return entry.load()
    return import_module(entry.value)


def _module_of(path: Path) -> ModuleType:
    # A name of its own: two folders may hold files of one name.
    name = f"fanmill_tagger_{path.stem}_{sha256(str(path.resolve()).encode()).hexdigest()[:8]}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise TaggerError(f"{path} is no Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _taggers_of(loaded: object) -> Iterator[Tagger]:
    if isinstance(loaded, Tagger):
        yield loaded
    elif isinstance(loaded, ModuleType):
        seen: set[str] = set()
        for value in vars(loaded).values():
            if isinstance(value, Tagger) and value.name not in seen:
                seen.add(value.name)
                yield value
    elif isinstance(loaded, list | tuple):
        for each in loaded:
            yield from _taggers_of(each)
