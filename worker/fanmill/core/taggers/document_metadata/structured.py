"""Structured data left in a text: JSON-LD of schema.org, Open Graph and other `meta` tags."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from fanmill.core.taggers.dates import dates
from fanmill.core.taggers.document_metadata.declared import field_of
from fanmill.core.taggers.document_metadata.statement import (
    MAX_NAME_LENGTH,
    MAX_TITLE_LENGTH,
    Field,
    Statement,
)
from fanmill.core.text.signs import Signs

MAX_LENGTH: Final = 20_000
"""Code points at the start of a text in which structured data is looked for."""
_SCORE: Final = 0.95

_STRING: Final = r"\"((?:[^\"\\\n]|\\.){1,400})\""
_JSON_FIELDS: Final[tuple[tuple[re.Pattern[str], Field], ...]] = (
    (re.compile(rf"\"(?:headline|title)\"\s*:\s*{_STRING}"), "title"),
    (re.compile(rf"\"(?:datePublished|date)\"\s*:\s*{_STRING}"), "date"),
)
_JSON_NAMED: Final[tuple[tuple[re.Pattern[str], Field], ...]] = (
    (re.compile(r"\"(?:author|authors|creator)\"\s*:\s*"), "author"),
    (re.compile(r"\"publisher\"\s*:\s*"), "source"),
)
_NAME: Final = re.compile(rf"\"name\"\s*:\s*{_STRING}")
_VALUE: Final = re.compile(_STRING)
_OBJECT: Final = re.compile(r"\{[^{}]{0,2000}(?:\{[^{}]{0,1000}\}[^{}]{0,1000}){0,4}\}")
_LIST: Final = re.compile(r"\[[^\[\]]{0,4000}\]")
_META: Final = re.compile(r"<meta\s[^<>]{4,1000}>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"([a-z-]{2,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_HEADING: Final = re.compile(
    r"<h1(?:\s[^<>]{0,300})?>((?:[^<]|<(?!/h1)){1,400})</h1", re.IGNORECASE
)
_TITLE: Final = re.compile(r"<title(?:\s[^<>]{0,100})?>([^<]{1,300})</title", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]{1,300}>")
_PREFIXED: Final = re.compile(
    r"^\s{0,8}((?:og|article|twitter|citation|dc|dcterms|parsely)[:._-][a-z_:.]{2,30})\s*[:=]\s*(\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_JSON_LD: Final = Signs('"@type"', '"@context"')
_META_TAGS: Final = Signs("<meta", "<META")
_PREFIXES: Final = Signs("og:", "article:", "citation_")
_TITLE_TAGS: Final = Signs("<h1", "<H1", "<title")


def structured_statements(text: str) -> Iterator[Statement]:
    """Yield the title, date, authors and publisher of structured data near the start of a text."""
    if _JSON_LD.occur_in(text) or text[:40].lstrip("\ufeff \t\r\n")[:1] == "{":
        yield from _of_json(text[:MAX_LENGTH])
    is_titled = False
    if _META_TAGS.occur_in(text):
        for tag in _META.finditer(text, 0, MAX_LENGTH):
            attributes = {
                found[1].lower(): (found.start(2), found[2])
                if found[2] is not None
                else (found.start(3), found[3])
                for found in _ATTRIBUTE.finditer(text, tag.start(), tag.end())
            }
            named = (
                attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            )
            if named and "content" in attributes:
                yield from _named(named[1], text, *attributes["content"])
                is_titled |= field_of(named[1]) == "title"
    elif _PREFIXES.occur_in(text):
        for line in _PREFIXED.finditer(text, 0, MAX_LENGTH):
            yield from _named(line[1], text, line.start(2), line[2].rstrip())
    if not is_titled and _TITLE_TAGS.occur_in(text):
        yield from _of_html(text)


def _of_html(text: str) -> Iterator[Statement]:
    """Yield the first heading of HTML, otherwise the title of the page."""
    found = _HEADING.search(text, 0, MAX_LENGTH) or _TITLE.search(text, 0, MAX_LENGTH)
    if found:
        value = unescape(_TAG.sub("", found[1]))
        yield from _statement("title", text, *found.span(1), value)


def _named(name: str, text: str, start: int, value: str) -> Iterator[Statement]:
    field = field_of(name.replace(".", ":").replace("citation_", "").replace("parsely-", ""))
    if field:
        yield from _statement(field, text, start, start + len(value), unescape(value))


def _of_json(text: str) -> Iterator[Statement]:
    for pattern, field in _JSON_FIELDS:
        found = pattern.search(text)
        if found:
            yield from _statement(field, text, *found.span(1), _decoded(found[1]))
    for pattern, field in _JSON_NAMED:
        key = pattern.search(text)
        if key is None:
            continue
        at = key.end()
        whole = _LIST.match(text, at) or _OBJECT.match(text, at)
        if whole is None:
            found = _VALUE.match(text, at)
            if found:
                yield from _statement(field, text, *found.span(1), _decoded(found[1]))
            continue
        names = [*_NAME.finditer(text, at, whole.end())] or (
            [*_VALUE.finditer(text, at, whole.end())] if text[at] == "[" else []
        )
        for found in names[:8]:
            yield from _statement(field, text, *found.span(1), _decoded(found[1]))


def _decoded(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"'))
    except ValueError:
        return value


def _statement(field: Field, text: str, start: int, end: int, value: str) -> Iterator[Statement]:
    value = " ".join(value.split())
    limit = MAX_TITLE_LENGTH if field == "title" else MAX_NAME_LENGTH
    if not value or len(value) > limit or value.startswith(("http:", "https:")):
        return
    if field == "date":
        found = next(dates(text[start:end], ""), None)
        if found:
            span = (start + found.start, start + found.end)
            yield Statement("date", found.value, _SCORE, span, "structured data")
        return
    yield Statement(field, value, _SCORE, (start, end), "structured data")
