"""The overview: what needs attention, tiles, the pipeline, the course of events."""

from __future__ import annotations

from typing import Any

from fanmill.console.page import Page, Query
from fanmill.screens.overview import SPANS, overview
from fanmill.screens.reading import Reader


def view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return the values of the overview."""
    span = query.get("span", "24h")
    return {"overview": overview(reader), "span": span if span in SPANS else "24h", "spans": SPANS}


PAGES = (Page("overview", "Overview", "/", view, key="o", live=True),)
