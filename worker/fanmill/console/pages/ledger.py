"""The ledger: waiting and in flight, and pauses."""

from __future__ import annotations

from typing import Any

from fanmill.console.page import Page, Query
from fanmill.screens.ledger import in_flight_table, waiting_table
from fanmill.screens.ledger_acts import ACTS
from fanmill.screens.reading import Reader
from fanmill.stores.redis.controls import TARGETS, RedisControls, Signature


def view(reader: Reader, query: Query) -> dict[str, Any]:
    """Return both tables and the pauses."""
    source = query.get("source", "").strip() or None
    pauses: dict[str, list[tuple[int, Signature]]] = {}
    for partition in reader.partitions:
        read = RedisControls(partition.redis, partition.keys).read()
        for target, signature in read.pauses.items():
            pauses.setdefault(target, []).append((partition.number, signature))
    return {
        "waiting": waiting_table(reader, source=source),
        "in_flight": in_flight_table(reader),
        "source": source or "",
        "pauses": pauses,
        "partitions": len(reader.partitions),
        "targets": TARGETS,
    }


PAGES = (Page("ledger", "Ledger", "/ledger", view, key="l", live=True),)

__all__ = ["ACTS", "PAGES"]
