"""YAML and TOML front matter: the block of fields at the start of a Markdown file."""

import re
from collections.abc import Iterator
from typing import Final

from fanmill.core.taggers.dates import dates
from fanmill.core.taggers.document_metadata.declared import field_of
from fanmill.core.taggers.document_metadata.quoted import unquoted
from fanmill.core.taggers.document_metadata.statement import MAX_TITLE_LENGTH, Field, Statement

_BLOCK: Final = re.compile(
    r"\ufeff?\s{0,8}(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<body>.{0,4000}?)"
    r"\r?\n(?P=fence)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL,
)
_FIELD: Final = re.compile(
    r"^(?P<name>[A-Za-z][\w.\- ]{0,30}?)[ \t]*[:=][ \t]*(?P<value>[^\r\n]*)", re.MULTILINE
)
_LISTED: Final = re.compile(
    r"(?:[ \t]*-[ \t]+(?:name:[ \t]*)?|[ \t]+name:[ \t]*)(?P<value>[^\r\n]+)(?:\r?\n|\Z)"
)
_ENTRY: Final = re.compile(r"\s*(?P<value>\"[^\"]*\"|'[^']*'|[^,\]]+)\s*,?")


def front_matter_end(text: str) -> int:
    """Return the place behind the front matter of a text; 0 if it has none."""
    block = _BLOCK.match(text)
    return block.end() if block and _FIELD.search(block["body"]) else 0


def front_matter_statements(text: str) -> Iterator[Statement]:
    """Yield the source, date, authors and title of front matter, without quotation marks."""
    block = _BLOCK.match(text)
    if not block:
        return
    begin, end = block.span("body")
    for found in _FIELD.finditer(text, begin, end):
        field = field_of(found["name"])
        if field:
            for start, behind in _values(text, found, end):
                yield from _statement(field, text, *unquoted(text, start, behind))


def _values(text: str, found: re.Match[str], end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of a value: one, or those of a list in brackets or on the next lines."""
    start, behind = found.span("value")
    value = found["value"].strip()
    if value.startswith("["):
        at = text.index("[", start) + 1
        while entry := _ENTRY.match(text, at, behind):
            yield entry.span("value")
            at = entry.end()
    elif value:
        yield start, behind
    else:
        at = min(text.find("\n", behind) + 1 or end, end)
        while entry := _LISTED.match(text, at, end):
            yield entry.span("value")
            at = entry.end()


def _statement(field: Field, text: str, start: int, end: int) -> Iterator[Statement]:
    value = text[start:end]
    if not value or len(value) > MAX_TITLE_LENGTH or value in {"|", ">", "true", "false", "null"}:
        return
    if field != "date":
        yield Statement(field, value, 0.95, (start, end), "front matter")
        return
    found = next(dates(value, ""), None)
    if found:
        span = (start + found.start, start + found.end)
        yield Statement("date", found.value, 0.95, span, "front matter")
