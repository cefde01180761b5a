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

from fanmill.core.text.characters import Integers, codes_of, text_of
from fanmill.core.text.lexicon import Lexicon, word_lexicon
from fanmill.core.text.ngrams import Repeated, repeated_runs
from fanmill.core.text.short_words import ShortWords, word_spans
from fanmill.core.text.vocabulary import MAX_KEPT, Vocabulary, numbered, vocabulary

UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})
_LINE_FEED: Final = 0x0A
_BEYOND_ASCII: Final = 0x80
_LOWER: Final = bytes(range(_BEYOND_ASCII)).lower() + bytes(range(_BEYOND_ASCII, 0x100))
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
    lowered = _lowered(text.encode("utf-8", "surrogatepass"), ascii_capitals=text.isascii())
    if settled or lowered.isascii():
        return lowered.split()
    return unicodedata.normalize(_form(language), lowered).split()


def _lowered(utf8: bytes, *, ascii_capitals: bool) -> str:
    """Return a text in lower case without ASCII punctuation.

    `ascii_capitals` tells that no other character has another form in lower case.
    """
    # On bytes: deletion from a non-ASCII string takes a hundred times as long.
    text = utf8.translate(_LOWER, _PUNCTUATION).decode("utf-8", "surrogatepass")
    return text if ascii_capitals else text.lower()


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
    distinct: Integers,
) -> WhitespaceWords:
    """Return the whitespace words of a text; a text without words has none.

    Args:
        utf8: The text in UTF-8.
        language: ISO 639-1 code of its language.
        lines: The text between line feeds.
        words: Words of the dictionary, used in languages without spaces.
        starts: Places where these words begin.
        settled: Normalisation changes no character of the text.
        distinct: Distinct code points of the text.
    """
    beyond = text_of(distinct[distinct >= _BEYOND_ASCII])
    lowered = _lowered(utf8, ascii_capitals=beyond == beyond.lower())
    if language in UNSPACED:
        # No word holds a line feed, and a line feed ends a word for `lower`: one call is enough.
        cased = (letters := text_of(distinct)) != letters.lower()
        found = "\n".join(words).lower().split("\n") if cased and words else list(words)
        numbered_words = vocabulary(found, language)
        line_ends = (np.fromiter(map(len, lines), np.int64, len(lines)) + 1).cumsum()
        gap = 0
    else:
        plain = settled or lowered.isascii()
        said = lowered if plain else unicodedata.normalize(_form(language), lowered)
        numbered_words, starts, line_ends = _spaced_words(said, language)
        gap = 1
    per_line = starts.searchsorted(line_ends[: len(lines)])
    per_line[1:] -= per_line[:-1].copy()
    lengths = numbered_words.lengths[numbered_words.ids]
    sums = np.zeros(len(lengths) + 1, np.int64)
    lengths.cumsum(out=sums[1:])
    ends = per_line.cumsum()
    repeated = tuple(repeated_runs(numbered_words.ids, len(numbered_words.kinds)))
    return WhitespaceWords(
        lowered=lowered,
        vocabulary=numbered_words,
        lengths=lengths,
        total=int(sums[-1]),
        ends=sums,
        per_line=per_line,
        characters_per_line=sums[ends] - sums[ends - per_line] + gap * np.maximum(per_line - 1, 0),
        repeated=repeated,
        tops={length: repeated[length - 2].top() for length in (2, 3, 4)},
    )


def _spaced_words(text: str, language: str) -> tuple[Vocabulary, Integers, Integers]:
    """Return the words between white space, their offsets, and the ends of the lines."""
    codes = codes_of(text)
    lexicon = word_lexicon(language)
    table: ShortWords = lexicon.made("short words", ShortWords)
    letters = table.letters(codes, lexicon)
    starts, ends = word_spans(letters)
    if len(starts) <= MAX_KEPT:
        numbers = table.numbers(text, letters, starts, ends, lexicon)
    else:
        words = text.split()
        lexicon = Lexicon.of(words)
        numbers = lexicon.numbers(words)
    line_ends = np.append((codes == _LINE_FEED).nonzero()[0], len(codes))
    return numbered(numbers, lexicon), starts, line_ends
