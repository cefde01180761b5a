"""Unicode text segmentation (UAX #29 with dictionaries) by ICU, as plain strings.

Callers add lengths to get offsets: the tokens of a text always join to a string
of the same length. ICU's own offsets count UTF-16 units and are wrong after the
first emoji, so they are not used.
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from icu4py.breakers import CharacterBreaker, SentenceBreaker, WordBreaker

_LONE_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def words_and_separators(text: str, language: str) -> Iterator[str]:
    """Yield words and what stands between them; nothing for the empty text.

    Runs of spaces are one token, every punctuation mark is one. Chinese,
    Japanese, Thai, Lao, Khmer and Burmese words come from ICU's dictionaries.
    """
    return iter(WordBreaker(_well_formed(text), language))


def is_word(token: str) -> bool:
    """Tell whether a token has a letter or a digit (Unicode L*, N*).

    The first character decides for nearly all; `_x` begins with a connector.
    """
    return token[0].isalnum() or (len(token) > 1 and any(map(str.isalnum, token)))


def sentences_with_spaces(text: str, language: str) -> Iterator[str]:
    """Yield raw sentences with the spaces behind them; nothing for the empty text.

    A line feed always ends one. Abbreviations are `sentences`' concern.
    """
    return iter(SentenceBreaker(_well_formed(text), language))


def graphemes(text: str) -> Iterator[str]:
    """Yield what readers call characters: a family emoji is one; nothing for the empty text."""
    return iter(CharacterBreaker(_well_formed(text), "und"))


def count_graphemes(text: str, joining: npt.NDArray[np.bool_]) -> int:
    """Return how many graphemes a text has; 0 for the empty text.

    Only what may join a neighbour is given to ICU, with one character on each side.

    Args:
        text: Any text.
        joining: For each code point whether it may be one with the one before or behind.
    """
    if not joining.any():
        return len(text)
    near = joining.copy()
    near[1:] |= joining[:-1]
    near[:-1] |= joining[1:]
    edges = np.flatnonzero(np.diff(near, prepend=False, append=False)).tolist()
    tokens = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    # A line feed joins nothing, so the tokens can be counted in one go.
    found = sum(1 for _ in graphemes("\n".join(tokens))) - (len(tokens) - 1)
    return len(text) - int(np.count_nonzero(near)) + found


def _well_formed(text: str) -> str:
    # The breakers take UTF-8, which has no lone surrogates. U+FFFD segments alike.
    try:
        text.encode()  # A tenth of the time that looking for them takes.
    except UnicodeEncodeError:
        return _LONE_SURROGATES.sub("\ufffd", text)
    return text
