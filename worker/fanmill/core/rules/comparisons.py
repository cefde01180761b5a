"""Comparisons in tag rules: `words > 50`, `language == en`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, get_args, get_type_hints

from fanmill.core.tagging.document_view import DocumentView
from fanmill_contracts.statistics import Statistics

_FORM: Final = re.compile(
    r"\s*(?P<name>[a-z][a-z0-9_]{0,63}(?:\.[^\s<>=!]{1,128})?)\s*"
    r"(?P<operator><=|>=|==|!=|<|>|\bcontains\b|\bstartswith\b|\bendswith\b|\bin\b)"
    r"\s*(?P<value>.+?)\s*",
    re.DOTALL,
)
_NUMBERS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "==": eq,
    "!=": ne,
}
_TEXTS: Final[dict[str, Callable[[str, str], bool]]] = {
    "==": eq,
    "!=": ne,
    "contains": lambda fact, value: value in fact,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "in": lambda fact, value: fact in [each.strip() for each in value.split(",")],
}
_DOCUMENT: Final = ("url", "source", "title", "author", "publisher", "document_id", "published_at")
_STATISTICS: Final = tuple(
    name
    for name, kind in get_type_hints(Statistics).items()
    if {int, float} & {kind, *get_args(kind)}
)
"""Statistics that are a number; groups and names cannot be compared."""


class InvalidComparison(Exception):
    """A comparison is invalid; the message says why."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of a fact with a value; an undefined fact fulfils only `!=`."""

    name: str
    operator: str
    value: str

    def holds(self, doc: DocumentView) -> bool:
        """Tell whether the comparison is true for a document."""
        fact = self._fact(doc)
        if fact is None:
            return self.operator == "!="
        if isinstance(fact, int | float) and not isinstance(fact, bool):
            return _NUMBERS[self.operator](fact, float(self.value)) if self._numeric() else False
        shown = str(fact).lower() if isinstance(fact, bool) else str(fact)
        compare = _TEXTS.get(self.operator)
        return compare is not None and compare(shown, self.value)

    def _numeric(self) -> bool:
        try:
            float(self.value)
        except ValueError:
            return False
        return self.operator in _NUMBERS

    def _fact(self, doc: DocumentView) -> Any:
        if self.name in _STATISTICS:
            return getattr(doc.statistics, self.name)
        if self.name == "language":
            return doc.language.code
        if self.name == "script":
            return doc.languages.script
        if self.name.startswith("metadata."):
            return doc.document.metadata.get(self.name.removeprefix("metadata."))
        return getattr(doc.document, self.name)


def parse_comparison(text: str) -> Comparison:
    """Return the comparison of a text such as `words > 50`.

    Raises:
        InvalidComparison: The text has another form, or its name is unknown.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise InvalidComparison(f"{text!r} is no comparison; expected such as 'words > 50'")
    name, operator, value = found["name"], found["operator"], found["value"].strip("\"'[]")
    numeric = name in _STATISTICS
    if not (
        numeric
        or name in {"language", "script"}
        or name in _DOCUMENT
        or name.startswith("metadata.")
    ):
        known = ", ".join((*_STATISTICS, "language", "script", *_DOCUMENT, "metadata.NAME"))
        raise InvalidComparison(f"unknown name {name!r} in {text!r}; known: {known}")
    if numeric:
        try:
            float(value)
        except ValueError:
            raise InvalidComparison(f"{text!r} compares {name} with no number") from None
        if operator not in _NUMBERS:
            raise InvalidComparison(f"{text!r}: {name} is a number and knows no {operator!r}")
    return Comparison(name, operator, value)
