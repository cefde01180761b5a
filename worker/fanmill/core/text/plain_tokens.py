"""Tokens of texts whose words are found on arrays, as numbers and bounds instead of strings.

The tokens are those of `words_and_separators`: words, single signs and runs of spaces. Only words
become strings; half of the tokens of a text are spaces.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fanmill.core.text.characters import Codes, Integers, text_of
from fanmill.core.text.lexicon import Lexicon
from fanmill.core.text.short_words import ShortWords
from fanmill.core.text.word_bounds import WordBounds

_SPACE: Final = 0x20
_LATIN_1: Final = 0x100
_LEFT_TO_ICU: Final = np.zeros(0x20000, np.bool_)
"""Code points that leave a text to ICU: carriage return, other spaces and halves of flags, which
join a neighbour, and lone surrogates, which ICU replaces."""
_LEFT_TO_ICU[[0x0D, 0x1680, *range(0x2000, 0x2007), 0x2008, 0x2009, 0x200A, 0x205F, 0x3000]] = True
_LEFT_TO_ICU[0xD800:0xE000] = True
_LEFT_TO_ICU[0x1F1E6:0x1F200] = True


@dataclass(frozen=True, slots=True)
class PlainTokens:
    """Tokens of a text.

    Attributes:
        bounds: Offsets of the tokens, and the end of the text.
        is_word: For each token: it has a letter or a digit.
        separators: First code point of each separator.
        spans: Bounds of the words.
        codes: Code points of the text.
        inside: For each code point: it is part of a word.
    """

    bounds: Integers
    is_word: npt.NDArray[np.bool_]
    separators: Codes
    spans: WordBounds
    codes: Codes
    inside: npt.NDArray[np.bool_]

    def words(self) -> list[str]:
        """Return the words of the text, in order."""
        shown = np.where(self.inside, self.codes, np.array(_SPACE, self.codes.dtype))
        if shown.max() < _LATIN_1:
            said = shown.astype(np.uint8).tobytes().decode("latin-1")
        else:
            said = text_of(shown)
        return said.split()

    def numbers(self, text: str, lexicon: Lexicon) -> Integers:
        """Return the numbers of the text's tokens; new tokens get the next numbers."""
        numbers = np.empty(len(self.is_word), np.int64)
        short: ShortWords = lexicon.made("short words", ShortWords)
        letters = short.letters(self.codes, lexicon)
        numbers[self.is_word] = short.numbers(
            text, letters, self.spans.starts, self.spans.ends, lexicon
        )
        places = (~self.is_word).nonzero()[0]
        table: Separators = lexicon.made("separators", Separators)
        numbers[places] = table.numbers(self.separators, lexicon.__getitem__)
        lengths = self.bounds[places + 1] - self.bounds[places]
        for place, length in zip(
            places[lengths > 1].tolist(), lengths[lengths > 1].tolist(), strict=True
        ):
            numbers[place] = lexicon[" " * length]
        return numbers


class Separators:
    """Numbers of the separators of a lexicon that are a single code point, by code point."""

    def __init__(self, lexicon: Lexicon) -> None:
        del lexicon  # a reference would keep it when it is replaced
        self._table = np.full(_LATIN_1, -1, np.int32)
        self._others: dict[int, int] = {}

    def numbers(self, codes: Codes, number_of: Callable[[str], int]) -> Integers:
        """Return the numbers of separators, given how a new one gets its number."""
        known = codes
        foreign = None
        if codes.dtype != np.uint8 and len(codes) and codes.max() >= _LATIN_1:
            foreign = (codes >= _LATIN_1).nonzero()[0]
            known = codes.copy()
            known[foreign] = _SPACE
        found = self._table[known]
        if (found < 0).any():
            for code in set(known[found < 0].tolist()):
                self._table[code] = number_of(chr(code))
            found = self._table[known]
        numbers = found.astype(np.int64)
        if foreign is not None:
            for place, code in zip(foreign.tolist(), codes[foreign].tolist(), strict=True):
                if code not in self._others:
                    self._others[code] = number_of(chr(code))
                numbers[place] = self._others[code]
        return numbers


def is_left_to_icu(distinct: Integers) -> bool:
    """Tell whether one of some distinct code points leaves a text to ICU."""
    return bool(_LEFT_TO_ICU[distinct[distinct < len(_LEFT_TO_ICU)]].any())


def plain_tokens(codes: Codes, distinct: Integers, words: WordBounds) -> PlainTokens | None:
    """Return the tokens of a text, or None if only ICU can tell.

    Args:
        codes: Code points of the text.
        distinct: Distinct code points among them, rising.
        words: Bounds of its words.
    """
    starts, ends = words.starts, words.ends
    if (
        not words.is_plain
        or not len(starts)
        or is_left_to_icu(distinct)
        or (starts[1:] == ends[:-1]).any()
    ):
        return None
    edges = np.zeros(len(codes) + 1, np.int8)
    edges[starts] = 1
    edges[ends] -= 1
    inside = np.add.accumulate(edges[:-1], dtype=np.int8).view(np.bool_)
    begins = ~inside
    begins[starts] = True
    spaces = codes == _SPACE
    begins[1:] &= ~(spaces[1:] & spaces[:-1])
    places = begins.nonzero()[0]
    is_word = inside[places]
    return PlainTokens(
        np.append(places, len(codes)), is_word, codes[places[~is_word]], words, codes, inside
    )
