"""Documents: a search, and the page of one."""

from __future__ import annotations

from time import time
from typing import Any, Final

from fanmill.console.page import Page, Query
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.screens.documents import documents_table, search
from fanmill.screens.reading import Reader

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


PAGES = (Page("documents", "Documents", "/documents", view, key="d"),)
