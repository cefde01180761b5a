"""Words as numbers: what counting, comparing and finding repetitions work on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np

from fanmill.core.text.characters import Codes, Integers, codes_of, text_of

_AT_ONCE: Final = 8
"""Letters of a byte each that one number holds."""
_MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(_AT_ONCE + 1)], "<u8")
_MAX_LETTERS: Final = 255


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a text, each with the number of its kind.

    Attributes:
        words: In the order of the text.
        index: The number of each kind, from 0 on, in the order of first occurrence.
        ids: The number of each word.
        counts: How often each kind occurs.
    """

    words: Sequence[str]
    index: dict[str, int]
    ids: Integers
    counts: Integers


def vocabulary(words: Sequence[str]) -> Vocabulary:
    """Number words by their kinds; none for no words."""
    # One pass: a word met for the first time takes the next number.
    index: defaultdict[str, int] = defaultdict(count().__next__)
    ids = np.fromiter(map(index.__getitem__, words), np.int64, len(words))
    index.default_factory = None  # from here on a dict as any
    return Vocabulary(words, index, ids, np.bincount(ids, minlength=len(index)))


def previous_places(ids: Integers) -> Integers:
    """Return for each word where its kind stood last before; -1 at first occurrences."""
    previous = np.full(len(ids), -1, np.int64)
    if len(ids):
        # Numbers of 16 bits are sorted in linear time.
        small = ids.astype(np.uint16) if ids.max() < 1 << 16 else ids
        order = np.argsort(small, kind="stable")
        same = ids[order][1:] == ids[order][:-1]
        previous[order[1:][same]] = order[:-1][same]
    return previous


def count_different(
    codes: Codes, distinct: Integers, starts: Integers, ends: Integers
) -> int | None:
    """Return how many words differ after case folding; None where letters are too many to tell.

    Up to 255 kinds of characters are a byte each, so that most words are one number. Characters
    that fold to several (`ß`) are beyond it too.

    Args:
        codes: The code points of a text.
        distinct: The different ones among them.
        starts: Where words begin.
        ends: Where they end.
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
    # Each place with the seven behind it as one number; what is behind a word is masked.
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
