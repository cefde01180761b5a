"""Trends, topics, and the documents in numbers."""

from __future__ import annotations

from typing import Any, Final

from fanmill.console.page import Page, Query
from fanmill.screens.reading import Reader
from fanmill.screens.trending import HOURS, corpus_table, topics_table, trends_table

_DAYS: Final = 7


def view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return all three tables."""
    asked = query.get("span", "")
    span = asked if asked in HOURS else "2h"
    return {
        "span": span,
        "spans": list(HOURS),
        "with_texts": trends_table(reader, span),
        "without_texts": trends_table(reader, span, texts=False),
        "topics": topics_table(reader),
        "corpus": corpus_table(reader, _DAYS),
    }


PAGES = (Page("trends", "Trends", "/trends", view, key="t"),)
