"""The page of processes."""

from __future__ import annotations

from typing import Any

from fanmill.console.page import Page, Query
from fanmill.screens.reading import Reader
from fanmill.screens.worker_acts import ACTS
from fanmill.screens.workers import workers


def view(reader: Reader, _: Query) -> dict[str, Any]:
    """Return the table of processes."""
    return {"table": workers(reader)}


PAGES = (Page("workers", "Workers", "/workers", view, key="w", live=True),)

__all__ = ["ACTS", "PAGES"]
