"""Filters over rejections in words."""

from __future__ import annotations

from typing import Final

from fanmill.core.filters import FilterError, parse_filter
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.core.filters.terms import Compares, Condition, Equals, Term, Within

_OPERATORS: Final = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}


def in_words(where: str) -> str:
    """Return a filter in words, such as `rejections with stage tag and age below 1h`."""
    try:
        terms = parse_filter(where, REJECTION_KEYS).terms
    except FilterError:
        # An order of another version: as it was written.
        return f"rejections that match {where}"
    if not terms:
        return "all rejections"
    return f"rejections with {' and '.join(map(_term, terms))}"


def _term(term: Term) -> str:
    values = " or ".join(map(_condition, term.conditions))
    if term.key is None:
        return f"{'no ' if term.negated else ''}{values} in the error"
    return f"{term.key} {'not ' if term.negated else ''}{values}"


def _condition(condition: Condition) -> str:
    match condition:
        case Equals(value):
            return str(value)
        case Compares(operator, value):
            return f"{_OPERATORS[operator]} {value}"
        case Within(low, high):
            return f"from {low} to {high}"
