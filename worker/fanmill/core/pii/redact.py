"""Redaction of personal data, as `FANMILL_PII_MODE=redact` asks for.

Redaction replaces code point by code point, so that every offset remains valid.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from fanmill.core.document import Document
from fanmill.core.pii.detect import find
from fanmill.core.pii.items import PERSONAL, Item, Kind

REDACTION: Final = "█"
"""Replacement of each redacted code point; it is no letter, so it is part of no word."""

_ADDRESSES: Final[frozenset[Kind]] = frozenset({"url"})
"""Kinds that are kept in a title or address: a document's own URL is no personal data."""


def redact_document(document: Document) -> tuple[Document, tuple[Item, ...]]:
    """Return a document without personal data, and all items of its original text.

    Text, title, URL, author, publisher and metadata are redacted; offsets do not change.
    """
    items = tuple(find(document.text))
    return (
        replace(
            document,
            text=redact_items(document.text, items),
            title=redact_line(document.title),
            url=redact_line(document.url),
            author=redact_line(document.author),
            publisher=redact_line(document.publisher),
            metadata={
                name: redact_line(value) if isinstance(value, str) else value
                for name, value in document.metadata.items()
            },
        ),
        items,
    )


def redact_line(value: str | None) -> str | None:
    """Return a title, author or address without personal data; None for None.

    A URL is kept, but an e-mail address or number in it is redacted.
    """
    if value is None:
        return None
    return redact_items(value, find(value, skip=_ADDRESSES))


def redact_items(text: str, items: Iterable[Item], kinds: frozenset[Kind] = PERSONAL) -> str:
    """Return a text with `REDACTION` for each code point of the items of some kinds.

    Args:
        text: The text that the items were found in.
        items: In text order; no two may overlap.
        kinds: Kinds to redact; other items are kept.
    """
    parts: list[str] = []
    at = 0
    for item in items:
        if item.kind in kinds:
            parts += (text[at : item.start], REDACTION * (item.end - item.start))
            at = item.end
    parts.append(text[at:])
    return "".join(parts)
