"""How varied the words and characters of a text are."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import zstandard

from fanmill.core.analysis import Analysis
from fanmill.core.characters import Integers
from fanmill.core.vocabulary import previous_places
from fanmill_contracts.statistics import Diversity

WINDOW: Final = 50
"""Words of a window for the moving average (Covington and McFall 2010)."""
FACTOR: Final = 0.72
"""The type-token ratio at which a factor is full (McCarthy and Jarvis 2010)."""
LEAST_WORDS: Final = 10
"""Words of the shortest text of which a factor can be told."""
LEVEL: Final = 1


def diversity(analysis: Analysis) -> Diversity:
    """Return the diversity of words and characters; all null for the empty text."""
    vocabulary = analysis.plain.vocabulary
    words = len(vocabulary.words)
    previous = previous_places(vocabulary.ids)
    _, counts = analysis.character_counts
    size = len(analysis.text)
    entropy = ratio = None
    if size:
        shares = counts / size
        entropy = round(max(0.0, float(-(shares * np.log2(shares)).sum())), 8)
        compressed = zstandard.ZstdCompressor(level=LEVEL).compress(analysis.utf8)
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
    first = np.maximum(np.maximum(places - window + 1, previous + 1), 0)
    types = int(np.maximum(last - first + 1, 0).sum())
    return round(types / (window * (words - window + 1)), 8)


def textual_diversity(ids: Integers, previous: Integers) -> float | None:
    """Return the mean of MTLD forwards and backwards; None where no factor begins."""
    words = len(ids)
    if words < LEAST_WORDS or not (previous >= 0).any():
        return None
    places = np.flatnonzero(previous >= 0)
    before = previous[places]
    forward = _factors(words, places.tolist(), before.tolist())
    # Backwards the same pairs change their roles.
    order = np.argsort(-before)
    backward = _factors(
        words, (words - 1 - before[order]).tolist(), (words - 1 - places[order]).tolist()
    )
    if not forward or not backward:
        return None
    return round((words / forward + words / backward) / 2, 8)


def _factors(words: int, places: Iterable[int], before: Iterable[int]) -> float:
    """Return how many factors there are.

    Args:
        words: Of the text.
        places: Where a word stands that occurred before, rising: only there the ratio falls.
        before: Where it stood last.
    """
    start = repeated = 0
    full = 0
    most = 1 - FACTOR
    for place, last in zip(places, before, strict=True):
        if last >= start:
            repeated += 1
            if repeated > most * (place + 1 - start):
                full += 1
                start, repeated = place + 1, 0
    if start == words:
        return full
    return full + repeated / (words - start) / most
