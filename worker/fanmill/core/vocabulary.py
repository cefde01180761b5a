"""Words as numbers: what counting, comparing and finding repetitions work on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from fanmill.core.characters import Integers


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
    return Vocabulary(words, dict(index), ids, np.bincount(ids, minlength=len(index)))


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
