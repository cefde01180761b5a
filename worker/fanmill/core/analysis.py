"""One lazy analysis of a document, shared by all functions of a stage.

Every view is computed at first use and kept; all are linear in the text. An
analysis belongs to one task: it is not made for use by several threads.
"""

from functools import cached_property
from itertools import compress
from typing import Final

import numpy as np
import numpy.typing as npt

from fanmill.core.characters import (
    ALNUM,
    UNSETTLED,
    Codes,
    Flags,
    Integers,
    codes_of,
    count,
    flags_of,
    look_up,
)
from fanmill.core.document import Document
from fanmill.core.language import Language, Survey, survey
from fanmill.core.layout import Layout, Span, lay_out
from fanmill.core.lexicon import Lexicon, lexicon
from fanmill.core.plain import UNSPACED, PlainWords, plain_words
from fanmill.core.segmentation import words_and_separators
from fanmill.core.sentences import sentence_spans

_NOWHERE: Final = np.empty(0, np.int64)
MOST_NUMBERED: Final = 200_000
"""Words and separators, about half a megabyte of English: a book names its subject by then."""
_SHARE_FROM: Final = 65_536
"""Code points. Of larger texts equal words share one string: 4 MiB of Chinese would otherwise
hold 100 MB of words. Below, looking them up costs more than it saves."""


class Analysis:
    """What is known of a document's text.

    Offsets count code points of `text`. All views of the empty text are empty.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text

    @cached_property
    def survey(self) -> Survey:
        """The languages of the text's parts; what the producer declared is evidence."""
        return survey(self.text, self.document.language)

    @cached_property
    def language(self) -> Language:
        """The detected main language; what the producer declared is in `document`."""
        return self.survey.main

    @cached_property
    def layout(self) -> Layout:
        """Lines, paragraphs, and where line breaks end sentences."""
        return lay_out(self.text, self.language.code)

    @cached_property
    def pieces(self) -> list[str]:
        """Words and separators of `layout.prose`, in order; they join to it.

        A line feed is a hard line break here, a soft one is a space.
        """
        pieces = words_and_separators(self.layout.prose, self.language.code)
        if len(self.text) < _SHARE_FROM:
            return list(pieces)
        shared: dict[str, str] = {}
        return [shared.setdefault(piece, piece) for piece in pieces]

    @cached_property
    def lexicon(self) -> Lexicon:
        """What this process knows of the pieces of the text's language."""
        return lexicon(self.language.code)

    @cached_property
    def numbers(self) -> Integers:
        """The numbers of the first 200,000 `pieces` in the lexicon."""
        return self.lexicon.numbers(self.pieces[:MOST_NUMBERED])

    @cached_property
    def utf8(self) -> bytes:
        """The text in UTF-8, lone surrogates as three bytes each."""
        return self.text.encode("utf-8", "surrogatepass")

    @cached_property
    def codes(self) -> Codes:
        """The code points of the text."""
        return codes_of(self.text)

    @cached_property
    def character_counts(self) -> tuple[Integers, Integers]:
        """Different code points, rising, and how often each occurs."""
        return count(self.codes)

    @cached_property
    def character_flags(self) -> Flags:
        """What is known of each different code point; see `characters`."""
        return flags_of(self.character_counts[0])

    @cached_property
    def flags(self) -> Flags:
        """What is known of each code point of the text; see `characters`."""
        _ = self.character_flags
        return look_up(self.codes)

    @cached_property
    def lines(self) -> list[str]:
        """Lines as `str.splitlines` has them, without their breaks."""
        return self.text.splitlines()

    @cached_property
    def whole_lines(self) -> list[str]:
        """The same with their breaks."""
        return self.text.splitlines(keepends=True)

    @cached_property
    def raw_lines(self) -> list[str]:
        """The text between line feeds; what follows the last one only if it is not empty."""
        lines = self.text.split("\n")
        if not lines[-1]:
            lines.pop()
        return lines

    @cached_property
    def _piece_bounds(self) -> Integers:
        """Where pieces begin, and the end of the text."""
        bounds = np.zeros(len(self.pieces) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, self.pieces), np.int64, len(self.pieces)), out=bounds[1:])
        return bounds

    @cached_property
    def _is_word(self) -> npt.NDArray[np.bool_]:
        """Which pieces have a letter or a digit."""
        if not self.pieces:
            return np.empty(0, np.bool_)
        found = np.bitwise_or.reduceat(self.flags & ALNUM, self._piece_bounds[:-1])
        return np.not_equal(found, 0)

    @cached_property
    def words(self) -> list[str]:
        """Words as written: the pieces with a letter or a digit."""
        return list(compress(self.pieces, self._is_word.tolist()))

    @cached_property
    def word_starts(self) -> Integers:
        """Where `words` begin in the text, rising."""
        return self._piece_bounds[:-1][self._is_word]

    @cached_property
    def word_lengths(self) -> Integers:
        """Code points of each of `words`."""
        return np.diff(self._piece_bounds)[self._is_word]

    @cached_property
    def word_spans(self) -> list[Span]:
        """Where `words` stand in the text, in order, never overlapping."""
        starts = self.word_starts
        return list(zip(starts.tolist(), (starts + self.word_lengths).tolist(), strict=True))

    @cached_property
    def folded_words(self) -> list[str]:
        """`words` after case folding."""
        # No word holds a line feed; folding is done per character.
        return "\n".join(self.words).casefold().split("\n") if self.words else []

    @cached_property
    def sentence_starts(self) -> Integers:
        """Where `sentences` begin, rising."""
        starts = [start for start, _ in self.sentences]
        return np.fromiter(starts, np.int64, len(starts))

    @property
    def is_spaced(self) -> bool:
        """Whether the language writes spaces between words."""
        return self.language.code not in UNSPACED

    @cached_property
    def plain(self) -> PlainWords:
        """Words as the quality signals count them."""
        # Where words are spaced, those of the dictionary need not be looked for.
        words, starts = ((), _NOWHERE) if self.is_spaced else (self.words, self.word_starts)
        return plain_words(
            self.utf8,
            self.language.code,
            self.raw_lines,
            words,
            starts,
            settled=not (self.character_flags & UNSETTLED).any(),
        )

    @cached_property
    def sentences(self) -> list[Span]:
        """Where sentences stand in the text, in order, without spaces around them."""
        return sentence_spans(self.layout.prose, self.language.code)


def is_word(piece: str) -> bool:
    """Tell whether a piece has a letter or a digit (Unicode L*, N*).

    The first character decides for nearly all; `_x` begins with a connector.
    """
    return piece[0].isalnum() or (len(piece) > 1 and any(map(str.isalnum, piece)))
