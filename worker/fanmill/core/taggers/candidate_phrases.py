"""Candidate phrases: runs of content words, and their repeated parts, computed on arrays.

The arrays are small, so methods of arrays take half the time of NumPy's functions around them.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from fanmill.core.text.characters import Integers

BREAK: Final = 0
SPACE: Final = 1
HYPHEN: Final = 2
WORDS: Final = 3
"""Kinds of tokens: those that end a run, those that do not, and from 3 on a number for each
word."""

_FIRST: Final = np.zeros(1, np.int64)


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of content words, in text order.

    Attributes:
        ids: Number of each word, from 1, rising by first occurrence; 0 ends a run.
        words: Numbers of the words in the lexicon's kinds, for ids 1, 2, ...
        firsts: Place of the first occurrence of each word in `ids`.
        tokens: Number of the token of each element of `ids`.
    """

    ids: Integers
    words: Integers
    firsts: Integers
    tokens: Integers


def runs_of(kinds: Integers) -> Runs:
    """Return the runs of a text, given the kinds of its tokens; empty for no tokens."""
    hyphens = (kinds == HYPHEN).nonzero()[0]
    if len(hyphens):
        # `word-word` is a phrase; `word - word` and `word- and` are not.
        framed = np.concatenate(([BREAK], kinds, [BREAK]))
        joins = (framed[hyphens] >= WORDS) & (framed[hyphens + 2] >= WORDS)
        kinds[hyphens] = np.where(joins, SPACE, BREAK)
    tokens = (kinds != SPACE).nonzero()[0]
    kinds = np.concatenate(([BREAK], kinds[tokens], [BREAK]))
    tokens = np.concatenate(([0], tokens, [0]))
    kept = kinds != BREAK
    kept[1:] |= kept[:-1]
    kept[0] = True
    kinds, tokens = kinds[kept], tokens[kept]
    # A table of all kinds takes half the time of `np.unique`, which sorts.
    found = np.zeros(int(kinds.max()) + 1, np.bool_)
    found[kinds] = True
    different = found.nonzero()[0]
    number_of = np.empty(len(found), np.int64)
    number_of[different] = np.arange(len(different))
    ids = number_of[kinds]
    firsts = np.empty(len(different), np.int64)
    firsts[ids[::-1]] = np.arange(len(ids) - 1, -1, -1)
    return Runs(ids, different[1:], firsts[1:], tokens)


class Phrases(NamedTuple):
    """Distinct candidate phrases, by the place of their first occurrence."""

    places: Integers
    lengths: Integers
    counts: Integers
    fills: Integers
    """Number of times that each phrase is a whole run."""
    swollen: npt.NDArray[np.bool_]
    """For each phrase: it occurs once and contains a phrase that occurs elsewhere."""


def phrases_of(runs: Runs, total: Integers, longest: int, latest: int, *, by_word: bool) -> Phrases:
    """Return the candidates of 1, 2, ... words.

    A part of a run is a candidate if it repeats. Then all its parts repeat, too, so each length
    examines only the candidates of the length before.

    Args:
        runs: Runs of the text.
        total: Number of occurrences of each word.
        longest: Maximum number of words in a candidate.
        latest: Place from which a single word that occurs once is no candidate.
        by_word: A single word that occurs elsewhere makes a run swollen; otherwise only a pair.
    """
    ids = runs.ids
    ends = (ids == 0).nonzero()[0]
    starts, sizes = ends[:-1] + 1, ends[1:] - ends[:-1] - 1
    fills = np.bincount(ids[starts[sizes == 1]], minlength=len(total))[1:]
    counts, places = total[1:], runs.firsts
    chosen = (counts > 1) | ((fills == 1) & (places <= latest))
    found = [(1, places[chosen], counts[chosen], fills[chosen])]
    again = total[ids] > 1
    again[ends] = False
    labels, number, telling = ids, len(total), again
    swollen = []
    for length in range(2, longest + 1):
        whole = starts[sizes == length]
        repeated, firsts, counts, labels = _repeated(again, labels, number)
        number = len(counts)
        again = np.zeros(len(ids), np.bool_)
        if number:
            again[repeated] = True
            filled = whole[again[whole]]
            fills = np.bincount(labels[filled], minlength=number)
            found.append((length, firsts, counts, fills))
            whole = whole[~again[whole]]
        if length == 2 and not by_word:  # noqa: PLR2004
            telling = again
        if len(whole):
            ones = np.ones(len(whole), np.int64)
            found.append((length, whole, ones, ones))
            # A pair contains no other pair.
            parts = length if by_word else length - 1
            if parts > 1:
                swollen.append(whole[telling[whole[:, None] + np.arange(parts)].any(axis=1)])
    places = np.concatenate([each[1] for each in found])
    is_swollen = np.zeros(len(ids), np.bool_)
    for each in swollen:
        is_swollen[each] = True
    return Phrases(
        places,
        np.repeat([each[0] for each in found], [len(each[1]) for each in found]),
        np.concatenate([each[2] for each in found]),
        np.concatenate([each[3] for each in found]),
        is_swollen[places],
    )


def _repeated(
    again: npt.NDArray[np.bool_], labels: Integers, number: int
) -> tuple[Integers, Integers, Integers, Integers]:
    """Return the repeated phrases that join a repeated phrase and a repeated word behind it.

    The result has their places, the first place and the count of each distinct phrase, and the
    number of the phrase at each place.
    """
    at = (again[:-1] & again[1:]).nonzero()[0]
    if not len(at):
        return at, at, at, labels
    keys = labels[at] * number + labels[at + 1]
    order = keys.argsort(kind="stable")
    keys = keys[order]
    groups = np.concatenate((_FIRST, (keys[1:] != keys[:-1]).nonzero()[0] + 1))
    counts = np.concatenate((groups[1:], [len(at)])) - groups
    twice = counts > 1
    repeated = at[order[twice.repeat(counts)]]
    firsts, counts = at[order[groups[twice]]], counts[twice]
    kinds = np.zeros(len(again), np.int64)
    kinds[repeated] = np.arange(len(counts)).repeat(counts)
    return repeated, firsts, counts, kinds
