"""How varied the words and characters of a text are."""

from threading import local
from typing import Final

import numpy as np
import zstandard

from fanmill.core.analysis import Analysis
from fanmill.core.text.characters import Integers
from fanmill.core.text.vocabulary import previous_places
from fanmill_contracts.statistics import Diversity

WINDOW: Final = 50
"""Words of a window for the moving average (Covington and McFall 2010)."""
FACTOR: Final = 0.72
"""The type-token ratio at which a factor is full (McCarthy and Jarvis 2010)."""
_REPEATED: Final = 7
_OF_WORDS: Final = 25
"""It is full when more than 7 of 25 words are repeated: in whole numbers, so that ties are ties."""
MIN_WORDS: Final = 10
"""Words of the shortest text of which a factor can be told."""
LEVEL: Final = 1


class _Compressors(local):
    """One for each thread: making one takes twice as long as using it."""

    def __init__(self) -> None:
        self.made = zstandard.ZstdCompressor(level=LEVEL)


_compressors: Final = _Compressors()


def diversity(analysis: Analysis) -> Diversity:
    """Return the diversity of words and characters; all null for the empty text."""
    vocabulary = analysis.whitespace_words.vocabulary
    words = len(vocabulary.words)
    previous = previous_places(vocabulary.ids)
    _, counts = analysis.character_counts
    size = len(analysis.text)
    entropy = ratio = None
    if size:
        shares = counts / size
        entropy = round(max(0.0, float(-(shares * np.log2(shares)).sum())), 8)
        compressed = _compressors.made.compress(analysis.utf8)
        ratio = round(len(analysis.utf8) / len(compressed), 8)
    return Diversity(
        ttr=round(len(vocabulary.index) / words, 8) if words else None,
        mattr=moving_average(previous),
        mtld=textual_diversity(vocabulary.ids, previous),
        character_entropy=entropy,
        compression_ratio=ratio,
    )


def moving_average(previous: Integers, window: int = WINDOW) -> float | None:
    """Return the mean type-token ratio of all windows; None if there is none.

    A word adds a type to each window that holds it but not the one before it of
    its kind: so windows are counted, not walked.

    Args:
        previous: Where each word's kind stood last before; -1 for nowhere.
        window: Words of each window.
    """
    words = len(previous)
    if words < window:
        return None
    places = np.arange(words)
    last = np.minimum(places, words - window)
    first = np.maximum(places - (window - 1), previous + 1)
    types = int(np.maximum(last - first + 1, 0).sum())
    return round(types / (window * (words - window + 1)), 8)


def textual_diversity(ids: Integers, previous: Integers) -> float | None:
    """Return the mean of MTLD forwards and backwards; None where no factor begins."""
    words = len(ids)
    if words < MIN_WORDS or not (previous >= 0).any():
        return None
    places = (previous >= 0).nonzero()[0]
    before = previous[places]
    forward = _factors(words, places, before)
    # Backwards the same pairs change their roles.
    following = np.full(words, -1, np.int64)
    following[before] = places
    before = (following >= 0).nonzero()[0][::-1]
    backward = _factors(words, words - 1 - before, words - 1 - following[before])
    if not forward or not backward:
        return None
    return round((words / forward + words / backward) / 2, 8)


def _factors(words: int, places: Integers, before: Integers) -> float:
    """Return how many factors there are.

    Args:
        words: Of the text.
        places: Where a word stands that occurred before, rising: only there the ratio falls.
        before: Where it stood last.
    """
    start = full = 0
    # 25 for each repeated word, and 7 for each word before the factor: over 7 for each place up
    # to here, the factor is full.
    score = 0
    scaled = (_REPEATED * (places + 1)).tolist()
    for reached, last in zip(scaled, before.tolist(), strict=True):
        if last >= start:
            score += _OF_WORDS
            if score > reached:
                full += 1
                score = reached
                start = reached // _REPEATED
    if start == words:
        return full
    repeated = (score - _REPEATED * start) / _OF_WORDS
    return full + repeated / (words - start) / (1 - FACTOR)
