"""Headers of a saved mail: From is the author, Subject the title, To is nothing."""

# ruff: noqa: RUF001 (full-width punctuation is part of such lines)

import re
from collections.abc import Iterator
from typing import Final, Literal

from fanmill.core.taggers.dates import dates
from fanmill.core.taggers.document_metadata.quoted import unquoted
from fanmill.core.taggers.document_metadata.statement import MAX_TITLE_LENGTH, Statement
from fanmill.core.text.labels import labels

Header = Literal["mail_from", "mail_to", "mail_subject", "mail_date"]
Headers = dict[Header, tuple[int, int]]
"""Spans of the values of the headers in the text; the first of each kind."""

_HEADERS: Final[tuple[Header, ...]] = ("mail_from", "mail_to", "mail_subject", "mail_date")
_LINE: Final = re.compile(
    r"[>*\s]{0,4}(?P<label>[^\W\d_][^:：\n]{0,24}?)\**\s?[:：]\**\s*(?P<value>\S.*)?"
)
_NAME: Final = re.compile(r"\s*[<(\[](?:mailto:)?[^<>()\[\]\s]+@[^<>()\[\]\s]+[>)\]].*\Z")
_NAME_BEHIND: Final = re.compile(r"\s*[^\s<>()@]+@[^\s<>()@]+\s+\((?P<name>[^()]+)\)\s*\Z")
"""The older form of a sender: an address, then the name in brackets."""
_ENCODED: Final = re.compile(r"=\?[\w-]{2,40}\?[BbQq]\?[^?\s]{1,400}\?=")
"""An encoded word of RFC 2047."""
_TRACE: Final = re.compile(r"(?:from|by)\s\S+\s(?:by|with|via|\(|\[)")
"""Way of a mail between hosts, in headers such as `Received`, which elsewhere have the date."""
_MIN_HEADERS: Final = 2


def mail_headers(lines: list[tuple[int, str]]) -> Headers:
    """Return the headers that a text begins with; empty if it is no saved mail.

    A mail has at least two kinds of headers, the sender or the subject among them.

    Args:
        lines: First lines of the text, none of them blank, each with its place.
    """
    found: Headers = {}
    last: Header | None = None
    for start, line in lines:
        if line[0] in " \t" and found and last is not None:
            found[last] = (found[last][0], start + len(line))  # a folded header
            continue
        match = _LINE.match(line)
        if not match:
            if line[0] in " \t":
                continue
            break
        last = _header_of(match["label"])
        if last in found or not match["value"] or _TRACE.match(match["value"]):
            last = None
        if last:
            found[last] = (start + match.start("value"), start + match.end("value"))
    is_mail = len(found) >= _MIN_HEADERS and ("mail_from" in found or "mail_subject" in found)
    # A date and a subject alone may be the label lines of an article.
    return found if is_mail and ("mail_from" in found or "mail_to" in found) else {}


def is_header(line: str) -> bool:
    """Tell whether a line has the form of a header, such as `X-Mailer: ...`."""
    return _LINE.match(line) is not None


def mail_statements(text: str, headers: Headers, language: str) -> Iterator[Statement]:
    """Yield the author, title and date that the headers of a mail state."""
    for header, (start, end) in headers.items():
        if header == "mail_from":
            address, named = _NAME.search(text, start, end), _NAME_BEHIND.match(text, start, end)
            begin, behind = unquoted(text, start, address.start() if address else end)
            if named:
                begin, behind = unquoted(text, *named.span("name"))
            if begin < behind:
                author = _readable(text[begin:behind])
                yield Statement("author", author, 0.95, (begin, behind), "mail header")
        elif header == "mail_subject":
            begin, behind = unquoted(text, start, min(end, start + MAX_TITLE_LENGTH))
            title = _readable(text[begin:behind])
            yield Statement("title", title, 0.95, (begin, behind), "mail header")
        elif header == "mail_date":
            found = next(dates(text[start:end], language), None)
            if found:
                span = (start + found.start, start + found.end)
                yield Statement("date", found.value, 0.95, span, "mail header")


def _readable(value: str) -> str:
    """Return a value on one line, with its encoded words decoded if their encoding is valid."""
    if "\n" in value or "\r" in value:
        value = " ".join(value.split())
    if not _ENCODED.search(value):
        return value
    from email.header import decode_header, make_header  # noqa: PLC0415  few texts need it

    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        return value


def _header_of(label: str) -> Header | None:
    name = " ".join(label.casefold().split())
    for header in _HEADERS:
        if name in labels(header):
            return header
    return None
