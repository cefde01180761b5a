"""Unicode text segmentation (UAX #29 with dictionaries) by ICU, as plain strings.

Callers add lengths to get offsets: the pieces of a text always join to a string
of the same length. ICU's own offsets count UTF-16 units and are wrong after the
first emoji, so they are not used.
"""

import re
from collections.abc import Iterator
from typing import Final

from icu4py.breakers import CharacterBreaker, SentenceBreaker, WordBreaker

_LONE_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def words_and_separators(text: str, language: str) -> Iterator[str]:
    """Yield words and what stands between them; nothing for the empty text.

    Runs of spaces are one piece, every punctuation mark is one. Chinese,
    Japanese, Thai, Lao, Khmer and Burmese words come from ICU's dictionaries.
    """
    return iter(WordBreaker(_well_formed(text), language))


def sentences_with_spaces(text: str, language: str) -> Iterator[str]:
    """Yield raw sentences with the spaces behind them; nothing for the empty text.

    A line feed always ends one. Abbreviations are `sentences`' concern.
    """
    return iter(SentenceBreaker(_well_formed(text), language))


def graphemes(text: str) -> Iterator[str]:
    """Yield what readers call characters: a family emoji is one; nothing for the empty text."""
    return iter(CharacterBreaker(_well_formed(text), "und"))


def _well_formed(text: str) -> str:
    # The breakers take UTF-8, which has no lone surrogates. U+FFFD segments alike.
    return text if text.isascii() else _LONE_SURROGATES.sub("\ufffd", text)
