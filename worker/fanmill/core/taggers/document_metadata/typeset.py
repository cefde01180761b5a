"""Titles, authors and dates of Org mode, pandoc, AsciiDoc, reStructuredText and LaTeX."""

import re
from collections.abc import Iterator
from typing import Final

from fanmill.core.taggers.dates import dates
from fanmill.core.taggers.document_metadata.quoted import unquoted
from fanmill.core.taggers.document_metadata.statement import MAX_TITLE_LENGTH, Field, Statement

_FIELDS: Final[dict[str, Field]] = {"title": "title", "author": "author", "date": "date"}
_KEYED: Final = re.compile(
    r"\s{0,4}(?:#\+(?P<org>title|author|date):[ \t]*|:(?P<rst>title|authors?|date):[ \t]+"
    r"|\\(?P<latex>title|author|date)\s?\{)(?P<value>\S.*)$",
    re.IGNORECASE,
)
_PANDOC: Final[tuple[Field, ...]] = ("title", "author", "date")
_ASCIIDOC: Final = re.compile(r"=\s(?P<value>[^=\s].{1,198})$")
_ASCIIDOC_NEXT: Final = re.compile(r":[\w-]+:|[^\W\d_].{0,80}<\S+@\S+>|v?\d+\.\d")
_AND: Final = re.compile(r"\s*(?:;|\\and\b)\s*")
_COMMANDS: Final = re.compile(r"\\[a-zA-Z]+\s*")


def typeset_statements(lines: list[tuple[int, str]], language: str) -> Iterator[Statement]:
    """Yield the title, authors and date of the fields at the start of a text.

    Args:
        lines: First lines of the text that are not blank, each with its place.
        language: BCP 47 tag; it decides the order of day and month.
    """
    for number, (start, line) in enumerate(lines):
        if line[:2] == "% " and number < len(_PANDOC) and lines[0][1][:2] == "% ":
            field = _PANDOC[number]
            yield from _values(field, line, start, 2, len(line), language)
        elif line[:2] == "= " and not number and len(lines) > 1:
            heading = _ASCIIDOC.match(line)
            if heading and _ASCIIDOC_NEXT.match(lines[1][1]):
                yield from _values("title", line, start, *heading.span("value"), language)
        elif line.lstrip()[:1] in ("#", ":", "\\"):
            found = _KEYED.match(line)
            if found is None:
                continue
            name = (found["org"] or found["rst"] or found["latex"]).lower().rstrip("s")
            begin, end = found.span("value")
            if found["latex"]:
                end = _brace(line, begin)
            yield from _values(_FIELDS[name], line, start, begin, end, language)


def _brace(line: str, begin: int) -> int:
    """Return the place of the brace that closes an argument of LaTeX; the end without one."""
    depth = 1
    for place in range(begin, len(line)):
        depth += (line[place] == "{") - (line[place] == "}")
        if not depth:
            return place
    return len(line)


def _values(  # noqa: PLR0917  a line, its place and a span
    field: Field, line: str, start: int, begin: int, end: int, language: str
) -> Iterator[Statement]:
    if field == "date":
        found = next(dates(line[begin:end], language), None)
        if found:
            span = (start + begin + found.start, start + begin + found.end)
            yield Statement("date", found.value, 0.95, span, "front matter")
        return
    at = begin
    for part in _AND.split(line[begin:end]) if field == "author" else [line[begin:end]]:
        place = line.index(part, at)
        at = place + len(part)
        low, high = unquoted(line, place, at)
        value = line[low:high]
        if value and len(value) <= MAX_TITLE_LENGTH and not _COMMANDS.match(value):
            yield Statement(field, value, 0.95, (start + low, start + high), "front matter")
