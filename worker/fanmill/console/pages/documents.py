"""Documents: a search, and the page of one."""

from __future__ import annotations

from time import time
from typing import Any, Final

from fanmill.console.page import NotFound, Page, Query
from fanmill.core.filters import Filter, equal_to
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.screens.addresses import address, document_address, search_address
from fanmill.screens.document import document, shown_tags
from fanmill.screens.documents import documents_table, search
from fanmill.screens.forms import shortened
from fanmill.screens.reading import Reader
from fanmill.screens.whereabouts import advice, in_words, not_there, trace

_NAMED: Final = 23
"""Keys that are explained on the page; the others are statistics."""


def view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return a page of the search."""
    given = query.get("before", "")
    before = int(given) if given.isdecimal() and given.isascii() and len(given) < 19 else None  # noqa: PLR2004
    found = search(reader, query.get("q", "").strip(), before)
    keys = list(RECORD_KEYS.items())
    return {
        "found": found,
        "with_texts": documents_table(found, texts=True),
        "without_texts": documents_table(found, texts=False),
        "now_ms": int(time() * 1000),
        "keys": keys[:_NAMED],
        "all_keys": keys,
    }


def one(reader: Reader, query: Query) -> dict[str, Any]:
    """Return the page of a document."""
    document_id = query.get("id", "")
    view = document(reader, document_id)
    if view is None:
        raise NotFound(not_there(document_id, trace(reader, document_id)[1]))
    record = view.record or {}
    original = (record.get("deduplication") or {}).get("duplicate_of") or ""
    source = (record.get("event") or {}).get("source", "")
    return {
        "heading": shortened(document_id),
        "heading_with_texts": shortened(record.get("title") or document_id),
        "view": view,
        "words": in_words(view.trace),
        "advice": advice(view.trace),
        "original": document_address(original),
        "of_source": search_address(str(Filter((equal_to("source", source),)))),
        "whereabouts": address("trace", document_id),
        "tags": view.tags,
        "public_tags": shown_tags(view, texts=False),
        "now_ms": int(time() * 1000),
    }


PAGES = (
    Page("documents", "Documents", "/documents", view, key="d"),
    Page("document", "Document", "/documents/{id:path}", one),
)
