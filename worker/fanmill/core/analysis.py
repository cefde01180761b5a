"""One lazy analysis of a document, shared by all functions of a stage.

Every view is computed at first use and kept; all are linear in the text. An
analysis belongs to one task: it is not made for use by several threads.
"""

from functools import cached_property
from typing import Final

from fanmill.core.document import Document
from fanmill.core.language import Language, Survey, survey
from fanmill.core.layout import Layout, Span, lay_out
from fanmill.core.segmentation import words_and_separators
from fanmill.core.sentences import sentence_spans

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
    def words(self) -> list[str]:
        """Words as written: the pieces with a letter or a digit."""
        return [piece for piece in self.pieces if is_word(piece)]

    @cached_property
    def word_spans(self) -> list[Span]:
        """Where `words` stand in the text, in order, never overlapping."""
        spans: list[Span] = []
        at = 0
        for piece in self.pieces:
            end = at + len(piece)
            if is_word(piece):
                spans.append((at, end))
            at = end
        return spans

    @cached_property
    def sentences(self) -> list[Span]:
        """Where sentences stand in the text, in order, without spaces around them."""
        return sentence_spans(self.layout.prose, self.language.code)


def is_word(piece: str) -> bool:
    """Tell whether a piece has a letter or a digit (Unicode L*, N*).

    The first character decides for nearly all; `_x` begins with a connector.
    """
    return piece[0].isalnum() or (len(piece) > 1 and any(map(str.isalnum, piece)))
