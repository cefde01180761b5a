"""Unicode text segmentation by ICU (UAX #29 with dictionaries), as strings.

The tokens of a text always join to a string of its length, so callers add lengths to get offsets.
ICU's own offsets count UTF-16 units and are wrong behind an emoji.
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from icu4py.breakers import CharacterBreaker, SentenceBreaker, WordBreaker

_LONE_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def words_and_separators(text: str, language: str) -> Iterator[str]:
    """Yield the tokens of a text, words and separators; nothing for the empty text.

    A run of spaces is a token, and so is each punctuation mark. Chinese, Japanese, Thai, Lao,
    Khmer and Burmese words come from ICU's dictionaries.
    """
    return iter(WordBreaker(well_formed(text), language))


def is_word(token: str) -> bool:
    """Tell whether a token has a letter or a digit (Unicode L*, N*).

    The first character decides in most cases; `_x` begins with a connector.
    """
    return token[0].isalnum() or (len(token) > 1 and any(map(str.isalnum, token)))


def sentences_with_spaces(text: str, language: str) -> Iterator[str]:
    """Yield ICU's sentences with the spaces behind them; nothing for the empty text.

    A line feed always ends a sentence. `sentences` handles abbreviations.
    """
    return iter(SentenceBreaker(well_formed(text), language))


def graphemes(text: str) -> Iterator[str]:
    """Yield graphemes, such as a family emoji; nothing for the empty text."""
    return iter(CharacterBreaker(well_formed(text), "und"))


def count_graphemes(text: str, joining: npt.NDArray[np.bool_]) -> int:
    """Return the number of graphemes in a text; 0 for the empty text.

    ICU only counts code points that may join a neighbour, and a character on each side of them.

    Args:
        text: Any text.
        joining: For each code point: it may form a grapheme with a neighbour.
    """
    if not joining.any():
        return len(text)
    near = joining.copy()
    near[1:] |= joining[:-1]
    near[:-1] |= joining[1:]
    edges = np.flatnonzero(np.diff(near, prepend=False, append=False)).tolist()
    parts = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    # A line feed joins nothing, so a single call counts all parts.
    found = sum(1 for _ in graphemes("\n".join(parts))) - (len(parts) - 1)
    return len(text) - int(np.count_nonzero(near)) + found


def well_formed(text: str) -> str:
    """Return the text with U+FFFD for each lone surrogate: UTF-8 has none.

    ICU segments both in the same way.
    """
    if not text.isascii():
        try:
            text.encode()  # Ten times as fast as a search for surrogates.
        except UnicodeEncodeError:
            return _LONE_SURROGATES.sub("\ufffd", text)
    return text
