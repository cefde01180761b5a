"""The tables of the ledger: what waits and what is in flight."""

from __future__ import annotations

from itertools import islice
from typing import Final

from fanmill.ops.backlog import count_in_flight, in_flight, waiting
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Action, Column, Row, Table, with_partitions

WAITING = (
    Column("place", "Place", "count", "Position in the order of reading."),
    Column("entry", "Entry", "id"),
    Column("document", "Document", "id", "As the event claims; nothing has verified it."),
    Column("event", "Event", "id", wide=True),
    Column("source", "Source", "id"),
    Column("age", "Age", "seconds"),
    Column("bytes", "Size", "bytes", wide=True),
)
IN_FLIGHT = (
    Column("entry", "Entry", "id"),
    Column("document", "Document", "id"),
    Column("stage", "Stage", meaning="Stages whose result is missing."),
    Column("attempt", "Attempt", "count", "0 while it waits for a worker."),
    Column("worker", "Worker", "id", wide=True),
    Column("since", "Since", "moment", "Start of the attempt."),
    Column("age", "Age", "seconds"),
)
_LOOKED_AT: Final = 2000
"""Waiting events of a partition among which a source is searched: the page is live."""

ACTIONS = (
    Action(
        "remove", "Remove", "X", "operator",
        "Take it out of work? It becomes a rejection and can be replayed.",
    ),
)  # fmt: skip
_PAGE = 100
"""Waiting events that are listed at once while those of a source are looked for."""


def waiting_table(reader: Reader, limit: int = 50, source: str | None = None) -> Table:
    """Return the first waiting events of all partitions.

    Args:
        reader: The reader.
        limit: Maximum number of rows of a partition.
        source: Only events of this source, of the first 2,000 of a partition.
    """
    rows = []
    for partition in reader.partitions:
        entries = waiting(partition.redis, partition.keys, limit if source is None else _PAGE)
        found = enumerate(islice(entries, _LOOKED_AT), 1)
        kept = ((at, each) for at, each in found if source is None or each.source == source)
        rows += [
            Row(
                f"{partition.number}:{each.entry_id}",
                (at, each.entry_id, each.document_id, each.event_id, each.source,
                 each.age_seconds, each.bytes),
                link=f"trace/{each.entry_id}",
            )
            for at, each in islice(kept, limit)
        ]  # fmt: skip
    of = "" if source is None else f" of this source among the first {_LOOKED_AT:,}"
    return with_partitions(
        Table(
            "waiting", "Waiting", WAITING, rows, ACTIONS,
            empty=f"No event{of} waits.", more=None if len(rows) >= limit else 0,
        ),
        len(reader.partitions),
    )  # fmt: skip


def in_flight_table(reader: Reader, limit: int = 50) -> Table:
    """Return the oldest events in flight of all partitions."""
    rows, total = [], 0
    for partition in reader.partitions:
        count = count_in_flight(partition.redis, partition.keys)
        total += count
        found = in_flight(partition.redis, partition.keys, limit) if count else []
        rows += [
            Row(
                f"{partition.number}:{each.entry_id}",
                (each.entry_id, each.document_id, each.stage, each.attempt, each.worker,
                 each.since_ms, each.age_seconds),
                link=f"trace/{each.entry_id}",
                tone="warn" if each.attempt > 1 else "",
            )
            for each in found
        ]  # fmt: skip
    return with_partitions(
        Table(
            "inflight", "In flight", IN_FLIGHT, rows, ACTIONS,
            empty="No event is in flight.", more=max(0, total - len(rows)),
        ),
        len(reader.partitions),
    )  # fmt: skip
