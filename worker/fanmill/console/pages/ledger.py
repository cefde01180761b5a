"""The ledger: waiting and in flight, and pauses."""

from __future__ import annotations

from typing import Any

from fanmill.console.page import Page, Query
from fanmill.screens.ledger import in_flight_table, waiting_table
from fanmill.screens.ledger_acts import ACTS
from fanmill.screens.reading import Reader
from fanmill.stores.redis.controls import TARGETS, RedisControls


def view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return both tables and the pauses."""
    source = query.get("source", "").strip() or None
    pauses = [
        (partition.number, target, signature)
        for partition in reader.partitions
        for target, signature in RedisControls(partition.redis, partition.keys)
        .read()
        .pauses.items()
    ]
    return {
        "waiting": waiting_table(reader, source=source),
        "in_flight": in_flight_table(reader),
        "source": source or "",
        "pauses": pauses,
        "targets": TARGETS,
    }


PAGES = (Page("ledger", "Ledger", "/ledger", view, key="l", live=True),)

__all__ = ["ACTS", "PAGES"]
