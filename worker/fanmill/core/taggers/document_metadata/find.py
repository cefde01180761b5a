"""Search for the metadata of a document, in all its origins."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from fanmill.core.document import Document
from fanmill.core.taggers.dates import YEAR
from fanmill.core.taggers.document_metadata.agencies import agency_statements
from fanmill.core.taggers.document_metadata.bylines import byline_statements, reporter_statements
from fanmill.core.taggers.document_metadata.date_lines import dated_statements
from fanmill.core.taggers.document_metadata.declared import declared_statements
from fanmill.core.taggers.document_metadata.front_matter import (
    front_matter_end,
    front_matter_statements,
)
from fanmill.core.taggers.document_metadata.headline import (
    begins_with_furniture,
    headline_statements,
)
from fanmill.core.taggers.document_metadata.labelled import labelled_statements, may_have_label
from fanmill.core.taggers.document_metadata.mail_headers import (
    is_header,
    mail_headers,
    mail_statements,
)
from fanmill.core.taggers.document_metadata.statement import MAX_NAME_LENGTH, Field, Statement
from fanmill.core.taggers.document_metadata.structured import structured_statements
from fanmill.core.taggers.document_metadata.title_line import title_statements
from fanmill.core.taggers.document_metadata.typeset import typeset_statements
from fanmill.core.text.source_lines import Span

MAX_HEAD_LENGTH: Final = 2_000
"""Code points that are read at the start of a text; a quarter of them is read at the end."""
_MAX_LINE_LENGTH: Final = 400
_HEAD_LINES: Final = 14
_MAX_HEADERS: Final = 80
_MAX_HEADERS_LENGTH: Final = 8_000
"""Maximum number of lines and code points in the headers of a mail, which hosts add to."""
_FOOT_LINES: Final = 5
_FORWARDED: Final = re.compile(r"[>\s]{0,4}[-_]{2,}\s?[^\W\d_][^\n\-_]{2,40}[-_]{2,}$")
"""Line above the headers of a mail that another one quotes, such as `--- Original Message ---`."""
_REPORTER_SIGNS: Final = ("者", "讯", "訊", "기자", "특파원", "논설위원")
_DOUBTFUL: Final = frozenset({"label", "date near the top"})
"""Reasons of dates that give way to better ones."""


def find_metadata(document: Document, language: str, body: Sequence[Span] = ()) -> list[Statement]:
    """Return the statements about a document by field, the best of each field first.

    Statements of the event have higher scores than those of the text. The result is empty for a
    document without any.

    Args:
        document: The document.
        language: BCP 47 tag; it decides whether 05/08/2022 is in May or in August.
        body: Spans of the article in the text, by which the headline of a page is found.
    """
    best: dict[tuple[Field, str], Statement] = {}
    for found in _all_statements(document, language, body):
        key = (found.field, found.value.casefold())
        if key not in best or best[key].score < found.score:
            best[key] = found
    kept = _with_one_date(best.values())
    return sorted(kept, key=lambda found: (found.field, -found.score, found.value))


def _with_one_date(found: Iterable[Statement]) -> list[Statement]:
    """Return statements without dates of the text that a better one of the text makes doubtful.

    A date near the top is doubtful beside one with a label, and the date of a change or a payment
    beside any other.
    """
    statements = list(found)
    read = [each for each in statements if each.field == "date" and each.span is not None]
    best = max((each.score for each in read), default=0.0)
    doubtful = [each for each in read if each.score < best and each.reason in _DOUBTFUL]
    return [each for each in statements if each not in doubtful]


def _all_statements(document: Document, language: str, body: Sequence[Span]) -> Iterator[Statement]:
    yield from declared_statements(document)
    behind = front_matter_end(document.text)
    front = list(front_matter_statements(document.text)) if behind else []
    lines = _lines(document.text, behind)
    front += structured_statements(document.text)
    front += typeset_statements(lines.head, language)
    yield from front
    block = _header_block(document.text, behind)
    headers = mail_headers(block)
    yield from mail_statements(document.text, headers, language)
    has_title = bool(document.title) or any(each.field == "title" for each in front)
    years = [
        found.start() for found in YEAR.finditer(document.text, behind, behind + MAX_HEAD_LENGTH)
    ]
    behind_headers = block[-1][0] + 1 if headers else 0
    own = [each for each in lines.head if each[0] >= behind_headers]
    for index, (start, line) in enumerate(own):
        for statement in _of_line(start, line):
            if not (statement.field == "title" and (front or headers) and has_title):
                yield statement
        end = start + len(line)
        if any(start <= year < end for year in years):
            yield from dated_statements(start, line, language, index)
    for start, line in lines.foot:
        if may_have_label(line):
            yield from labelled_statements(start, line, 0.1)
    if not has_title and not headers:
        if begins_with_furniture(document.text, body):
            yield from headline_statements(document.text, body)
        else:
            yield from title_statements(lines.head, document.text)


@dataclass(frozen=True, slots=True)
class _Lines:
    """First and last lines of a text that are not blank, each with its place."""

    head: list[tuple[int, str]]
    foot: list[tuple[int, str]]


def _header_block(text: str, begin: int) -> list[tuple[int, str]]:
    """Return the lines at the start of a text that have the form of headers, with their places."""
    found: list[tuple[int, str]] = []
    at = begin
    for line in text[begin : begin + _MAX_HEADERS_LENGTH].splitlines(keepends=True)[:_MAX_HEADERS]:
        said = line.rstrip()
        if not found and _FORWARDED.match(said):
            at += len(line)
            continue
        if said and (is_header(said) or (found and said[0] in " \t")):
            found.append((at, said[:_MAX_LINE_LENGTH]))
        elif said or found:
            break
        at += len(line)
    return found


def _lines(text: str, begin: int) -> _Lines:
    first = text[begin : begin + MAX_HEAD_LENGTH]
    head = list(islice(_with_offsets(first, begin), _HEAD_LINES))
    behind = head[-1][0] + len(head[-1][1]) if head else begin
    start = max(behind, len(text) - MAX_HEAD_LENGTH // 4)
    foot = list(_with_offsets(text[start:], start))[-_FOOT_LINES:]
    return _Lines(head, foot)


def _with_offsets(text: str, at: int) -> Iterator[tuple[int, str]]:
    for line in text.splitlines(keepends=True):
        if not line.isspace():
            yield at, line.rstrip()[:_MAX_LINE_LENGTH]
        at += len(line)


def _of_line(start: int, line: str) -> Iterator[Statement]:
    # Nearly all lines have nothing; necessary signs are searched first.
    if may_have_label(line) or line.lstrip()[:1] == "#":
        yield from labelled_statements(start, line, 0.0)
    if "(" in line or "/" in line or not line.isascii():
        yield from agency_statements(start, line)
    if len(line) <= MAX_NAME_LENGTH + 40:
        yield from byline_statements(start, line)
    if any(sign in line for sign in _REPORTER_SIGNS):
        yield from reporter_statements(start, line)
