"""Vocabulary of a text: its words as numbers, for counting and comparing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np

from fanmill.core.text.characters import Codes, Integers, codes_of, text_of

_AT_ONCE: Final = 8
"""Number of one-byte letters in a 64-bit number."""
_MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(_AT_ONCE + 1)], "<u8")
_MAX_LETTERS: Final = 255


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of a text with their numbers.

    Attributes:
        words: The words in text order.
        index: Numbers of the distinct words, from 0, in the order of first occurrence.
        ids: Number of each word.
        counts: Number of occurrences of each distinct word.
    """

    words: Sequence[str]
    index: dict[str, int]
    ids: Integers
    counts: Integers


def vocabulary(words: Sequence[str]) -> Vocabulary:
    """Return the vocabulary of words; empty for no words."""
    # A single pass: a new word takes the next number.
    index: defaultdict[str, int] = defaultdict(count().__next__)
    ids = np.fromiter(map(index.__getitem__, words), np.int64, len(words))
    index.default_factory = None  # an ordinary dict from here on
    return Vocabulary(words, index, ids, np.bincount(ids, minlength=len(index)))


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
