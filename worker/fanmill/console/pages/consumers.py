"""Readers of the outcomes, with their lag."""

from __future__ import annotations

from typing import Any

from fanmill.console.page import Page, Query
from fanmill.screens.consumers import ACTS, consumers
from fanmill.screens.reading import Reader


def view(reader: Reader, _: Query) -> dict[str, Any]:
    """Return consumer groups, sinks, and outcomes that were set aside."""
    groups, sinks, unreadable = consumers(reader)
    return {"groups": groups, "sinks": sinks, "unreadable": unreadable, "now_ms": reader.now_ms()}


PAGES = (Page("consumers", "Readers", "/consumers", view, key="r", live=True),)

__all__ = ["ACTS", "PAGES"]
