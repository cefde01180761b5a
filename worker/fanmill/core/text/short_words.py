"""Numbers of short words, read from arrays instead of a dictionary of strings.

Nearly all words of a text have at most sixteen letters and are known from earlier texts. Such a
word is a pair of 64-bit numbers, one byte for each letter; a table gives its number in the lexicon.
Only the other words become strings, which takes several times as long for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from fanmill.core.text.characters import SPACE, UNICODE, Codes, Integers, flags_of

if TYPE_CHECKING:
    from fanmill.core.text.lexicon import Lexicon

_AT_ONCE: Final = 8
"""Number of one-byte letters in a 64-bit number."""
SHORT: Final = 2 * _AT_ONCE
"""Maximum number of letters in a short word."""
_MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(_AT_ONCE + 1)], np.uint64)

GAP: Final = 1
"""Letter of all white space; 0 is a character not seen before."""
_RARE: Final = 2
"""Letter of all characters that have none of their own."""
_FIRST: Final = 3
_ALPHABET: Final = 256

_SLOT_BITS: Final = 15
_SPREAD: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
"""Odd factors that spread words over the slots (Knuth 1998, 6.4): 2**64 divided by the golden
ratio, and a prime number."""

Letters = npt.NDArray[np.uint8]


class ShortWords:
    """Short words of a lexicon with their numbers; about 700 kB in memory.

    A slot keeps its first word; others that fall into it remain strings. Threads may share an
    object: a slot gets its number before its word, and both only once.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        del lexicon  # a reference would keep it when it is replaced
        self._letter_of = np.zeros(UNICODE, np.uint8)
        self._letters = _FIRST
        self._heads = np.zeros(1 << _SLOT_BITS, np.uint64)
        self._tails = np.zeros(1 << _SLOT_BITS, np.uint64)
        self._numbers = np.zeros(1 << _SLOT_BITS, np.int32)

    def letters(self, codes: Codes, lexicon: Lexicon) -> Letters:
        """Return the letter of each code point, and `SHORT` gaps behind the last one."""
        found = np.full(len(codes) + SHORT, GAP, np.uint8)
        self._letter_of.take(codes, out=found[:-SHORT], mode="clip")
        if not found.all():
            with lexicon.growing:
                # A set, because `np.unique` loads `numpy.ma`.
                new = set(codes[found[:-SHORT] == 0].tolist())
                self._learn(np.array(sorted(new), np.int64))
            self._letter_of.take(codes, out=found[:-SHORT], mode="clip")
        return found

    def numbers(
        self, text: str, letters: Letters, starts: Integers, ends: Integers, lexicon: Lexicon
    ) -> Integers:
        """Return the numbers of words in the lexicon; new words get the next numbers.

        Args:
            text: The text of the words.
            letters: Its letters.
            starts: Offsets of the words, rising.
            ends: Offsets behind the words.
            lexicon: The lexicon of this object.
        """
        # A window holds a letter and the seven behind it; letters behind the word are masked.
        windows = np.ndarray(len(letters) - _AT_ONCE, "<u8", letters, strides=(1,))
        lengths = ends - starts
        heads = windows[starts] & _MASKS.take(lengths, mode="clip")
        tails = windows[starts + _AT_ONCE] & _MASKS.take(lengths - _AT_ONCE, mode="clip")
        mixed = (heads * _SPREAD[0]) ^ (tails * _SPREAD[1])
        slots = (mixed >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)
        short = lengths <= SHORT
        if (rare := (letters == _RARE).nonzero()[0]).size:
            short[starts.searchsorted(rare, side="right") - 1] = False
        known = (self._heads[slots] == heads) & (self._tails[slots] == tails) & short
        others = (~known).nonzero()[0]
        numbers = self._numbers[slots].astype(np.int64)
        spans = zip(starts[others].tolist(), ends[others].tolist(), strict=True)
        numbers[others] = lexicon.numbers([text[start:end] for start, end in spans])
        with lexicon.growing:
            new = others[short[others] & (self._heads[slots[others]] == 0)]
            self._numbers[slots[new]] = numbers[new]
            self._tails[slots[new]] = tails[new]
            self._heads[slots[new]] = heads[new]
        return numbers

    def _learn(self, codes: Integers) -> None:
        """Give letters to new code points, until none are left."""
        white = (flags_of(codes) & SPACE) != 0
        self._letter_of[codes[white]] = GAP
        for code in codes[~white].tolist():
            if not self._letter_of[code]:
                self._letter_of[code] = self._letters if self._letters < _ALPHABET else _RARE
                self._letters += 1


def word_spans(letters: Letters) -> tuple[Integers, Integers]:
    """Return the starts and the ends of the words between white space."""
    outside = letters == GAP
    edges = (outside[1:] != outside[:-1]).nonzero()[0] + 1
    if not outside[0]:
        edges = np.concatenate((np.zeros(1, np.int64), edges))
    return edges[::2], edges[1::2]
