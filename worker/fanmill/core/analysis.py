"""Lazy analysis of a document, shared by all functions of a stage.

Every view is computed at first use and kept; each takes time linear in the text. An analysis
belongs to a single task, not to threads. Small views that both later stages need are kept with the
document, for the next stage in the same process; large ones would take the memory of a batch.
"""

from bisect import bisect_left
from itertools import compress
from operator import itemgetter
from typing import Final

import numpy as np
import numpy.typing as npt

from fanmill.core.document import Document, stage_property
from fanmill.core.language.detection import Detection, detect_languages
from fanmill.core.language.detectors import Language
from fanmill.core.line_views import LineViews
from fanmill.core.text.body import body_spans
from fanmill.core.text.characters import (
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
from fanmill.core.text.furniture import furniture_spans
from fanmill.core.text.layout import Layout, lay_out
from fanmill.core.text.lexicon import Lexicon, lexicon
from fanmill.core.text.markup import markup_spans
from fanmill.core.text.plain_tokens import PlainTokens, is_left_to_icu, plain_tokens
from fanmill.core.text.segmentation import words_and_separators
from fanmill.core.text.sentences import sentence_spans
from fanmill.core.text.source_lines import Span
from fanmill.core.text.token_strings import SHARE_FROM, Lengths, bounds_of, cut, lengths_of, listed
from fanmill.core.text.vocabulary import count_different
from fanmill.core.text.whitespace_words import UNSPACED, WhitespaceWords, whitespace_words
from fanmill.core.text.word_bounds import WordBounds, word_bounds
from fanmill.core.views import view_property

_NOWHERE: Final = np.empty(0, np.int64)
MAX_NUMBERED: Final = 200_000
"""Maximum number of numbered tokens, about half a megabyte of English; enough to know a subject."""


class Analysis(LineViews):
    """Views of a document's text.

    Offsets count code points of `text`. All views of the empty text are empty.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        # A property finds its value here, as if it had computed it.
        self.__dict__.update(document.views)

    @stage_property
    def detection(self) -> Detection:
        """The languages of the text's segments, with the declared language as evidence."""
        return detect_languages(self.text, self.document.language, self.markup)

    @stage_property
    def markup(self) -> tuple[Span, ...]:
        """Spans of tags, addresses, code and other markup, in text order."""
        return markup_spans(self.text)

    @view_property
    def language(self) -> Language:
        """The detected main language; `document.language` is the declared one."""
        return self.detection.main

    @stage_property
    def layout(self) -> Layout:
        """Lines, paragraphs, and the line breaks that end sentences."""
        return lay_out(self.text, self.language.code)

    @stage_property
    def body(self) -> tuple[Span, ...]:
        """Spans of the text that are its prose: no front matter, menus, notices and bylines."""
        return body_spans(self.text, self.layout)

    @view_property
    def furniture(self) -> list[Span]:
        """Spans outside the body that name no subject: menus, notices, front matter, captions."""
        return furniture_spans(self.text, self.body)

    @view_property
    def tokens(self) -> list[str]:
        """Words and separators of `layout.prose`, in order; joined, they are the prose.

        A line feed is a hard line break; a soft line break is a space.
        """
        prose = self.layout.prose
        tokens = (
            cut(prose, self._icu_bounds)
            if "_token_lengths" in self.document.views
            else words_and_separators(prose, self.language.code)
        )
        return listed(tokens, len(prose))

    @view_property
    def plain_tokens(self) -> PlainTokens | None:
        """`tokens` as arrays; None if they need ICU, and for long texts."""
        bounds = self._word_bounds
        if not bounds.is_plain or len(self.text) >= SHARE_FROM:
            return None
        codes, distinct = codes_of(self.layout.prose), self.character_counts[0]
        if is_left_to_icu(distinct):  # perhaps by line breaks, which the prose lacks
            distinct = count(codes)[0]
        return plain_tokens(codes, distinct, bounds)

    @view_property
    def lexicon(self) -> Lexicon:
        """This process's lexicon of the text's language."""
        return lexicon(self.language.code)

    @view_property
    def numbers(self) -> Integers:
        """Numbers of the first 200,000 `tokens` in the lexicon."""
        plain = self.plain_tokens
        return (
            plain.numbers(self.layout.prose, self.lexicon)
            if plain is not None
            else self.lexicon.numbers(self.tokens[:MAX_NUMBERED])
        )

    @view_property
    def utf8(self) -> bytes:
        """The text in UTF-8, with three bytes for each lone surrogate."""
        return self.text.encode("utf-8", "surrogatepass")

    @view_property
    def codes(self) -> Codes:
        """The code points of the text."""
        return codes_of(self.text)

    @stage_property
    def character_counts(self) -> tuple[Integers, Integers]:
        """Distinct code points in rising order, and the count of each."""
        return count(self.codes)

    @stage_property
    def character_flags(self) -> Flags:
        """Flags of the distinct code points; see `characters`."""
        return flags_of(self.character_counts[0])

    @view_property
    def flags(self) -> Flags:
        """Flags of the code points of the text; see `characters`."""
        _ = self.character_flags
        return look_up(self.codes)

    @stage_property
    def _word_bounds(self) -> WordBounds:
        """Bounds of the words, computed on arrays if possible, otherwise from tokens."""
        codes, distinct = self._prose_codes
        found = word_bounds(codes, distinct, self.language.code)
        if found is None:
            bounds, is_word = self._icu_bounds, self._is_word
            found = WordBounds(bounds[:-1][is_word], bounds[1:][is_word])
        return found

    @view_property
    def _prose_codes(self) -> tuple[Codes, Integers]:
        """Code points that hold the words, and the distinct ones."""
        codes = codes_of(self.layout.prose) if self.layout.words_differ else self.codes
        return codes, (count(codes) if codes is not self.codes else self.character_counts)[0]

    @view_property
    def token_bounds(self) -> Integers:
        """Offsets of `tokens`, and the end of the text."""
        if "tokens" not in self.__dict__ and self.plain_tokens is not None:
            return self.plain_tokens.bounds
        return self._icu_bounds

    @view_property
    def _icu_bounds(self) -> Integers:
        return bounds_of(self._token_lengths)

    @stage_property
    def _token_lengths(self) -> Lengths:
        """Number of code points in each of `tokens`."""
        return lengths_of(self.tokens)

    @view_property
    def _is_word(self) -> npt.NDArray[np.bool_]:
        """For each token: it has a letter or a digit."""
        if not self.tokens:
            return np.empty(0, np.bool_)
        codes, distinct = self._prose_codes
        if codes is not self.codes:
            flags_of(distinct)
        flags = self.flags if codes is self.codes else look_up(codes)
        found = np.bitwise_or.reduceat(flags & ALNUM, self._icu_bounds[:-1])
        return np.not_equal(found, 0)

    @view_property
    def words(self) -> list[str]:
        """Words as written: tokens by UAX #29 that have a letter or a digit.

        A word that is broken at a line end is whole here; its span includes hyphen and line break.
        """
        if self.layout.words_differ:
            return [self.readable(start, end) for start, end in self.word_spans]
        if self.plain_tokens is not None and "tokens" not in self.__dict__:
            return self.plain_tokens.words()
        if "tokens" in self.__dict__:  # the bounds of the words may have needed them
            return list(compress(self.tokens, self._is_word.tolist()))
        words = (self.text[start:end] for start, end in self.word_spans)
        return listed(words, len(self.text))

    def readable(self, start: int, end: int) -> str:
        """Return a part of the text without `layout.dropped`, and with its line breaks."""
        dropped = self.layout.dropped
        parts = []
        for low, high in dropped[bisect_left(dropped, start, key=itemgetter(1)) :]:
            if low >= end:
                break
            parts.append(self.text[start:low])
            start = max(start, high)
        return "".join((*parts, self.text[start:end]))

    @property
    def word_starts(self) -> Integers:
        """Offsets of `words` in the text, rising."""
        return self._word_bounds.starts

    @property
    def word_ends(self) -> Integers:
        """Offsets behind the last code points of `words`."""
        return self._word_bounds.ends

    @view_property
    def word_lengths(self) -> Integers:
        """Number of code points in each of `words`."""
        return self.word_ends - self.word_starts

    @view_property
    def word_spans(self) -> list[Span]:
        """Spans of `words` in the text, in order and without overlap."""
        return list(zip(self.word_starts.tolist(), self.word_ends.tolist(), strict=True))

    @view_property
    def folded_words(self) -> list[str]:
        """`words` after case folding."""
        # No word holds a line feed, and characters fold one by one, so a single call is enough.
        return "\n".join(self.words).casefold().split("\n") if self.words else []

    @view_property
    def different_words(self) -> int:
        """Number of distinct `folded_words`."""
        codes, distinct = self._prose_codes
        if codes is self.codes:
            counted = count_different(codes, distinct, self.word_starts, self.word_ends)
            if counted is not None:
                return counted
        # Each distinct word is folded once, and all of them by a single call.
        return len(set("\n".join(set(self.words)).casefold().split("\n"))) if self.words else 0

    @view_property
    def sentence_starts(self) -> Integers:
        """Offsets of `sentences`, rising."""
        return np.array([start for start, _ in self.sentences], np.int64)

    @property
    def is_spaced(self) -> bool:
        """The language writes spaces between words."""
        return self.language.code not in UNSPACED

    @view_property
    def is_settled(self) -> bool:
        """Normalisation (NFC, NFD) changes no character."""
        return not (self.character_flags & UNSETTLED).any()

    @view_property
    def whitespace_words(self) -> WhitespaceWords:
        """Whitespace words, for the quality signals."""
        # Languages with spaces need no words of the dictionary.
        words, starts = ((), _NOWHERE) if self.is_spaced else (self.words, self.word_starts)
        return whitespace_words(
            self.utf8,
            self.language.code,
            self.raw_lines,
            words,
            starts,
            settled=self.is_settled,
            distinct=self.character_counts[0],
        )

    @stage_property
    def sentences(self) -> list[Span]:
        """Spans of sentences in the text, in order, without spaces around them."""
        return sentence_spans(self.layout.prose, self.language.code)
