"""Runs of words that occur more than once.

A run of n words repeats only where both runs of n-1 words in it do, so each
length looks at what the one before has left: in prose that is little from three
words on. Nothing is hashed; equal means equal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from fanmill.core.characters import Integers

LONGEST: Final = 10
_SMALL: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Repeated:
    """The runs of one length that occur more than once.

    Attributes:
        places: Where one begins, rising.
        labels: Which one begins there: equal runs have equal labels from 0 on.
        counts: How often each occurs, by label; at least 2.
    """

    places: Integers
    labels: Integers
    counts: Integers

    def top(self) -> tuple[int, int]:
        """Return place and count of the most frequent run, the first one of equals.

        (0, 1) when none occurs twice.
        """
        if not len(self.places):
            return 0, 1
        most = int(self.counts.max())
        first = int(np.argmax(self.counts[self.labels] == most))
        return int(self.places[first]), most


NONE: Final = Repeated(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))


def repeated_runs(words: Integers, kinds: int) -> Iterator[Repeated]:
    """Yield the repeated runs of 2, 3, ... 10 words.

    Args:
        words: A number from 0 on for each word, equal for equal words.
        kinds: How many different words there are.
    """
    counts = np.bincount(words, minlength=kinds)
    places = np.flatnonzero(counts[words] > 1)
    labels, number = words[places], kinds
    for _ in range(2, LONGEST + 1):
        if not len(places):
            yield NONE
            continue
        joined = np.flatnonzero(places[1:] == places[:-1] + 1)
        if not len(joined):
            places = places[:0]
            yield NONE
            continue
        keys = labels[joined] * number + labels[joined + 1]
        # Stable sorts of 16-bit numbers are radix sorts: linear where few words repeat for ever.
        small = number * number < _SMALL
        order = np.argsort(keys.astype(np.uint16) if small else keys, kind="stable")
        ordered = keys[order]
        groups = np.empty(len(keys), np.int64)
        groups[order] = np.cumsum(np.concatenate(([False], ordered[1:] != ordered[:-1])))
        sizes = np.bincount(groups)
        twice = sizes > 1
        kept = twice[groups]
        places = places[joined[kept]]
        labels = (np.cumsum(twice) - 1)[groups[kept]]
        number = int(np.count_nonzero(twice))
        yield Repeated(places, labels, sizes[twice]) if number else NONE


def covered(repeated: Repeated, length: int, sizes: Integers) -> int:
    """Return the sum of the sizes of all words in repeated runs of `length` words."""
    if not len(repeated.places):
        return 0
    edges = np.zeros(len(sizes) + 1, np.int64)
    edges[repeated.places] = 1
    edges[repeated.places + length] -= 1
    return int(sizes[np.cumsum(edges[:-1]) > 0].sum())


def copied(repeated: Repeated, length: int, ends: Integers) -> int:
    """Return the characters of later copies, read from left to right without overlap.

    A copy is passed over as a whole; runs that begin inside it are not looked at.

    Args:
        repeated: Runs of `length` words.
        length: Number of words.
        ends: Characters before each word, and before the end.
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
