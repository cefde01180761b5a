"""Every class that a reader of records and events meets is exported by `fanmill_contracts`."""

from collections.abc import Iterator
from inspect import isclass
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

import fanmill_contracts


def reachable(root: Any, seen: set[Any]) -> Iterator[type]:
    """Yield the classes of this package that a value of this type may hold."""
    if isclass(root) and root.__module__.startswith("fanmill_contracts") and root not in seen:
        seen.add(root)
        yield root
        for hint in get_type_hints(root).values():
            yield from reachable(hint, seen)
    for inner in get_args(root):
        yield from reachable(inner, seen)


def test_every_class_that_events_reach_is_exported() -> None:
    found = {
        each
        for event in get_args(fanmill_contracts.Event)
        for each in reachable(event, set())
        if not issubclass(each, BaseModel) or each.model_fields
    }
    names = {each.__name__ for each in found}
    assert {"Producer", "TagSpan", "FilterResult", "DeclaredLanguage", "Problem"} <= names
    exported = {getattr(fanmill_contracts, name) for name in fanmill_contracts.__all__}
    assert {each for each in found if each not in exported} == set()
    assert not [each for each in found if not (each.__doc__ or "").strip()]


def test_names_of_values_are_exported_too() -> None:
    for name in ("EVENT_FIELD", "Event", "Stage", "Verdict", "JsonScalar", "DocumentId"):
        assert name in fanmill_contracts.__all__
    assert fanmill_contracts.__version__
