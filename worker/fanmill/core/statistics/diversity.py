"""Diversity of the words and characters of a text."""

from threading import local
from typing import Final

import numpy as np
import zstandard

from fanmill.core.analysis import Analysis
from fanmill.core.text.characters import Integers
from fanmill.core.text.vocabulary import previous_places
from fanmill_contracts.statistics import Diversity

WINDOW: Final = 50
"""Number of words in a window of the moving average (Covington and McFall 2010)."""
FACTOR: Final = 0.72
"""Type-token ratio at which a factor is full (McCarthy and Jarvis 2010)."""
_REPEATED: Final = 7
_OF_WORDS: Final = 25
"""Denominator of the factor in whole numbers: a factor is full if more than 7 of 25 words
repeat."""
MIN_WORDS: Final = 10
"""Minimum number of words in a text with a factor."""
LEVEL: Final = 1


class _Compressors(local):
    """Compressors of the threads: making one takes twice as long as using it."""

    def __init__(self) -> None:
        self.made = zstandard.ZstdCompressor(level=LEVEL)


_compressors: Final = _Compressors()


def diversity(analysis: Analysis) -> Diversity:
    """Return the diversity of words and characters; all null for the empty text."""
    vocabulary = analysis.whitespace_words.vocabulary
    words = len(vocabulary.ids)
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
        ttr=round(len(vocabulary.kinds) / words, 8) if words else None,
        mattr=moving_average(previous),
        mtld=textual_diversity(vocabulary.ids, previous),
        character_entropy=entropy,
        compression_ratio=ratio,
    )


def moving_average(previous: Integers, window: int = WINDOW) -> float | None:
    """Return the mean type-token ratio of all windows; None for a text without a full window.

    A word adds a type to each window that holds it without the previous occurrence, so windows
    need not be visited one by one.

    Args:
        previous: Previous place of each word; -1 for none.
        window: Number of words in a window.
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
    """Return the mean of MTLD forwards and backwards; None for a text without a factor."""
    words = len(ids)
    if words < MIN_WORDS or not (previous >= 0).any():
        return None
    places = (previous >= 0).nonzero()[0]
    before = previous[places]
    forward = _factors(words, places, before)
    # Backwards, the same pairs change their roles.
    following = np.full(words, -1, np.int64)
    following[before] = places
    before = (following >= 0).nonzero()[0][::-1]
    backward = _factors(words, words - 1 - before, words - 1 - following[before])
    if not forward or not backward:
        return None
    return round((words / forward + words / backward) / 2, 8)


def _factors(words: int, places: Integers, before: Integers) -> float:
    """Return the number of factors, with the last one in part.

    Args:
        words: Number of words in the text.
        places: Places of words that occurred before, rising; only there the ratio falls.
        before: Previous places of these words.
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
