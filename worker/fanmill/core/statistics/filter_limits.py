"""Limits of the quality filters, by script.

The published limits are for English. They also apply to other languages whose words are runs of
letters between spaces and whose sentences end in a mark. Other languages have these limits:

- Chinese, Japanese: words of the dictionary have 1.2 to 4 characters. A character says as much as
  three Latin letters, so a short line has 10.
- Thai, Lao, Khmer, Burmese: words of 2 to 8 characters. Thai and Lao end no sentence with a
  mark, so rules about marks do not apply.
- Korean: a syllable block holds two or three letters: 1.5 to 7, short line 15.
- Vietnamese: spaces separate syllables: 2 to 7.
- Languages that write few or no vowels, or join them to consonants (Arabic, Hebrew, Persian, Urdu,
  Devanagari and other scripts of India): from 2.
- Languages that add suffixes (Finnish, Hungarian, Turkish, Tamil, ...): up to 14.

The rule on stop words needs two different ones of the language's list; it does not apply to
languages without a list.
"""

from dataclasses import dataclass, replace
from typing import Final

ENDING_MARKS: Final = frozenset(".!?”…。．！？｡।॥؟۔።။།՜՞։፧‼⁇⁈⁉។៕")  # noqa: RUF001
"""Marks that end a sentence, of all scripts."""

CLOSING_MARKS: Final = frozenset("\"'”’»›」』）)】》〉")  # noqa: RUF001
"""Marks that may follow the end of a sentence."""

GOPHER_WORDS: Final = frozenset({"the", "be", "to", "of", "and", "that", "have", "with"})
"""English stop words of Gopher; a text needs two of them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a language.

    Attributes:
        min_word_length: Minimum mean word length in code points.
        max_word_length: Maximum mean word length in code points.
        short_line: Maximum number of code points in a short line (FineWeb).
        marks: Sentences end in a mark.
    """

    min_word_length: float = 3
    max_word_length: float = 10
    short_line: int = 30
    marks: bool = True


PUBLISHED: Final = Limits()
_HAN: Final = Limits(1.2, 4, 10)
_SOUTH_EAST: Final = Limits(2, 8, 25)
_FEW_VOWELS: Final = Limits(2, 10)
_SUFFIXES: Final = Limits(3, 14)

_BY_LANGUAGE: Final = {
    "zh": _HAN,
    "ja": _HAN,
    "th": replace(_SOUTH_EAST, marks=False),
    "lo": replace(_SOUTH_EAST, marks=False),
    "km": _SOUTH_EAST,
    "my": _SOUTH_EAST,
    "ko": Limits(1.5, 7, 15),
    "vi": Limits(2, 7),
    **dict.fromkeys(
        ("ar", "he", "fa", "ur", "ps", "yi", "hi", "mr", "ne", "bn", "gu", "pa", "or", "si"),
        _FEW_VOWELS,
    ),
    **dict.fromkeys(
        ("fi", "hu", "et", "tr", "az", "kk", "ky", "uz", "eu", "ka", "ta", "te", "kn", "ml"),
        _SUFFIXES,
    ),
}


def limits(language: str) -> Limits:
    """Return the limits for a language; the published limits for a language without others."""
    return _BY_LANGUAGE.get(language, PUBLISHED)
