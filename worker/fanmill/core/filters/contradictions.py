"""Filters that nothing can match, found without a look at any record. Pure."""

from itertools import combinations

from fanmill.core.filters.intervals import Interval, interval_of
from fanmill.core.filters.keys import Catalogue
from fanmill.core.filters.terms import Filter, Term


def never_matches(wanted: Filter, known: Catalogue) -> bool:
    """Return whether terms exclude each other, so that no record matches.

    Recognises a term whose conditions a negated term of the same key names, too, and ranges of a
    number that have nothing in common. False says nothing: other filters may match nothing, too.
    """
    positive = [term for term in wanted.terms if not term.negated]
    negated = [term for term in wanted.terms if term.negated]
    if any(_is_within(term, other) for term in positive for other in negated):
        return True
    numbers = [term for term in positive if term.key and known[term.key].kind == "number"]
    return any(
        one.key == other.key and not _overlap(one, other) for one, other in combinations(numbers, 2)
    )


def _is_within(term: Term, other: Term) -> bool:
    """Return whether whatever meets a term meets the other one."""
    return term.key == other.key and set(term.conditions) <= set(other.conditions)


def _overlap(one: Term, other: Term) -> bool:
    return any(
        _has_common(interval_of(first), interval_of(second))
        for first in one.conditions
        for second in other.conditions
    )


def _has_common(one: Interval, other: Interval) -> bool:
    return not (_is_below(one, other) or _is_below(other, one))


def _is_below(one: Interval, other: Interval) -> bool:
    if one.high is None or other.low is None:
        return False
    touching = one.high == other.low
    return one.high < other.low or (touching and not (one.high_included and other.low_included))
