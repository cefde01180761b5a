"""The form that publishes a document, and the state of any id."""

from __future__ import annotations

from typing import Any

from fanmill.console.page import Page, Query
from fanmill.screens.forms import shortened
from fanmill.screens.publishing import ACTS, FIELDS
from fanmill.screens.reading import Reader
from fanmill.screens.tracing import follow
from fanmill_contracts import limits


def view(_: Reader, query: Query) -> dict[str, Any]:
    """Return the fields of the form."""
    del query
    return {"fields": FIELDS, "max_text_bytes": limits.MAX_TEXT_BYTES}


def trace_view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return the state of a document, event or entry."""
    wanted = query.get("id", "")
    return {
        "heading": f"State of {shortened(wanted)}",
        "wanted": wanted,
        "steps": follow(reader, wanted),
    }


PAGES = (
    Page("publish", "Publish", "/publish", view, key="u", role="operator"),
    Page("trace", "State", "/trace/{id:path}", trace_view, live=True),
)

__all__ = ["ACTS", "PAGES"]
