"""Vocabulary of a text: its words as numbers, for counting and comparing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from fanmill.core.text.characters import Codes, Integers, codes_of, text_of
from fanmill.core.text.lexicon import Column, Lexicon, word_lexicon

_AT_ONCE: Final = 8
"""Number of one-byte letters in a 64-bit number."""
_MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(_AT_ONCE + 1)], "<u8")
_MAX_LETTERS: Final = 255


MAX_KEPT: Final = 20_000
"""Maximum number of words of a text whose words are kept for later texts."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of a text with their numbers.

    Properties of the distinct words are read from arrays of a lexicon: texts share most words.

    Attributes:
        lexicon: Lexicon of the words.
        kinds: Number of each distinct word in the lexicon, in the order of first occurrence.
        ids: Number of each word's place in `kinds`.
        counts: Number of occurrences of each distinct word.
    """

    lexicon: Lexicon
    kinds: Integers
    ids: Integers
    counts: Integers

    @property
    def lengths(self) -> Integers:
        """Number of code points in each distinct word."""
        return self.lexicon.made("lengths", _lengths).of(self.kinds)

    def are_in(self, words: frozenset[str]) -> npt.NDArray[np.bool_]:
        """Tell for each distinct word whether a set, which does not change, contains it."""
        make = partial(Column, value=words.__contains__, dtype=np.bool_)
        return self.lexicon.made(words, make).of(self.kinds)

    @property
    def words(self) -> list[str]:
        """The words in text order."""
        return list(self.strings(self.ids))

    def count(self, word: str) -> int:
        """Return the number of occurrences of a word."""
        return int(self.counts[self.kinds == self.lexicon.get(word, -1)].sum())

    def strings(self, places: Integers) -> Iterator[str]:
        """Yield distinct words by their places in `kinds`."""
        return map(self.lexicon.tokens.__getitem__, self.kinds[places].tolist())


def _lengths(lexicon: Lexicon) -> Column[np.int64]:
    return Column(lexicon, len, np.int64)


def vocabulary(words: Sequence[str], language: str) -> Vocabulary:
    """Return the vocabulary of words of a language; empty for no words."""
    lexicon = word_lexicon(language) if len(words) <= MAX_KEPT else Lexicon.of(words)
    return numbered(lexicon.numbers(words), lexicon)


def numbered(numbers: Integers, lexicon: Lexicon) -> Vocabulary:
    """Return the vocabulary of words by their numbers in a lexicon, in text order."""
    places = np.arange(len(numbers), dtype=np.int32)
    # The last assignment to equal numbers remains: here the first place.
    table = np.empty(len(lexicon.tokens), np.int32)
    table[numbers[::-1]] = places[::-1]
    kinds = numbers[table[numbers] == places]
    table[kinds] = places[: len(kinds)]
    ids = table[numbers].astype(np.int64)
    return Vocabulary(lexicon, kinds, ids, np.bincount(ids, minlength=len(kinds)))


def previous_places(ids: Integers) -> Integers:
    """Return the previous place of the same word for each word; -1 for first occurrences."""
    previous = np.full(len(ids), -1, np.int64)
    if len(ids):
        # NumPy sorts numbers of 16 bits in linear time.
        small = ids.astype(np.uint16) if ids.max() < 1 << 16 else ids
        order = np.argsort(small, kind="stable")
        same = ids[order][1:] == ids[order][:-1]
        previous[order[1:][same]] = order[:-1][same]
    return previous


def count_different(
    codes: Codes, distinct: Integers, starts: Integers, ends: Integers
) -> int | None:
    """Return the number of distinct words after case folding, or None if only strings can tell.

    Up to 255 distinct characters are a byte each, so most words are a single number. The result is
    None for more characters, and for characters that fold to several (`ß`).

    Args:
        codes: Code points of a text.
        distinct: Distinct code points among them.
        starts: Places where words begin.
        ends: Places behind the words.
    """
    folded = codes_of(text_of(distinct).casefold())
    if len(folded) != len(distinct) or len(distinct) > _MAX_LETTERS:
        return None
    if not len(starts):
        return 0
    letters = np.zeros(len(codes) + _AT_ONCE, np.uint8)
    byte_of_folded = np.zeros(int(folded.max()) + 1, np.uint8)
    byte_of_folded[folded] = np.arange(1, len(folded) + 1)
    byte_of = np.zeros(int(distinct[-1]) + 1, np.uint8)
    byte_of[distinct] = byte_of_folded[folded]
    np.take(byte_of, codes, out=letters[:-_AT_ONCE], mode="clip")
    # A number holds a letter and the seven behind it; letters behind the word are masked.
    numbers = np.ndarray(len(codes), "<u8", letters, strides=(1,))
    lengths = ends - starts
    short = lengths <= _AT_ONCE
    keys = numbers[starts[short]] & _MASKS[lengths[short]]
    keys.sort()
    text = letters.tobytes()
    long = ~short
    spans = zip(starts[long].tolist(), ends[long].tolist(), strict=True)
    different = len({text[start:end] for start, end in spans})
    return different + int(np.count_nonzero(keys[1:] != keys[:-1])) + bool(len(keys))
