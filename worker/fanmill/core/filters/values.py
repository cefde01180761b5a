"""Values of a filter, read from text by the kind of their key."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Final

from fanmill.core.filters.keys import Key, Kind
from fanmill.core.filters.terms import DAY_MS, Duration, Moment, Value

_NUMBER: Final = re.compile(r"-?\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_DURATION: Final = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d|w)", re.ASCII)
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?Z?)?", re.ASCII | re.IGNORECASE)
_UNITS_MS: Final = {"ms": 1, "s": 1e3, "m": 6e4, "h": 3.6e6, "d": 8.64e7, "w": 6.048e8}
_MAX_DURATION_MS: Final = 10**14

ORDERED: Final[frozenset[Kind]] = frozenset({"number", "duration", "time"})
"""Kinds that can be compared."""


class UnreadableValue(ValueError):
    """A text that is no value of its kind; the message says what is expected."""


def read_value(text: str, key: Key) -> Value:
    """Return the value that a text is for a key.

    Raises:
        UnreadableValue: It is none.
    """
    return _READERS[key.kind](text, key)


def _text(text: str, key: Key) -> Value:
    if key.choices and text not in key.choices:
        raise UnreadableValue(f"{text[:60]!r} is unknown; known: {', '.join(key.choices)}")
    return text


def _number(text: str, key: Key) -> Value:
    del key
    if not _NUMBER.fullmatch(text):
        raise UnreadableValue(f"{text[:60]!r} is no number; expected one such as 500")
    if text.lstrip("-").isdecimal():
        return int(text)
    number = float(text)
    if not isfinite(number):
        raise UnreadableValue(f"{text[:60]!r} is too large")
    return number


def _duration(text: str, key: Key) -> Value:
    del key
    found = _DURATION.fullmatch(text)
    if not found:
        raise UnreadableValue(
            f"{text[:60]!r} is no length of time; expected one such as 90s, 5m, 2h, 7d"
        )
    ms = round(float(found[1]) * _UNITS_MS[found[2]])
    if ms > _MAX_DURATION_MS:
        raise UnreadableValue(f"{text[:60]!r} is too long")
    return Duration(ms)


def _time(text: str, key: Key) -> Value:
    del key
    found = _TIME.fullmatch(text)
    expected = "expected a date such as 2026-11-01 or a time such as 2026-11-01T10:30 (UTC)"
    if not found:
        raise UnreadableValue(f"{text[:60]!r} is no time; {expected}")
    clock = f"{found[2] or '00:00'}{found[3] or ':00'}"
    try:
        start = datetime.fromisoformat(f"{found[1]}T{clock}").replace(tzinfo=UTC)
    except ValueError:
        raise UnreadableValue(f"{text[:60]!r} is no time; {expected}") from None
    ms = round((start - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1000
    if ms < 0:
        raise UnreadableValue(f"{text[:60]!r} is before 1970")
    return Moment(ms, DAY_MS if found[2] is None else 1000)


_READERS: Final[Mapping[Kind, Callable[[str, Key], Value]]] = {
    "text": _text,
    "number": _number,
    "duration": _duration,
    "time": _time,
    "phrase": _text,
}
