"""Percolator: the rules among very many whose required words are all in a text.

Rules are indexed by their rarest word, and compared as rows of numbers. No Python code runs for a
rule that lacks another of its words. With 100,000 rules on frequent words, these are tens of
thousands for each document.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Final, Generic, TypeVar

import numpy as np

COMPARED: Final = 4
"""Number of required words of a rule that are compared as numbers; few rules have more."""

Item = TypeVar("Item")


class Percolator(Generic[Item]):
    """Items indexed by a required word.

    Args:
        by_word: For each word, the items to check if it is present, each with all its required
            words.
    """

    def __init__(self, by_word: Mapping[str, Sequence[tuple[frozenset[str], Item]]]) -> None:
        # Number 0 is always present; it fills the rows of items with fewer words.
        self._numbers = {word: number for number, word in enumerate(by_word, start=1)}
        self._items: list[tuple[frozenset[str], Item]] = []
        bounds = [0, 0]
        rows: list[list[int]] = []
        for items in by_word.values():
            self._items += items
            rows += [self._row(required) for required, _ in items]
            bounds.append(len(self._items))
        self._bounds = np.array(bounds)
        self._rows = np.array(rows, np.int32).reshape(-1, COMPARED)

    def _row(self, required: frozenset[str]) -> list[int]:
        numbers = self._numbers
        row = [numbers.setdefault(word, len(numbers) + 1) for word in islice(required, COMPARED)]
        return row + [0] * (COMPARED - len(row))

    def among(self, present: AbstractSet[str]) -> Iterator[Item]:
        """Yield the items whose words are all present; an item may come once for each word."""
        numbers = self._numbers
        known = np.array(sorted([numbers[word] for word in numbers.keys() & present]), np.int64)
        stands = np.zeros(len(numbers) + 1, np.bool_)
        stands[known] = stands[0] = True
        keys = known[: np.searchsorted(known, len(self._bounds) - 1)]
        starts, ends = self._bounds[keys], self._bounds[keys + 1]
        sizes = ends - starts
        # The rows of all these words, concatenated.
        rows = np.repeat(ends - np.cumsum(sizes), sizes) + np.arange(int(sizes.sum()))
        for column in range(COMPARED):
            rows = rows[stands[self._rows[rows, column]]]
        for row in rows.tolist():
            required, item = self._items[row]
            if len(required) <= COMPARED or required <= present:
                yield item
