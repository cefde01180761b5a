"""Whitespace words: words as RedPajama-V2 counts them, extended to every language.

English is as published: lower case, without ASCII punctuation, decomposed (NFD), split at spaces.
In other languages with spaces, letters are composed (NFC); otherwise a Korean syllable would be
three letters. In languages without spaces, the words are those of ICU's dictionary.
"""

import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from fanmill.core.text.characters import Integers
from fanmill.core.text.ngrams import Repeated, repeated_runs
from fanmill.core.text.vocabulary import Vocabulary, vocabulary

UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})
_PUNCTUATION: Final = string.punctuation.encode()


@dataclass(frozen=True, slots=True)
class WhitespaceWords:
    """Whitespace words of a text, with counts for the quality signals.

    Attributes:
        lowered: The text in lower case without ASCII punctuation.
        vocabulary: The words with their numbers.
        lengths: Number of code points in each word.
        total: Sum of the lengths.
        ends: Number of code points in all words before each word, and in all words.
        per_line: Number of words in each line.
        characters_per_line: Number of code points in each line's words joined by spaces.
        repeated: Repeated runs of 2, 3, ... 10 words.
        tops: Place and count of the most frequent run of 2, 3 and 4 words.
    """

    lowered: str
    vocabulary: Vocabulary
    lengths: Integers
    total: int
    ends: Integers
    per_line: Integers
    characters_per_line: Integers
    repeated: tuple[Repeated, ...]
    tops: dict[int, tuple[int, int]]


def split_words(text: str, language: str, *, settled: bool = False) -> list[str]:
    """Return the whitespace words of a text in a language that writes spaces.

    Args:
        text: Any text.
        language: ISO 639-1 code of its language.
        settled: Normalisation changes no character of the text.
    """
    lowered = _lowered(text.encode("utf-8", "surrogatepass"))
    if settled or lowered.isascii():
        return lowered.split()
    return unicodedata.normalize(_form(language), lowered).split()


def _lowered(utf8: bytes) -> str:
    """Return a text in lower case without ASCII punctuation."""
    # On bytes: deletion from a non-ASCII string takes a hundred times as long.
    return utf8.translate(None, _PUNCTUATION).decode("utf-8", "surrogatepass").lower()


def _form(language: str) -> Literal["NFC", "NFD"]:
    return "NFD" if language == "en" else "NFC"


def whitespace_words(
    utf8: bytes,
    language: str,
    lines: Sequence[str],
    words: Sequence[str],
    starts: Integers,
    *,
    settled: bool,
    cased: bool,
) -> WhitespaceWords:
    """Return the whitespace words of a text; a text without words has none.

    Args:
        utf8: The text in UTF-8.
        language: ISO 639-1 code of its language.
        lines: The text between line feeds.
        words: Words of the dictionary, used in languages without spaces.
        starts: Places where these words begin.
        settled: Normalisation changes no character of the text.
        cased: The text has characters with another form in lower case.
    """
    lowered = _lowered(utf8)
    if language in UNSPACED:
        # No word holds a line feed, and a line feed ends a word for `lower`: one call is enough.
        found = "\n".join(words).lower().split("\n") if cased and words else list(words)
        per_line = _words_per_line(lines, starts)
        gap = 0
    else:
        form = None if settled else _form(language)
        found, per_line = _split_lines(lowered.split("\n")[: len(lines)], form)
        gap = 1
    numbered = vocabulary(found, language)
    lengths = numbered.lengths[numbered.ids]
    sums = np.zeros(len(lengths) + 1, np.int64)
    lengths.cumsum(out=sums[1:])
    ends = per_line.cumsum()
    repeated = tuple(repeated_runs(numbered.ids, len(numbered.kinds)))
    return WhitespaceWords(
        lowered=lowered,
        vocabulary=numbered,
        lengths=lengths,
        total=int(sums[-1]),
        ends=sums,
        per_line=per_line,
        characters_per_line=sums[ends] - sums[ends - per_line] + gap * np.maximum(per_line - 1, 0),
        repeated=repeated,
        tops={length: repeated[length - 2].top() for length in (2, 3, 4)},
    )


def _words_per_line(lines: Sequence[str], starts: Integers) -> Integers:
    """Return the number of dictionary words in each line, by the places where they begin."""
    sizes = np.fromiter(map(len, lines), np.int64, len(lines))
    per_line = starts.searchsorted((sizes + 1).cumsum())
    per_line[1:] -= per_line[:-1].copy()
    return per_line


def _split_lines(
    lines: Sequence[str], form: Literal["NFC", "NFD"] | None
) -> tuple[list[str], Integers]:
    """Return the words of lines, and the number in each line; `form` normalises them first."""
    if form is not None:
        lines = [line if line.isascii() else unicodedata.normalize(form, line) for line in lines]
    # Line by line: a hundred thousand lists at once would slow down the garbage collector.
    found: list[str] = []
    numbers = []
    for line in lines:
        of_line = line.split()
        found += of_line
        numbers.append(len(of_line))
    return found, np.array(numbers, np.int64)
