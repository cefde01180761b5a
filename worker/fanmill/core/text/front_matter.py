"""Front matter at the start of a text, and headers of a saved mail.

Front matter is in YAML, TOML, JSON, or the fields of Org mode, pandoc and reStructuredText.
"""

import re
from collections.abc import Sequence
from typing import Final

from fanmill.core.text.labels import labels
from fanmill.core.text.source_lines import Span

_FENCES: Final = {"---": ("---", "..."), "+++": ("+++",)}
_FRONT_LINE: Final = re.compile(
    r"#|-\s|\[|[\])}],?\s*$|[^\W\d_][\w.\"' -]{0,40}[:=](?:\s|$)|\"[^\"]*\"\s*[:=]"
)
"""A line of YAML or TOML: a key, a comment, an item, or a table."""
_JSON_LINE: Final = re.compile(r"\s*(?:\"[^\"]{1,60}\"\s*:|[\[\]{}]|\"[^\"]*\",?\s*$)")
"""A line of a JSON object that has a line for each member."""
_KEYS: Final = {
    "#": re.compile(r"#\+\w{2,30}:"),
    "%": re.compile(r"%\s"),
    ":": re.compile(r":[\w-]{2,30}:"),
}
"""Lines of fields of Org mode, pandoc and reStructuredText, by their first character."""
_STRUCTURED: Final = ('"@type"', '"@context"')
_MAX_FRONT_LINES: Final = 200
_HEADER: Final = re.compile(r"\**([^\W\d_][\w .-]{0,24}?)\**\s?[:：]")  # noqa: RUF001
_TECHNICAL: Final = re.compile(
    r"received|return-path|delivered-to|message-id|mime-version|content-|x-|dkim-|arc-|auth"
)
"""Headers of a mail that readers do not see."""
_KINDS: Final = ("mail_from", "mail_to", "mail_subject", "mail_date")
_MIN_HEADERS: Final = 2
"""Minimum number of kinds of headers in a mail, the sender or the recipient among them."""


def without_front_matter(text: str, lines: Sequence[Span]) -> Sequence[Span]:
    """Return the lines behind the front matter at the start of a text.

    YAML and TOML have fences around them. Other kinds are a JSON object, or lines of fields.
    """
    if not lines:
        return lines
    start, end = lines[0]
    first = text[start:end].lstrip("\ufeff")
    closing = _FENCES.get(first)
    if closing is None:
        return _without_json(text, lines) if first[:1] == "{" else _without_fields(text, lines)
    for number, (start, end) in enumerate(lines[1:_MAX_FRONT_LINES], 1):
        if text[start:end] in closing:
            return lines[number + 1 :] if number > 1 else lines
        if not (_FRONT_LINE.match(text, start, end) or text[start - 1] in " \t"):
            break
    return lines


def _without_fields(text: str, lines: Sequence[Span]) -> Sequence[Span]:
    """Return the lines behind fields, which begin with `#+title:`, `%` or `:author:`."""
    start = lines[0][0]
    pattern = _KEYS.get(text[start])
    number = 0
    if pattern is not None:
        while number < len(lines) and pattern.match(text, lines[number][0], lines[number][1]):
            number += 1
    return lines[number:] or lines


def _without_json(text: str, lines: Sequence[Span]) -> Sequence[Span]:
    """Return the lines behind a JSON object, if it has members on lines of their own."""
    start, end = lines[0]
    if any(sign in text[start:end] for sign in _STRUCTURED) and text[end - 1] in "}],":
        return lines[1:] or lines
    for number, (start, end) in enumerate(lines[:_MAX_FRONT_LINES]):
        if number and text[start:end] == "}":
            return lines[number + 1 :] or lines
        if not _JSON_LINE.match(text, start, end):
            break
    return lines


def without_mail_headers(text: str, lines: Sequence[Span]) -> Sequence[Span]:
    """Return the lines behind the headers of a mail at the start of a text."""
    found: set[str] = set()
    end = 0
    number = 0
    for number, (start, behind) in enumerate(lines[:_MAX_FRONT_LINES]):
        if number and text.count("\n", end, start) > 1:
            break  # a blank line
        header = _HEADER.match(text, start, behind)
        if header is None:
            if not number or text[start - 1] not in " \t":
                return lines
        else:
            label = " ".join(header[1].casefold().split())
            found.update(kind for kind in _KINDS if label in labels(kind))
            if not found and not _TECHNICAL.match(label):
                return lines
        end = behind
    is_mail = len(found) >= _MIN_HEADERS and not found.isdisjoint(_KINDS[:2])
    return lines[number:] if is_mail and number else lines
