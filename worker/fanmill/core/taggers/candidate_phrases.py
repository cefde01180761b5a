"""Which runs of words a text has, and which parts of them it repeats: on arrays, not strings."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from fanmill.core.text.characters import Integers

BREAK: Final = 0
SPACE: Final = 1
HYPHEN: Final = 2
WORDS: Final = 3
"""The kinds of tokens: what ends a run, what does not, and from 3 on one number a word."""

_FIRST: Final = np.zeros(1, np.int64)


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of content words, in the order of the text.

    Attributes:
        ids: A number for each word, from 1 on, rising; 0 stands where a run ends.
        words: The number of each in the lexicon's kinds, for 1, 2, ...
        firsts: Where each stands first in `ids`.
        tokens: Which token each of `ids` is.
    """

    ids: Integers
    words: Integers
    firsts: Integers
    tokens: Integers


def runs_of(kinds: Integers) -> Runs:
    """Return the runs of a text, given the kind of each of its tokens; no words for no tokens."""
    hyphens = np.flatnonzero(kinds == HYPHEN)
    if len(hyphens):
        # `word-word` is one phrase; `word - word` and `word- and` are not.
        framed = np.concatenate(([BREAK], kinds, [BREAK]))
        joins = (framed[hyphens] >= WORDS) & (framed[hyphens + 2] >= WORDS)
        kinds[hyphens] = np.where(joins, SPACE, BREAK)
    tokens = np.flatnonzero(kinds != SPACE)
    kinds = np.concatenate(([BREAK], kinds[tokens], [BREAK]))
    tokens = np.concatenate(([0], tokens, [0]))
    kept = kinds != BREAK
    kept[1:] |= kept[:-1]
    kept[0] = True
    kinds, tokens = kinds[kept], tokens[kept]
    different, firsts, ids = np.unique(kinds, return_index=True, return_inverse=True)
    return Runs(ids, different[1:], firsts[1:], tokens)


class Phrases(NamedTuple):
    """The different phrases that are candidates, each by its first place."""

    places: Integers
    lengths: Integers
    counts: Integers
    fills: Integers
    """How often each is a whole run."""
    swollen: npt.NDArray[np.bool_]
    """Which occur once and have in them what occurs elsewhere."""


def phrases_of(runs: Runs, total: Integers, longest: int, latest: int, *, by_word: bool) -> Phrases:
    """Return the candidates of 1, 2, ... words, at most `longest`.

    A part of a run counts if it repeats, and then all parts of it repeat: each
    length looks at what the one before has left. With `by_word` a single word
    that occurs elsewhere makes a run swollen, without it only a pair does. A single
    word that occurs once is none from place `latest` on.
    """
    ids = runs.ids
    ends = np.flatnonzero(ids == 0)
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
            # A pair is no part of a pair.
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
    """Join what repeats to what repeats behind it.

    Returns where that repeats, where each kind of it stands first, how often, and the
    kind for each place.
    """
    at = np.flatnonzero(again[:-1] & again[1:])
    if not len(at):
        return at, at, at, labels
    keys = labels[at] * number + labels[at + 1]
    order = keys.argsort(kind="stable")
    keys = keys[order]
    groups = np.concatenate((_FIRST, np.flatnonzero(keys[1:] != keys[:-1]) + 1))
    counts = np.diff(groups, append=len(at))
    twice = counts > 1
    repeated = at[order[np.repeat(twice, counts)]]
    firsts, counts = at[order[groups[twice]]], counts[twice]
    kinds = np.zeros(len(again), np.int64)
    kinds[repeated] = np.repeat(np.arange(len(counts)), counts)
    return repeated, firsts, counts, kinds
