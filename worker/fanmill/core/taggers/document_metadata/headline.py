"""The headline of a page as title: the line before the body that speaks of the same things.

A page begins with menus, buttons and teasers, so its first line is seldom its title. The headline
shares words with the article, most of all with its first sentences, and a byline or a date often
follows it.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are part of such lines)

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fanmill.core.taggers.document_metadata.bylines import is_byline
from fanmill.core.taggers.document_metadata.date_lines import has_date_label
from fanmill.core.taggers.document_metadata.labelled import is_labelled
from fanmill.core.taggers.document_metadata.statement import Statement
from fanmill.core.taggers.document_metadata.title_line import ends_as_sentence, is_dateline, is_menu
from fanmill.core.text.body import lines_of
from fanmill.core.text.notices import is_notice
from fanmill.core.text.source_lines import Span

_LINES: Final = 25
_BEFORE: Final = 4_000
"""Maximum numbers of lines and of code points before the body that are read."""
_FIRST: Final = 500
"""Number of code points in which the first line of the text is looked for."""
_BODY: Final = 4_000
_OPENING: Final = 600
"""Numbers of code points of the body, and of its opening, whose words are looked for."""
_FURNITURE_LINES: Final = 5
"""Minimum number of lines before the body of a page."""
_LENGTHS: Final = range(8, 161)
_DENSE_LENGTHS: Final = range(6, 61)
"""Numbers of code points in a headline, and in one of a script without spaces."""
_MIN_SHARED: Final = 2
_QUESTIONS: Final = ("!", "?", "！", "？", "؟")
_BYLINE_LINES: Final = 3
"""Maximum number of lines from a headline to its byline or date."""

# Weights chosen on 767 public pages; there 57 % of the lines found were headlines.
_NOT_SHARED: Final = -0.5
_IN_OPENING: Final = 2.0
_BEFORE_BYLINE: Final = 4.0
_QUESTION: Final = -3.0
_PATH: Final = -1.0
_IN_BODY: Final = -2.0
_FIRST_LINE: Final = 2.0
"""Many extractors put the title of a page's tab before its text."""

_WORD: Final = re.compile(r"[^\W\d_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]{4,}")
_DENSE: Final = re.compile(r"[\u0e00-\u0e7f]{3,}|[\u3040-\u30ff\u3400-\u9fff]{2,}")
_THAI_WORD: Final = 3
_HAN_WORD: Final = 2
_THAI: Final = range(0x0E00, 0x0E80)
_PATH_SIGNS: Final = re.compile(r"[|»>›]|(?<!:)//")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    value: str
    introduces: bool
    """It is a byline or a date, as they follow a headline."""


def begins_with_furniture(text: str, body: Sequence[Span]) -> bool:
    """Tell whether a text begins with furniture of a page, given the spans of its body."""
    if not body:
        return False
    return len(lines_of(text[: body[0][0]])) >= _FURNITURE_LINES


def headline_statements(text: str, body: Sequence[Span]) -> Iterator[Statement]:
    """Yield the headline of a page as title, if one of the last lines before the body is one.

    Args:
        text: The text of a page.
        body: Spans of the article in the text, rising; at least one.
    """
    said = " ".join(text[start:end] for start, end in body[:_LINES])
    words, opening = _words(said[:_BODY]), _words(said[:_OPENING])
    best, found = 0.0, None
    lines = _lines(text, body[0][0])
    for at, line in enumerate(lines):
        own = _words(line.value)
        shared = len(own & words)
        if shared < _MIN_SHARED or not _may_be(line):
            continue
        follow = lines[at + 1 : at + 1 + _BYLINE_LINES]
        score = (
            shared
            + _NOT_SHARED * (len(own) - shared)
            + _IN_OPENING * len(own & opening)
            + _BEFORE_BYLINE * any(each.introduces for each in follow)
            + _QUESTION * line.value.endswith(_QUESTIONS)
            + _PATH * bool(_PATH_SIGNS.search(line.value))
            + _IN_BODY * (line.start >= body[0][0])
            + _FIRST_LINE * (not text[: line.start].strip())
        )
        if score >= best:
            best, found = score, line
    if found:
        span = found.start, found.start + len(found.value)
        yield Statement("title", found.value, 0.5, span, "line before the body")


def _lines(text: str, start: int) -> list[_Line]:
    """Return the first line, the last ones before a place and the one at it; no blank ones."""
    begin = max(0, start - _BEFORE)
    end = text.find("\n", start)
    near = _with_places(text, begin, end if end >= 0 else len(text))
    first = _with_places(text, 0, min(begin, _FIRST))[:1] if begin else near[:1]
    return [
        _Line(place, value, is_dateline(value) or has_date_label(value) or is_byline(value))
        for place, value in sorted({*first, *near[-_LINES:]})
        if len(value) < _OPENING
    ]


def _with_places(text: str, begin: int, behind: int) -> list[tuple[int, str]]:
    part = text[begin:behind]
    return [(begin + start, part[start:end]) for start, end in lines_of(part)]


def _may_be(line: _Line) -> bool:
    value = line.value
    lengths = _DENSE_LENGTHS if _DENSE.search(value) else _LENGTHS
    return (
        len(value) in lengths
        and not line.introduces
        and (value.endswith(_QUESTIONS) or not ends_as_sentence(value))
        and not value.endswith("…")
        and not is_labelled(value)
        and not is_notice(value)
        and not is_menu(value)
    )


def _words(text: str) -> set[str]:
    """Return the words of four letters and more, and short sequences in scripts without spaces."""
    words = set(_WORD.findall(text.casefold()))
    for run in _DENSE.findall(text):
        size = _THAI_WORD if ord(run[0]) in _THAI else _HAN_WORD
        words.update(run[at : at + size] for at in range(len(run) - size + 1))
    return words
