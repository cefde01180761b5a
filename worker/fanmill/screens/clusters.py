"""Clusters: originals with the documents that repeat them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Final

from pydantic_core import from_json

from fanmill.core.filters.record_values import milliseconds
from fanmill.core.filters.terms import Filter, equal_to
from fanmill.screens.addresses import address, document_address, search_address
from fanmill.screens.comparison import Comparison, compare
from fanmill.screens.reading import Reader
from fanmill.screens.records import Record, find_record, find_records
from fanmill.screens.tables import Column, Row, Table

NO_STORE: Final = (
    "The screen of clusters reads the store, and none is configured: set FANMILL_STORE_URL and "
    "run fanmill sink (or fanmill up --data). Meanwhile fanmill clusters asks the index, and the "
    "page of a document leads to its cluster."
)
_LARGEST: Final = 50
_READ: Final = 500
"""Newest members whose sources and days are counted."""
_SHOWN: Final = 50
_CAP: Final = 10_000
_DAYS: Final = 60
_CLUSTERS: Final = (
    Column("original", "Original", "id"),
    Column("title", "Title", wide=True),
    Column("size", "Documents", "count", "The original and its duplicates."),
    Column("language", "Language", wide=True),
    Column("source", "Source of the original", "id", wide=True),
    Column("completed", "Original completed", "moment"),
)
_MEMBERS: Final = (
    Column("document", "Document", "id"),
    Column("title", "Title", wide=True),
    Column("verdict", "Verdict"),
    Column("similarity", "Similarity", "share", "Jaccard similarity to the original."),
    Column("containment", "Containment", "share", wide=True),
    Column("source", "Source", "id", wide=True),
    Column("completed", "Completed", "moment"),
)


@dataclass(frozen=True, slots=True)
class ClusterView:
    """A cluster for a screen.

    Attributes:
        original: Id of the original.
        record: Record of the original; None if it is not stored.
        members: Records of duplicates, the newest first.
        size: Number of duplicates in words, capped counts with a `+`.
        sources: Sources of the members that were read, with their numbers.
        growth: Members by day, added up, the oldest first; empty for a single day.
        first_day: Day of the oldest member that was read.
        more: Search that lists all members; empty if all are shown.
        choices: Ids that can be compared.
        comparison: Difference of two members; None if none was asked for.
        note: Source of the members.
    """

    original: str
    record: Record | None
    members: Sequence[Record]
    size: str
    sources: Sequence[tuple[str, int]]
    growth: Sequence[float]
    first_day: str
    more: str
    choices: Sequence[str]
    comparison: Comparison | None
    note: str


def clusters_table(reader: Reader, *, texts: bool) -> Table:
    """Return the largest clusters of the store.

    Args:
        reader: The reader; it has a store.
        texts: Whether titles are shown.
    """
    largest = reader.store.clusters(_LARGEST)
    saved = reader.store.get_many([each.original for each in largest])
    rows = []
    for each in largest:
        found = saved.get(each.original)
        record = {} if found is None else from_json(found.result_json)
        completed = record.get("completed_at")
        values = (
            each.original,
            record.get("title"),
            each.duplicates + 1,
            (record.get("tagging") or {}).get("language"),
            (record.get("event") or {}).get("source"),
            None if completed is None else milliseconds(completed),
        )
        rows.append(Row(each.original, values, link=address("clusters", each.original)))
    return _shown(
        Table(
            "clusters", "Largest clusters", _CLUSTERS, rows,
            empty="No two documents of the store repeat each other.",
            more=None if len(rows) == _LARGEST else 0,
        ),
        texts=texts,
    )  # fmt: skip


def _shown(table: Table, *, texts: bool) -> Table:
    """Return a table, without its titles if texts are hidden."""
    if texts:
        return table
    at = [column.name for column in table.columns].index("title")
    columns = tuple(each for each in table.columns if each.name != "title")
    rows = [
        Row(each.id, [*each.values[:at], *each.values[at + 1 :]], each.link, each.tone)
        for each in table.rows
    ]
    return Table(table.name, table.title, columns, rows, empty=table.empty, more=table.more)


def cluster(reader: Reader, original: str, first: str = "", second: str = "") -> ClusterView | None:
    """Return a cluster; None if nothing is known of its original.

    Args:
        reader: The reader.
        original: Id of the original.
        first: Id of a member to compare; empty for no comparison.
        second: Id of the member that it is compared with.
    """
    record = find_record(reader, original).record
    if reader.has_store:
        saved = reader.store.members(original, limit=_READ)
        members = [from_json(each.result_json) for each in saved]
        wanted = Filter((equal_to("duplicate-of", original),))
        counted = reader.store.count(wanted, cap=_CAP)
        size = f"{counted.count:,}{'+' if counted.capped else ''}"
        more = search_address(str(wanted)) if counted.count > _SHOWN else ""
        note = f"The newest {_READ:,} are counted below." if counted.count > _READ else ""
    else:
        members, number = _of_index(reader, original)
        size, more = f"{number:,}", ""
        note = "These are of the index in Redis: no store is configured."
    if record is None and not members:
        return None
    days = Counter(each["completed_at"][:10] for each in members)
    return ClusterView(
        original=original,
        record=record,
        members=members,
        size=size,
        sources=Counter(each["event"]["source"] for each in members).most_common(20),
        growth=_growth(days),
        first_day=min(days, default=""),
        more=more,
        choices=[original, *(each["document_id"] for each in members[:_SHOWN])],
        comparison=_compared(reader, first, second),
        note=note,
    )


def _of_index(reader: Reader, original: str) -> tuple[list[Record], int]:
    index = reader.partition_of(original).wiring.index
    for name in index.partitions():
        found = index.opened(name, "adopt").cluster(original, _READ)
        if found is not None:
            ids = [each for each in found.member_ids if each != original][-_SHOWN:]
            records = find_records(reader, ids)
            listed = [records[each] for each in reversed(ids) if each in records]
            return listed, found.size - (found.original_id is not None)
    return [], 0


def _growth(days: Counter[str]) -> list[float]:
    if len(days) < 2:  # noqa: PLR2004
        return []
    first, last = (datetime.fromisoformat(each(days)).replace(tzinfo=UTC) for each in (min, max))
    span = min(_DAYS, (last - first).days)
    begin = last - timedelta(days=span)
    counts = [days[(begin + timedelta(days=day)).date().isoformat()] for day in range(span + 1)]
    earlier = sum(days.values()) - sum(counts)
    return [float(earlier + each) for each in accumulate(counts)]


def _compared(reader: Reader, first: str, second: str) -> Comparison | None:
    if not first or not second or first == second:
        return None
    found = find_records(reader, (first, second))
    return compare(reader, first, second, found.get(first), found.get(second))


def members_table(view: ClusterView, *, texts: bool) -> Table:
    """Return the members of a cluster, the original first.

    Args:
        view: The cluster.
        texts: Whether titles are shown.
    """
    listed = [*([view.record] if view.record is not None else []), *view.members[:_SHOWN]]
    rows = []
    for each in listed:
        judged = each["deduplication"]
        original = each["document_id"] == view.original
        values = (
            each["document_id"],
            each.get("title"),
            "original" if original else judged["verdict"],
            None if original else judged.get("similarity"),
            None if original else judged.get("containment"),
            each["event"]["source"],
            milliseconds(each["completed_at"]),
        )
        rows.append(Row(each["document_id"], values, link=document_address(each["document_id"])))
    table = Table("members", "Members", _MEMBERS, rows, empty="No record of a member is stored.")
    return _shown(table, texts=texts)
