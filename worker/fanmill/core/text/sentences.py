"""Sentences: ICU's boundaries with corrections.

UAX #29 ends a sentence after `Dr. ` and `J. ` before a capital. This module removes such boundaries
(abbreviations, initials, ordinals, continued speech), and adds those that Thai and Lao mark only by
spaces.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from bisect import bisect
from typing import Final

from fanmill.core.text.abbreviations import Abbreviations, abbreviations
from fanmill.core.text.continuations import LOOKED_BACK, ends_plainly, goes_on
from fanmill.core.text.emoji import ends_at_emoji, has_emoji
from fanmill.core.text.joined_sentences import joined_starts
from fanmill.core.text.segmentation import sentences_with_spaces
from fanmill.core.text.source_lines import Span

_LETTER_OR_DIGIT: Final = re.compile(r"[^\W_]")
# In scripts without spaces ICU ends a sentence before these.
_OPENS_NEXT: Final = re.compile(r"(?<=[。．！？｡…」』”’）])[「『（《〈【〔“‘«〝]+\s*$")
_TAIL: Final = 8  # maximum number of marks and spaces at the end of a sentence
_SHORT_PIECE: Final = 12
"""Maximum number of code points in a piece whose decision is kept."""
_MAX_DECISIONS: Final = 1024
"""Maximum number of kept decisions, about half a megabyte."""

MIN_THAI_SENTENCE_LENGTH: Final = 15
"""Minimum number of code points in a Thai sentence. Thai writes spaces between sentences, but also
between clauses, in lists, and around numbers and names. A space ends a sentence if it is between
Thai letters, this many code points precede it, and no conjunction follows."""

_THAI_SPACES: Final = re.compile(
    # ฯ and ๆ are left out: a space belongs to them.
    r"(?<=[\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4d\u0e81-\u0ecd])[ \u00a0]+"
    r"(?=[\u0e01-\u0e2e\u0e40-\u0e44\u0e81-\u0ec4])"
    r"(?!และ|หรือ|ซึ่ง|ที่|โดย|เพื่อ|เพราะ|จน|ว่า|ของ|กับ|ແລະ|ຫຼື|ເຊິ່ງ|ທີ່|ໂດຍ|ເພື່ອ|ເພາະ)"
)
_SPACE_ENDS_SENTENCES: Final = frozenset({"th", "lo"})


def sentence_spans(prose: str, language: str) -> list[Span]:
    """Return the spans of the sentences in a layout's prose, without the spaces around them.

    Every sentence has a letter or a digit, so rows of dashes and lone emoji are no sentences.
    Sentences never cross a line feed. The empty text has no sentences.
    """
    spans: list[Span] = []
    known = abbreviations(language)
    is_trimmed = language not in _SPACE_ENDS_SENTENCES
    add = _add_trimmed if is_trimmed else _add_parts
    start = at = 0
    previous = ""
    decisions: dict[tuple[str, str], bool] = {}
    for piece in sentences_with_spaces(prose, language):
        if not previous:
            pass
        elif ends_plainly(previous, piece, known):
            # A shortcut: the end is a full stop and a space.
            if is_trimmed and prose[start].isalnum():
                spans.append((start, at - 1))
            else:
                add(prose, start, at, spans)
            start = at
        elif previous[-1] == "\n" or not _continues(
            prose[max(start, at - LOOKED_BACK) : at], piece, language, known, decisions
        ):
            opening = None if previous.isascii() else _OPENS_NEXT.search(previous[-_TAIL:])
            end = at if opening is None else at - len(opening[0])
            add(prose, start, end, spans)
            start = end
        previous = piece
        at += len(piece)
    add(prose, start, at, spans)
    spans = _split(prose, spans, joined_starts(prose, language, known))
    return ends_at_emoji(prose, spans, known) if has_emoji(prose) else spans


def _continues(
    before: str,
    piece: str,
    language: str,
    known: Abbreviations,
    decisions: dict[tuple[str, str], bool],
) -> bool:
    """Tell whether a sentence continues across a boundary of ICU; see `goes_on`.

    Short pieces repeat in tables and in texts made of initials, so decisions about them are kept.
    """
    if len(piece) > _SHORT_PIECE:
        return goes_on(before, piece, language, known)
    key = before, piece
    found = decisions.get(key)
    if found is None:
        if len(decisions) >= _MAX_DECISIONS:
            decisions.clear()
        found = decisions[key] = goes_on(before, piece, language, known)
    return found


def _split(prose: str, spans: list[Span], places: list[int]) -> list[Span]:
    """Return the sentences, split at places in rising order."""
    found: list[Span] = []
    at = 0
    for place in places:
        # The sentence that contains the place; the last part of an earlier split may.
        behind = bisect(spans, (place,), lo=at)
        found += spans[at:behind]
        at = behind
        if found and found[-1][0] < place < found[-1][1]:
            start, end = found.pop()
            _add_trimmed(prose, start, place, found)
            _add_trimmed(prose, place, end, found)
    return found + spans[at:]


def _add_parts(prose: str, start: int, end: int, spans: list[Span]) -> None:
    for space in _THAI_SPACES.finditer(prose, start, end):
        if space.start() - start >= MIN_THAI_SENTENCE_LENGTH:
            _add_trimmed(prose, start, space.start(), spans)
            start = space.end()
    _add_trimmed(prose, start, end, spans)


def _add_trimmed(prose: str, start: int, end: int, spans: list[Span]) -> None:
    raw = prose[start:end]
    if raw[:1].isalnum():
        spans.append((start, start + len(raw.rstrip())))
    elif _LETTER_OR_DIGIT.search(raw):
        spans.append((end - len(raw.lstrip()), start + len(raw.rstrip())))
