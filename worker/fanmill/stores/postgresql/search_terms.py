"""The terms of a record in its inverted index: what a filter may ask for, as numbers.

The GIN index holds two columns. `terms` are hashes of `key:value`; a number counts as the interval
it lies in, so that a range is a choice of intervals. Two values with one hash, and an interval
that lies in part outside a range, are sorted out by the columns themselves. `tokens` are the words.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import frexp
from typing import Any, Final
from zlib import crc32

from fanmill.core.filters.intervals import Interval
from fanmill.core.filters.record_keys import NUMERIC_STATISTICS
from fanmill.core.search_tokens import Phrase, index_tokens

TEXT_TERMS: Final = (
    *("lang", "verdict", "source", "site", "title", "url", "event", "digest", "partition"),
    *("script", "topic", "tag", "failed"),
)
"""Keys whose values are terms as they are."""

NUMBER_TERMS: Final = (
    *("problems", "revision", "similarity", "containment"),
    *NUMERIC_STATISTICS,
)
"""Keys whose values are terms by interval."""

_PER_OCTAVE: Final = 16
_LOWEST: Final = -6
"""Exponent of two of the numbers that share the first interval above 0: below 1 / 128."""
_HIGHEST: Final = 24
_LAST: Final = (_HIGHEST - _LOWEST + 1) * _PER_OCTAVE

_MAX_POSITION: Final = 16_000
"""PostgreSQL keeps positions of words up to 16,383."""
_GAP: Final = 2
"""Positions between passages, so that no phrase spans two of them."""


@lru_cache(maxsize=65_536)
def term(key: str, value: str | int) -> int:
    """Return the hash of a key and a value as a signed number of 32 bits."""
    return crc32(f"{key}:{value}".encode()) - 2**31


def record_terms(values: Mapping[str, Any]) -> list[int]:
    """Return the terms of a record, given the values of its keys; each once."""
    terms: set[int] = set()
    for key in TEXT_TERMS:
        value = values.get(key)
        if isinstance(value, tuple):
            terms.update(term(key, each) for each in value)
        elif value is not None:
            terms.add(term(key, value))
    for key in NUMBER_TERMS:
        value = values.get(key)
        if value is not None:
            terms.add(term(key, interval_number(value)))
    return list(terms)


def interval_number(value: float) -> int:
    """Return the number of the interval that a value lies in, from `-_LAST` to `_LAST`.

    Sixteen intervals for each doubling, so 4 to 6 % wide. Rises with the value.
    """
    if value == 0:
        return 0
    mantissa, exponent = frexp(abs(value))
    if exponent < _LOWEST:
        number = 1
    elif exponent > _HIGHEST:
        number = _LAST
    else:
        within = int((mantissa - 0.5) * 2 * _PER_OCTAVE)
        number = (exponent - _LOWEST) * _PER_OCTAVE + within + 1
    return number if value > 0 else -number


def range_terms(key: str, interval: Interval) -> list[int]:
    """Return the terms of all intervals that a range touches."""
    low = -_LAST if interval.low is None else interval_number(interval.low)
    high = _LAST if interval.high is None else interval_number(interval.high)
    return [term(key, number) for number in range(low, high + 1)]


def text_vector(passages: Sequence[str]) -> str:
    """Return passages as a `tsvector` in its text form, with the position of each token."""
    positions: dict[str, list[int]] = {}
    position = 0
    for passage in passages:
        for token in index_tokens(passage):
            position += 1
            positions.setdefault(token, []).append(min(position, _MAX_POSITION))
        position += _GAP
    return " ".join(
        f"{_quoted(token)}:{','.join(map(str, places))}" for token, places in positions.items()
    )


def text_query(phrase: Phrase) -> str:
    """Return a phrase with at least one token as a `tsquery` in its text form."""
    return " <-> ".join(_query_tokens(phrase))


def _query_tokens(phrase: Phrase) -> Iterator[str]:
    last = len(phrase.tokens) - 1
    for place, token in enumerate(phrase.tokens):
        yield _quoted(token) + (":*" if phrase.open_end and place == last else "")


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
