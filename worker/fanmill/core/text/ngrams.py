"""Repeated runs of words.

A run of n words repeats only if both runs of n-1 words in it repeat. Therefore each length examines
only the repeated runs of the length before, which are few in prose from three words on. Runs are
compared exactly, without hashes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import numpy as np

from fanmill.core.text.characters import Integers

LONGEST: Final = 10
_SMALL: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Repeated:
    """Repeated runs of a length.

    Attributes:
        places: Places where repeated runs begin, rising.
        labels: Label of the run at each place; equal runs have equal labels, from 0.
        counts: Number of occurrences by label, at least 2.
    """

    places: Integers
    labels: Integers
    counts: Integers

    def top(self) -> tuple[int, int]:
        """Return place and count of the most frequent run, the first of equally frequent ones.

        The result is (0, 1) if no run repeats.
        """
        if not len(self.places):
            return 0, 1
        most = int(self.counts.max())
        first = int((self.counts[self.labels] == most).argmax())
        return int(self.places[first]), most


NONE: Final = Repeated(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))


def repeated_runs(words: Integers, kinds: int) -> Iterator[Repeated]:
    """Yield the repeated runs of 2, 3, ... 10 words.

    Args:
        words: Number of each word from 0; equal words have equal numbers.
        kinds: Number of distinct words.
    """
    counts = np.bincount(words, minlength=kinds)
    places = (counts[words] > 1).nonzero()[0]
    labels, number = words[places], kinds
    for length in range(2, LONGEST + 1):
        joined = (places[1:] == places[:-1] + 1).nonzero()[0]
        if not len(joined):
            yield from repeat(NONE, LONGEST + 1 - length)
            return
        keys = labels[joined] * number + labels[joined + 1]
        # Stable sorts of 16-bit numbers are radix sorts, linear even if a few words always repeat.
        if number * number < _SMALL:
            order = keys.astype(np.uint16).argsort(kind="stable")
        else:
            order = keys.argsort()
        ordered = keys[order]
        # Marks of keys that are the first in their group, and of keys that have equal neighbours.
        first = np.ones(len(keys) + 1, np.bool_)
        np.not_equal(ordered[1:], ordered[:-1], out=first[1:-1])
        twice = ~(first[:-1] & first[1:])
        again = order[twice]
        if not len(again):
            yield from repeat(NONE, LONGEST + 1 - length)
            return
        by_place = again.argsort()
        labels = (first[:-1][twice].cumsum() - 1)[by_place]
        places = places[joined[again[by_place]]]
        counts = np.bincount(labels)
        number = len(counts)
        yield Repeated(places, labels, counts)


def covered(repeated: Repeated, length: int, sizes: Integers) -> int:
    """Return the sum of the sizes of all words in repeated runs of `length` words."""
    if not len(repeated.places):
        return 0
    edges = np.zeros(len(sizes) + 1, np.int64)
    edges[repeated.places] = 1
    edges[repeated.places + length] -= 1
    return int(sizes[edges[:-1].cumsum() > 0].sum())


def copied(repeated: Repeated, length: int, ends: Integers) -> int:
    """Return the number of characters in later copies of runs, from left to right without overlap.

    Runs that begin inside a copy are skipped.

    Args:
        repeated: Repeated runs of `length` words.
        length: Number of words in a run.
        ends: Number of characters before each word, and in the whole text.
    """
    if not len(repeated.places):
        return 0
    seen: set[int] = set()
    total = free_from = 0
    for place, label in zip(repeated.places.tolist(), repeated.labels.tolist(), strict=True):
        if place < free_from:
            continue
        if label in seen:
            total += int(ends[place + length] - ends[place])
            free_from = place + length
        else:
            seen.add(label)
    return total
