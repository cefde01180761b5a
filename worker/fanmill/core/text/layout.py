"""Layout of a text: lines, paragraphs, and line breaks inside sentences.

Some texts are wrapped at a column, so a line break is a space. In others each line is a paragraph,
so a line break ends a sentence. Headings and lists occur in both. The layout distinguishes these
once for all functions.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from fanmill.core.text.broken_words import SOFT
from fanmill.core.text.continued_speech import is_small
from fanmill.core.text.items import Items
from fanmill.core.text.non_prose import crawl_header_length, is_non_prose
from fanmill.core.text.source_lines import BREAKS, SourceLines, Span
from fanmill.core.text.stop_words import stop_words

NARROWEST_WRAP: Final = 40
"""Minimum width of wrapped prose in columns; narrower lines are lists, addresses or verse."""

_SENTENCE_END: Final = re.compile(
    r"(?:(?<=[^\W\d_]{5})\.|(?<!\b[^\W\d_])\.(?!\s+[a-z])|[!?…])['\"’”»)\]]{0,3}(?:\s|$)"
    r"|[。．！？｡।॥؟۔።។]"
)
"""The end of a sentence: not an initial, nor a short word before a small letter (`2 tsp. salt`)."""
_ENDS: Final = frozenset(".!?")
_JOINING_MARKS: Final = (",", ";", "،", "؛", "，", "、", "；")
_MAX_JOINING_LENGTH: Final = 24
_HYPHENATED: Final = re.compile(r"[^\W\d_]-$")
_MIN_COLUMN_LINES: Final = 5
_MIN_COLUMN_WIDTH: Final = 24
_MIN_SMALL: Final = 0.3
"""Minimum share of lines of a column that begin with a small letter."""
_MIN_FULL: Final = 0.9
"""Minimum share of lines of a column without room for another word."""
_MAX_INGREDIENT: Final = 30
"""Maximum number of code points in a line that lists an amount."""
_POSTED: Final = re.compile(r"(?<!\S)(?:#\w+|https?://\S+)\s*\Z")
"""Hashtags and addresses, in which posts end."""
_FIRST_WORD: Final = re.compile(r"\S{1,40}")
_LETTER_OR_DIGIT: Final = re.compile(r"[^\W_]")
_LEFT_OVER: Final = re.compile(
    r"\s*[\"'“”„‘’‚«»‹›()\[\]{}（）「」『』《》〈〉【】.,;:!?…。．，、；：！？،؛؟۔।॥]{1,3}\s*"
)
"""Marks of a sentence that a line break has cut off; more of them are a row of signs."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a text.

    Attributes:
        prose: The text, code point for code point. A line break inside a sentence is a space, any
            other is a line feed. Blank lines are spaces behind such a line feed. The marks of
            quoted mail, page numbers, running heads at page breaks and tags are spaces. The hyphen
            and the line break inside a word are soft hyphens.
        lines: Number of lines as by `str.splitlines`; 0 for the empty text.
        paragraph_starts: Places where paragraphs begin. Blank lines separate them, and so does a
            change between own and quoted lines of a mail.
        non_prose: Spans of non-prose lines, such as crawl headers and bylines, in text order.
        quoted: Spans of lines of quoted mail, in text order.
        dropped: Spans inside sentences that no reader would read, in text order: hyphens at line
            ends, marks of quoted mail, page furniture.
        words_differ: The words of the prose are not those of the text.
        has_tags: The text is HTML; its tags are spaces and line feeds in the prose.
    """

    prose: str
    lines: int
    paragraph_starts: tuple[int, ...]
    non_prose: tuple[Span, ...]
    quoted: tuple[Span, ...] = ()
    dropped: tuple[Span, ...] = ()
    words_differ: bool = False
    has_tags: bool = False

    @property
    def paragraphs(self) -> int:
        """Number of paragraphs: runs of non-blank lines."""
        return len(self.paragraph_starts)


def lay_out(text: str, language: str) -> Layout:
    """Return the layout of a text, in time linear in its length.

    The empty text has no lines, no paragraphs and the empty prose.

    Args:
        text: Any text.
        language: ISO 639-1 code: a line that ends in a function word of the language continues.
    """
    joining = stop_words(language)
    source = SourceLines(text, joining)
    parts: list[str] = []
    non_prose: list[Span] = []
    block: list[str] = []
    starts: list[int] = []
    at = 0
    depth = 0
    for number, line in enumerate(source.lines):
        if block and (line.isspace() or (source.depths and source.depths[number] != depth)):
            first = not starts
            starts.append(at)
            at = _flow(block, at, parts, non_prose, joining, first=first)
            block = []
        if source.depths:
            depth = source.depths[number]
        if line.isspace():
            parts.append(" " * len(line))
            at += len(line)
        else:
            block.append(line)
    if block:
        first = not starts
        starts.append(at)
        _flow(block, at, parts, non_prose, joining, first=first)
    prose = "".join(parts)
    for start, end in source.broken:
        prose = f"{prose[:start]}{SOFT * (end - start)}{prose[end:]}"
    if source.gaps:
        non_prose = _without_overlap(sorted({*non_prose, *source.gaps}))
    return Layout(
        prose,
        source.count,
        tuple(starts),
        tuple(non_prose),
        tuple(source.quoted),
        tuple(source.dropped),
        bool(source.broken or source.gaps or source.tags),
        bool(source.tags),
    )


def _flow(
    block: list[str],
    at: int,
    parts: list[str],
    non_prose: list[Span],
    joining: frozenset[str],
    *,
    first: bool,
) -> int:
    """Append the prose and non-prose lines of a paragraph, and return the offset behind it.

    Args:
        block: Lines of the paragraph with their breaks.
        at: Offset of the paragraph.
        parts: Prose of the text so far.
        non_prose: Non-prose spans of the text so far.
        joining: Function words that continue a line.
        first: The paragraph is the first one, which may begin with a crawl header.
    """
    if len(block) == 1 and not first:
        (line,) = block
        body = line.rstrip(BREAKS)
        if is_non_prose(body):
            non_prose.append((at, at + len(body.rstrip())))
        parts += (body, "\n" * (len(line) - len(body)))
        return at + len(line)
    bodies = [line.rstrip(BREAKS) for line in block]
    apart = [is_non_prose(body) for body in bodies]
    header = crawl_header_length(bodies[0]) if first else 0
    if header:
        apart[0] = apart[0] or header == len(bodies[0])
        non_prose.append((at, at + header))
    last = len(block) - 1
    width = max(map(len, map(str.rstrip, bodies))) if last else 0
    ends = apart
    if not "".join([body[:1] for body in bodies]).isalnum():  # seldom
        ends = [one or is_row_of_signs(body) for one, body in zip(apart, bodies, strict=True)]
    items = Items(bodies, width)
    narrow = width < NARROWEST_WRAP and not is_column(bodies, width)
    flows = not narrow or (last > 0 and any(map(_SENTENCE_END.search, bodies)))
    for index, (line, body) in enumerate(zip(block, bodies, strict=True)):
        if index == 0 and 0 < header < len(body):
            parts.append(body[:header] + "\n" + body[header + 1 :])
        else:
            parts.append(body)
            if apart[index] and not (index == 0 and header):
                non_prose.append((at, at + len(body.rstrip())))
        soft = (
            index < last
            and flows
            and not ends[index]
            and not ends[index + 1]
            and _goes_on(body, bodies[index + 1], joining, items, narrow=narrow)
        )
        parts.append((" " if soft else "\n") * (len(line) - len(body)))
        at += len(line)
    return at


def _without_overlap(spans: list[Span]) -> list[Span]:
    """Return spans in text order, without those that begin inside another one."""
    kept: list[Span] = []
    for start, end in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _goes_on(
    line: str, following: str, joining: frozenset[str], items: Items, *, narrow: bool
) -> bool:
    """Tell whether a line break is inside a sentence.

    Args:
        line: The line before the break.
        following: The line behind it.
        joining: Function words that continue a line.
        items: The items of the paragraph.
        narrow: The lines are too short for prose, unless they are a column of it.
    """
    if narrow and line[-1:] in _ENDS and following[:1].isupper():
        return False  # A shortcut for lists and verse; the rules below agree.
    if items.begins(following, line):
        return False
    word = _FIRST_WORD.search(following)
    last = line[-_MAX_JOINING_LENGTH:].split()
    if word is None or not last or is_small(word[0][0]):
        return True
    hyphenated = word[0][0].isalpha() and _HYPHENATED.search(line)
    if hyphenated or last[-1].endswith(_JOINING_MARKS) or last[-1].casefold() in joining:
        return True
    if word[0][0].isupper():
        ends = narrow or (("#" in last[-1] or "/" in last[-1]) and _POSTED.search(line))
    else:
        ends = narrow and word[0][0].isdigit() and _lists_amount(line)
    # The line is wrapped if the next word had no room. Scripts without spaces break anywhere.
    room = 1 if _is_unspaced(word[0][0]) else len(word[0])
    # A tenth of the width allows for ragged margins and double-width punctuation.
    return not ends and len(line.rstrip()) + 1 + room > items.width - items.width // 10


def _lists_amount(line: str) -> bool:
    """Tell whether a line is an ingredient, or the heading of some."""
    return len(line) <= _MAX_INGREDIENT and (line[0].isdigit() or line[-1] == ":")


def is_column(lines: Sequence[str], width: int) -> bool:
    """Tell whether short lines are a narrow column of prose, as on pages of several columns.

    Few lines have room for the first word of the next one, and some begin with small letters.
    Items of a list and lines of verse have room.

    Args:
        lines: Lines of a paragraph.
        width: Length of the longest one.
    """
    if len(lines) < _MIN_COLUMN_LINES or width < _MIN_COLUMN_WIDTH:
        return False
    starts = [line[:1] for line in lines[1:]]
    if sum(map(str.islower, starts)) < _MIN_SMALL * len(starts):
        return False
    full = sum(
        len(line.rstrip()) + 1 + len(following.split(None, 1)[0]) > width - width // 10
        for line, following in pairwise(lines)
    )
    return full >= _MIN_FULL * len(starts)


def is_row_of_signs(line: str) -> bool:
    """Tell whether a line divides a text: `* * *`, `---`, or an ornament such as `❧`.

    A line of up to three quotation marks, brackets, or marks of a sentence divides nothing.
    """
    return not (_LETTER_OR_DIGIT.search(line) or _LEFT_OVER.fullmatch(line))


def _is_unspaced(character: str) -> bool:
    return "\u0e00" <= character <= "\u0eff" or "\u2e80" <= character <= "\u9fff"
