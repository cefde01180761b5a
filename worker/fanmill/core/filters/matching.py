"""Whether a filter matches a thing, given the values of its keys."""

from collections.abc import Callable, Mapping
from functools import partial
from operator import ge, gt, le, lt
from typing import Any, Final

from fanmill.core.filters.terms import (
    Compares,
    Condition,
    Duration,
    Equals,
    Filter,
    Moment,
    Operator,
    Term,
    Value,
    Within,
)

TEXT_KEY: Final = "text"
"""The key whose values are searched in the text, as words without a key are."""

KeyValue = str | float | tuple[str, ...] | None
Values = Mapping[str, KeyValue]

_OPERATORS: Final[Mapping[Operator, Callable[[Any, Any], bool]]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


def matches(wanted: Filter, values: Values, text: str | Callable[[str], bool] = "") -> bool:
    """Return whether all terms of a filter hold.

    Args:
        wanted: The filter.
        values: Values of the keys: durations in ms, times in ms since 1970. A term holds for
            several values if it holds for one of them. No condition holds for a key that is
            None or missing.
        text: Text that words are searched in, without regard to case, or a function that
            searches them: words without a key, and those of the key `text`.
    """
    found = text if callable(text) else partial(_is_in, text.casefold())
    return all(_holds(term, values, found) != term.negated for term in wanted.terms)


def _is_in(text: str, words: str) -> bool:
    return words.casefold() in text


def _holds(term: Term, values: Values, found: Callable[[str], bool]) -> bool:
    if term.key is None or term.key == TEXT_KEY:
        return any(found(str(_only(each))) for each in term.conditions)
    value = values.get(term.key)
    if isinstance(value, tuple):
        return any(_meets(one, each) for one in value for each in term.conditions)
    return value is not None and any(_meets(value, each) for each in term.conditions)


def _only(condition: Condition) -> Value:
    assert isinstance(condition, Equals)  # noqa: S101
    return condition.value


def _meets(value: str | float, condition: Condition) -> bool:
    if isinstance(condition, Equals):
        wanted = condition.value
        if isinstance(wanted, Moment):
            return wanted.start_ms <= float(value) < wanted.end_ms
        return bool(value == _plain(wanted))
    if isinstance(condition, Within):
        return _at_least(value, condition.low) and _at_most(value, condition.high)
    return _compares(value, condition)


def _compares(value: Any, condition: Compares) -> bool:
    wanted = condition.value
    if isinstance(wanted, Moment):
        # All of a day is on neither side of it.
        edge = wanted.start_ms if condition.operator in {"<", ">="} else wanted.end_ms
        return bool(value < edge if "<" in condition.operator else value >= edge)
    return _OPERATORS[condition.operator](value, _plain(wanted))


def _at_least(value: Any, low: Value) -> bool:
    return bool(value >= (low.start_ms if isinstance(low, Moment) else _plain(low)))


def _at_most(value: Any, high: Value) -> bool:
    return bool(value < high.end_ms if isinstance(high, Moment) else value <= _plain(high))


def _plain(value: Value) -> Any:
    return value.ms if isinstance(value, Duration) else value
