"""Words as RedPajama-V2 counts them, in every language.

English is as published: lower case, without ASCII punctuation, decomposed
(NFD), split at spaces. In other spaced languages letters stay composed (NFC): a
Korean syllable would be three letters and a Vietnamese vowel three characters.
Where words are not spaced they are those of the dictionary.
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
    """What the quality signals take for words.

    Attributes:
        lowered: The text in lower case without ASCII punctuation.
        vocabulary: The words, numbered.
        lengths: Code points of each word.
        total: Their sum.
        ends: Code points of all words before each, and of all.
        per_line: Words of each line between line feeds.
        characters_per_line: Code points of each line's words joined by spaces.
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


def split_words(text: str, language: str) -> list[str]:
    """Return the plain words of a text in a language that writes spaces."""
    lowered = _lowered(text.encode("utf-8", "surrogatepass"))
    if lowered.isascii():
        return lowered.split()
    return unicodedata.normalize(_form(language), lowered).split()


def _lowered(utf8: bytes) -> str:
    """Return a text in lower case without ASCII punctuation."""
    # On bytes: deleting from a string that is not all ASCII takes a hundred times as long.
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
    """Return the plain words of a text; none for a text without them.

    Args:
        utf8: The document.
        language: Its ISO 639-1 code.
        lines: The text between line feeds.
        words: The words of the dictionary, used in languages without spaces.
        starts: Where those begin.
        settled: Whether normalisation leaves every character as it is.
        cased: Whether a character has another one in lower case.
    """
    lowered = _lowered(utf8)
    found: list[str]
    if language in UNSPACED:
        sizes = np.fromiter(map(len, lines), np.int64, len(lines))
        found = [word.lower() for word in words] if cased else list(words)
        per_line = starts.searchsorted((sizes + 1).cumsum())
        per_line[1:] -= per_line[:-1].copy()
        gap = 0
    else:
        form = _form(language)
        normal = lowered.split("\n")[: len(lines)]
        if not settled:
            normal = [
                line if line.isascii() else unicodedata.normalize(form, line) for line in normal
            ]
        # One after the other: a hundred thousand lists at once would keep the collector busy.
        found, numbers = [], []
        for line in normal:
            of_line = line.split()
            found += of_line
            numbers.append(len(of_line))
        per_line = np.array(numbers, np.int64)
        gap = 1
    numbered = vocabulary(found)
    by_kind = np.fromiter(map(len, numbered.index), np.int64, len(numbered.index))
    lengths = by_kind[numbered.ids]
    sums = np.zeros(len(lengths) + 1, np.int64)
    lengths.cumsum(out=sums[1:])
    ends = per_line.cumsum()
    repeated = tuple(repeated_runs(numbered.ids, len(numbered.index)))
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
