"""Limits of the published filters, by script.

The published limits are those of English. They are kept wherever a word is a
run of letters between spaces and a sentence ends in a mark; elsewhere these
stand in their place:

- Chinese, Japanese: words of the dictionary have 1.2 to 4 characters, and one
  character says about what three Latin letters say, so a short line is 10.
- Thai, Lao, Khmer, Burmese: words of 2 to 8 characters; Thai and Lao end no
  sentence with a mark, so rules about marks are left out there.
- Korean: one syllable block holds two or three letters: 1.5 to 7, short line 15.
- Vietnamese: spaces stand between syllables: 2 to 7.
- Languages that write few or no vowels, or join them to consonants (Arabic,
  Hebrew, Persian, Urdu, Devanagari and other scripts of India): from 2.
- Languages that add suffixes (Finnish, Hungarian, Turkish, Tamil, ...): up to 14.

The rule on function words asks for two different ones of the language's list;
it is left out where there is no list.
"""

from dataclasses import dataclass, replace
from typing import Final

ENDING_MARKS: Final = frozenset(".!?”…。．！？｡।॥؟۔።။།՜՞։፧‼⁇⁈⁉។៕")  # noqa: RUF001
"""What ends a sentence in any script."""

CLOSING_MARKS: Final = frozenset("\"'”’»›」』）)】》〉")  # noqa: RUF001
"""What may follow such a mark."""

GOPHER_WORDS: Final = frozenset({"the", "be", "to", "of", "and", "that", "have", "with"})
"""The function words that Gopher asks for (two of them) in English."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a script changes in the published rules.

    Attributes:
        least_word_length: Least mean word length in code points.
        greatest_word_length: Greatest mean word length.
        short_line: Code points up to which a line is short (FineWeb).
        marks: Whether sentences end in a mark.
    """

    least_word_length: float = 3
    greatest_word_length: float = 10
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
    """Return the limits for a language; the published ones for any that has no others."""
    return _BY_LANGUAGE.get(language, PUBLISHED)
