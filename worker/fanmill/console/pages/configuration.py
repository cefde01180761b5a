"""Settings and checks."""

from __future__ import annotations

from typing import Any

from fanmill.console.page import Page, Query
from fanmill.screens.configuration import checks, settings_table
from fanmill.screens.reading import Reader


def view(reader: Reader, _: Query) -> dict[str, Any]:
    """Return the checks and the settings."""
    return {"checks": checks(reader), "settings": settings_table(reader)}


# Addresses of servers and limits are no business of everybody who may look at documents.
PAGES = (
    Page("configuration", "Config", "/configuration", view, key="i", role="operator"),
)  # fmt: skip
