"""Clusters: the largest, and the page of one."""

from __future__ import annotations

from time import time
from typing import Any

from fanmill.console.page import NotFound, Page, Query
from fanmill.screens.addresses import address, document_address
from fanmill.screens.clusters import NO_STORE, cluster, clusters_table, members_table
from fanmill.screens.forms import shortened
from fanmill.screens.reading import Reader


def view(reader: Reader, _: Query) -> dict[str, Any]:
    """Return the largest clusters."""
    reader.first.redis.ping()  # without a server nothing here is current
    stored = reader.has_store
    return {
        "with_texts": clusters_table(reader, texts=True) if stored else None,
        "without_texts": clusters_table(reader, texts=False) if stored else None,
        "no_store": NO_STORE,
        "now_ms": int(time() * 1000),
    }


def one(reader: Reader, query: Query) -> dict[str, Any]:
    """Return a cluster, with the difference of two members if they are named."""
    original = query.get("id", "")
    found = cluster(reader, original, query.get("first", ""), query.get("second", ""))
    if found is None:
        raise NotFound(
            f"No record of {original!r} or of a duplicate of it is stored. Largest clusters: "
            "fanmill clusters."
        )
    choices = list(found.choices)
    return {
        "heading": f"Cluster of {shortened(original)}",
        "view": found,
        "with_texts": members_table(found, texts=True),
        "without_texts": members_table(found, texts=False),
        "page_address": address("clusters", original),
        "document": document_address(original),
        "first": query.get("first") or choices[min(1, len(choices) - 1)],
        "second": query.get("second") or original,
        "now_ms": int(time() * 1000),
    }


PAGES = (
    Page("clusters", "Clusters", "/clusters", view, key="c"),
    Page("cluster", "Cluster", "/clusters/{id:path}", one),
)
