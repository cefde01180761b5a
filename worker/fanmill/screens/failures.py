"""Failures: rejections by group, and those that match a filter, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final
from urllib.parse import urlencode

from fanmill.actions.rejection_values import matches_rejection
from fanmill.core.entry_ids import is_entry_id, order_of
from fanmill.core.filters import Filter, parse_filter
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.core.filters.terms import equal_to
from fanmill.ports import FailureGroup, RejectedEntry
from fanmill.screens.addresses import address
from fanmill.screens.reading import PartitionReader, Reader
from fanmill.screens.tables import Action, Column, Row, Table, with_partitions

PAGE_ROWS: Final = 50
_SAMPLE_ROWS: Final = 10
_EXAMINED: Final = 2000
"""Rejections that a page looks at: it is to be there within 300 ms."""

GROUPS = (
    Column("cause", "Cause", meaning="Reason of the rejection, or the exception."),
    Column("reason", "Reason", wide=True),
    Column("stage", "Stage"),
    Column("frame", "Place", "id", "Innermost place in fanmill, or the member of the event.", True),
    Column("open", "Open", "count", "Neither replayed nor dropped."),
    Column("share", "Share", "share", "Part of all open rejections."),
    Column("trend", "24 hours", "course", "Rejections in each of the last 24 hours."),
    Column("first", "First", "moment", wide=True),
    Column("last", "Last", "moment"),
    Column("ever", "Ever", "count", "Since the group was first seen.", True),
)
REJECTIONS = (
    Column("rejection", "Rejection", "id"),
    Column("rejected", "Rejected", "moment"),
    Column("reason", "Reason"),
    Column("stage", "Stage"),
    Column("document", "Document", "id", "As the event claims if it is not valid."),
    Column("source", "Source", "id", wide=True),
    Column("error", "Error", quotes=True),
    Column("attempts", "Attempts", "count", wide=True),
    Column("bytes", "Original", "bytes", "Kept bytes of the original event.", True),
)
ACTIONS = (
    Action("replay", "Replay", "r"),
    Action("first", "Replay first", "f"),
    Action("drop", "Drop", "D", "admin"),
)
"""Each leads to its dry run; nothing happens before that was seen."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rejections.

    Attributes:
        table: Its rows.
        where: The filter as it was given.
        error: Fault of the filter in words; empty if it can be read.
        next: Position behind the last one that was looked at; empty at the end.
        examined: Number of rejections that were looked at.
    """

    table: Table
    where: str
    error: str
    next: str
    examined: int


def groups(reader: Reader) -> list[FailureGroup]:
    """Return the failure groups of all partitions, those with most open rejections first."""
    found: dict[str, FailureGroup] = {}
    for partition in reader.partitions:
        for each in partition.wiring.rejections.groups():
            own = _at(partition, each)
            found[each.id] = _sum(found[each.id], own) if each.id in found else own
    return sorted(found.values(), key=lambda group: (-group.open, -group.last_ms))


def groups_table(reader: Reader) -> Table:
    """Return the table of groups with open rejections."""
    found = [group for group in groups(reader) if group.open > 0]
    total = sum(group.open for group in found)
    rows = [
        Row(
            group.id,
            (cause(group),
             group.reason, group.stage, group.frame, group.open, group.open / total,
             group.trend, group.first_ms,
             group.last_ms, group.ever),
            link=address("failures", group.id),
        )
        for group in found
    ]  # fmt: skip
    return Table(
        "failures", "Failure groups", GROUPS, rows, ACTIONS,
        empty="No rejection is open. Rejected events would be kept here until they are replayed "
        "or dropped.",
        note=f"{total:,} open rejection{'' if total == 1 else 's'} in {len(rows):,} "
        f"group{'' if len(rows) == 1 else 's'}." if rows else "",
    )  # fmt: skip


def cause(group: FailureGroup) -> str:
    """Return the cause of a group: its exception or reason, with the member of a bad event."""
    name = group.exception.rpartition(".")[2] or group.reason or "further causes"
    return f"{name} in {group.frame}" if group.stage == "intake" and group.frame else name


def read_where(where: str) -> tuple[Filter | None, str]:
    """Return a filter over rejections, or None and its fault in words."""
    try:
        return parse_filter(where, REJECTION_KEYS), ""
    except ValueError as error:
        return None, str(error)


def group_filter(*group_ids: str) -> str:
    """Return the filter that matches the rejections of groups."""
    terms = [str(equal_to("group", each)).partition(":")[2] for each in group_ids]
    return f"group:{','.join(terms)}"


def find(reader: Reader, where: str, after: str = "", most: int = _EXAMINED) -> Found:
    """Return the rejections that match a filter, the oldest first.

    Args:
        reader: The reader.
        where: A filter; empty for all.
        after: `PARTITION:ID` behind which to begin; empty for the beginning.
        most: Number of rejections to look at.
    """
    wanted, error = read_where(where)
    if wanted is None:
        return Found(_table("rejections", [], ""), where, error, "", 0)
    rows: list[Row] = []
    examined, last = 0, ""
    # A look at the clock of a server for each rejection would take most of the time.
    now_of = {each.number: _now(each) for each in reader.partitions} if wanted.terms else {}
    for partition, entry in islice(_entries(reader, after), most + 1):
        if len(rows) == PAGE_ROWS or examined == most:
            return Found(_rejections(reader, rows, where), where, "", last, examined)
        examined += 1
        last = f"{partition.number}:{entry.id}"
        if matches_rejection(wanted, entry, now_of.get(partition.number, 0)):
            rows.append(_row(partition, entry))
    return Found(_rejections(reader, rows, where), where, "", "", examined)


def ids_of(reader: Reader, ids: list[str]) -> Table:
    """Return the table of named rejections that are there."""
    rows = []
    for each in ids[:PAGE_ROWS]:
        number, _, rejected_id = each.partition(":")
        for partition in reader.partitions:
            if str(partition.number) == number and is_entry_id(rejected_id):
                entry = partition.wiring.rejections.get(rejected_id)
                rows += [_row(partition, entry)] if entry else []
    table = _table("named", rows, "", actions=(), more=max(0, len(ids) - PAGE_ROWS))
    return with_partitions(table, len(reader.partitions))


def sample(found: Found) -> Table:
    """Return the first of the rejections that were found, without actions."""
    rows = found.table.rows[:_SAMPLE_ROWS]
    whole = len(rows) == len(found.table.rows) and not found.next
    return replace(found.table, name="sample", title="The first of them", rows=rows, actions=(),
                   more=0 if whole else None)  # fmt: skip


def next_address(screen: str, found: Found) -> str:
    """Return the address of the next page; empty at the end."""
    if not found.next:
        return ""
    return f"{screen}?{urlencode({'where': found.where, 'after': found.next})}"


def _entries(reader: Reader, after: str) -> Iterator[tuple[PartitionReader, RejectedEntry]]:
    number, _, begin = after.partition(":")
    for partition in reader.partitions:
        if number and str(partition.number) != number:
            continue
        start = begin if number and is_entry_id(begin) else None
        number = ""
        for entry in partition.wiring.rejections.entries(start):
            yield partition, entry


def _now(partition: PartitionReader) -> int:
    return partition.wiring.rejections.now_ms()


def _table(
    name: str,
    rows: list[Row],
    where: str,
    actions: tuple[Action, ...] = ACTIONS,
    more: int | None = 0,
) -> Table:
    empty = "No rejection matches among those looked at." if where else "No rejection is open."
    return Table(name, "Rejections", REJECTIONS, rows, actions, empty=empty, more=more)


def _rejections(reader: Reader, rows: list[Row], where: str) -> Table:
    return with_partitions(_table("rejections", rows, where), len(reader.partitions))


def _row(partition: PartitionReader, entry: RejectedEntry) -> Row:
    data = entry.event.data
    return Row(
        f"{partition.number}:{entry.id}",
        (entry.id, order_of(entry.id)[0], data.reason, data.stage, data.document_id,
         data.source, data.error, data.attempts, entry.original_bytes),
        link=f"rejections/{partition.number}/{entry.id}",
    )  # fmt: skip


def _at(partition: PartitionReader, group: FailureGroup) -> FailureGroup:
    sample = f"{partition.number}/{group.sample}" if group.sample else None
    return FailureGroup(
        group.id, group.reason, group.stage, group.exception, group.frame, group.open,
        group.ever, group.first_ms, group.last_ms, sample, group.trend,
    )  # fmt: skip


def _sum(one: FailureGroup, other: FailureGroup) -> FailureGroup:
    return FailureGroup(
        one.id, one.reason, one.stage, one.exception, one.frame, one.open + other.open,
        one.ever + other.ever, min(one.first_ms, other.first_ms), max(one.last_ms, other.last_ms),
        one.sample or other.sample, tuple(map(sum, zip(one.trend, other.trend, strict=True))),
    )  # fmt: skip
