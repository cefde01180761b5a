"""The terms of a record in its inverted index: what a filter may ask for, as numbers.

The GIN index holds two columns. `terms` are hashes of `key:value`. A number counts as the narrow
and the wide interval that it lies in, so that a range is a choice of few intervals: the time of a
search grows with their number. Two values with one hash, and an interval that lies in part outside
a range, are sorted out by the columns themselves. `tokens` are the words.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np

from fanmill.core.filters.intervals import Interval
from fanmill.core.filters.record_keys import NUMERIC_STATISTICS
from fanmill.core.search_tokens import TOKENS_VERSION, Phrase, index_tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

FACETS_VERSION: Final = f"1.{TOKENS_VERSION}"
"""Changes with the terms, tokens or columns of any record: they are then made anew."""

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

_PER_OCTAVE: Final = 8
_LOWEST: Final = -6
"""Exponent of two of the numbers that share the first interval above 0: below 1 / 128."""
_HIGHEST: Final = 24
_LAST: Final = (_HIGHEST - _LOWEST + 1) * _PER_OCTAVE
_WIDE: Final = 16
"""Narrow intervals in a wide one: two doublings."""
_NUMBER_BITS: Final = 10
_NARROW_START: Final = 256
_WIDE_START: Final = 768
"""Place of the interval 0 among the terms of a key."""

_MAX_POSITION: Final = 16_000
"""PostgreSQL keeps positions of words up to 16,383."""
_GAP: Final = 2
"""Positions between passages, so that no phrase spans two of them."""


@lru_cache(maxsize=65_536)
def text_term(key: str, value: str) -> int:
    """Return the hash of a key and a text as a signed number of 32 bits."""
    return crc32(f"{key}:{value}".encode()) - 2**31


def text_terms(values: Mapping[str, Any]) -> list[int]:
    """Return the terms of the texts of a record, given the values of its keys."""
    terms: list[int] = []
    for key in TEXT_TERMS:
        value = values.get(key)
        if isinstance(value, tuple):
            terms += [text_term(key, each) for each in value]
        elif value is not None:
            terms.append(text_term(key, value))
    return terms


def number_terms(many: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Return the terms of the numbers of records, given the values of their keys."""
    values = [[each.get(key) for key in NUMBER_TERMS] for each in many]
    numbers = np.array(values, dtype=np.float64).reshape(len(many), len(NUMBER_TERMS))
    known = ~np.isnan(numbers)
    narrow = _intervals(np.where(known, numbers, 0.0))
    terms = np.concatenate([_KEY_TERMS + narrow, _KEY_TERMS + _WIDE_OFFSET + _wide(narrow)], axis=1)
    twice = np.concatenate([known, known], axis=1)
    return [row[mask].tolist() for row, mask in zip(terms, twice, strict=True)]


def range_terms(key: str, interval: Interval) -> list[int]:
    """Return the terms of all intervals that a range touches."""
    low = -_LAST if interval.low is None else interval_number(interval.low)
    high = _LAST if interval.high is None else interval_number(interval.high)
    base = _key_term(key)
    terms: list[int] = []
    number = low
    while number <= high:
        wide = _wide_number(number)
        last = _last_of(wide)
        if last <= high and (number == -_LAST or _wide_number(number - 1) != wide):
            terms.append(base + _WIDE_OFFSET + wide)
            number = last + 1
        else:
            terms.append(base + number)
            number += 1
    return terms


def interval_number(value: float) -> int:
    """Return the number of the interval that a value lies in, from -248 to 248.

    Eight intervals for each doubling, so 6 to 12 % wide. Rises with the value.
    """
    try:
        return int(_intervals(np.array([value], dtype=np.float64))[0])
    except OverflowError:
        return _LAST if value > 0 else -_LAST


def _intervals(values: "NDArray[np.float64]") -> "NDArray[np.int64]":
    mantissa, exponent = np.frexp(np.abs(values))
    within = ((mantissa - 0.5) * (2 * _PER_OCTAVE)).astype(np.int64)
    number = (exponent.astype(np.int64) - _LOWEST) * _PER_OCTAVE + within + 1
    return np.where(values == 0, 0, np.clip(number, 1, _LAST)) * np.sign(values).astype(np.int64)


def _wide(narrow: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Return the wide intervals of narrow ones; 0 is one of its own."""
    wide: NDArray[np.int64] = np.sign(narrow) * ((np.abs(narrow) + _WIDE - 1) // _WIDE)
    return wide


def _wide_number(narrow: int) -> int:
    size = (abs(narrow) + _WIDE - 1) // _WIDE
    return size if narrow > 0 else -size


def _last_of(wide: int) -> int:
    """Return the last narrow interval of a wide one."""
    return min(wide * _WIDE, _LAST) if wide >= 0 else (wide + 1) * _WIDE - 1


def _key_term(key: str) -> int:
    """Return the term of a key for the narrow interval 0: its hash, with room for the others."""
    hashed = crc32(key.encode()) >> _NUMBER_BITS << _NUMBER_BITS
    return hashed + _NARROW_START - 2**31


_WIDE_OFFSET: Final = _WIDE_START - _NARROW_START
_KEY_TERMS: Final = np.array([_key_term(key) for key in NUMBER_TERMS], dtype=np.int64)


def text_vector(passages: Sequence[str]) -> str:
    """Return passages as a `tsvector` in its text form, with the position of each token.

    Tokens are letters, digits and marks, so that none needs quotes.
    """
    words: list[str] = []
    position = 1
    for passage in passages:
        tokens = index_tokens(passage)
        words += [f"{token}:{place}" for place, token in enumerate(tokens, position)]
        position = min(position + len(tokens) + _GAP, _MAX_POSITION)
    return " ".join(words)


def text_query(phrase: Phrase) -> str:
    """Return a phrase as a `tsquery` in its text form; empty without tokens."""
    last = len(phrase.tokens) - 1
    return " <-> ".join(
        f"'{token}'" + (":*" if phrase.open_end and place == last else "")
        for place, token in enumerate(phrase.tokens)
    )
