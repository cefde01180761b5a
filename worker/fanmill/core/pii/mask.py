"""A document without its personal data: what `FANMILL_PII_MODE=mask` lets the stages see."""

from dataclasses import replace
from typing import Final

from fanmill.core.document import Document
from fanmill.core.pii import detect as pii

_ADDRESSES: Final[frozenset[pii.Kind]] = frozenset({"url"})
"""A document's own address is no personal data, but an e-mail address in it is."""


def masked_document(document: Document) -> tuple[Document, tuple[pii.Item, ...]]:
    """Return the document with personal data under `█`, and all that was found in its text.

    Every offset stays what it is.
    """
    items = tuple(pii.find(document.text))
    return (
        replace(
            document,
            text=pii.mask(document.text, items),
            title=masked_line(document.title),
            url=masked_line(document.url),
            author=masked_line(document.author),
            publisher=masked_line(document.publisher),
            metadata={
                name: masked_line(value) if isinstance(value, str) else value
                for name, value in document.metadata.items()
            },
        ),
        items,
    )


def masked_line(value: str | None) -> str | None:
    """Return a title, author or address with personal data under `█`; None for None."""
    if value is None:
        return None
    return pii.mask(value, pii.find(value, skip=_ADDRESSES))
