"""Readers of the streams of outcomes: consumer groups and sinks, each with its lag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fanmill.ops.metrics.reading import Reading
from fanmill.screens.acts import Act, Order
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Action, Column, Row, Table

_STREAMS: Final = ("processed", "rejected")
_UNREADABLE: Final = 50

GROUPS = (
    Column("group", "Reader", "id", "Name of the consumer group."),
    Column("stream", "Stream"),
    Column("lag", "Not read", "count", "Outcomes that it has not read; an upper bound at most."),
    Column("pending", "Not acknowledged", "count", "Read, and not confirmed yet."),
    Column("behind", "Behind", "seconds", "Age of the first outcome that it has not read."),
    Column("length", "Stream length", "count", wide=True),
    Column("partition", "Partition", "count", wide=True),
)
SINKS = (
    Column("sink", "Sink", "id"),
    Column("store", "Store", "id"),
    Column("processes", "Processes", "count"),
    Column("unstored", "To be stored", "count", "Outcomes that it has not stored yet."),
    Column("oldest", "Oldest", "seconds", "Age of the oldest of them."),
    Column("trouble", "Trouble"),
    Column("seen", "Last seen", "moment", wide=True),
    Column("since", "Registered", "moment", wide=True),
    Column("partition", "Partition", "count", wide=True),
)
UNREADABLE = (
    Column("id", "Id", "id"),
    Column("sink", "Sink", "id"),
    Column("stream", "Stream"),
    Column("entry", "Entry", "id"),
    Column("error", "Error", quotes=True),
    Column("bytes", "Size", "bytes", wide=True),
)
ACTIONS = (
    Action(
        "retry", "Try all again", "r", "operator", "Let the sinks try all of them again?",
        whole=True,
    ),
    Action(
        "drop", "Drop all", "D", "admin",
        "Drop all of them for good? The stores will not have these outcomes.", "drop", whole=True,
    ),
)  # fmt: skip


def consumers(reader: Reader) -> tuple[Table, Table, Table]:
    """Return the consumer groups, the sinks, and outcomes that sinks have set aside."""
    readings = reader.read()
    sinks = [row for number, each in readings.items() for row in _sinks(number, each)]
    unreadable = sum(each.unreadable for each in readings.values())
    return (
        groups_table(readings),
        Table(
            "sinks", "Sinks", SINKS, sinks,
            empty="No sink is registered; records stay in Redis only. Start one: fanmill sink.",
        ),
        _unreadable(reader, unreadable),
    )  # fmt: skip


def groups_table(readings: Mapping[int, Reading]) -> Table:
    """Return the consumer groups of the outcomes of all partitions."""
    return Table(
        "groups", "Consumer groups", GROUPS,
        [row for number, each in readings.items() for row in _groups(number, each)],
        empty="No group reads the outcomes. Programs subscribe with "
        "fanmill_contracts.Subscriber, and sinks with fanmill sink.",
    )  # fmt: skip


def _groups(number: int, reading: Reading) -> list[Row]:
    rows = []
    for stream in _STREAMS:
        facts = reading.streams[stream]
        for group in facts.groups:
            behind = None
            if group.oldest_unread_ms is not None:
                behind = max(0.0, (facts.now_ms - group.oldest_unread_ms) / 1000)
            rows.append(
                Row(
                    f"{number}:{stream}:{group.name}",
                    (group.name, stream, group.unread, group.pending, behind, facts.length, number),
                    tone="warn" if behind and behind > _LATE_SECONDS else "",
                )
            )
    return rows


_LATE_SECONDS: Final = 300.0
"""Lag from which on a reader is marked."""


def _sinks(number: int, reading: Reading) -> list[Row]:
    return [
        Row(
            f"{number}:{sink.name}",
            (sink.name, sink.store, sink.processes, sink.unstored,
             sink.oldest_seconds if sink.unstored else None,
             sink.trouble or ("" if sink.processes else "No process runs: fanmill sink."),
             sink.seen_ms, sink.since_ms, number),
            tone="bad" if sink.trouble else "" if sink.processes else "warn",
        )
        for sink in reading.sinks
    ]  # fmt: skip


def _unreadable(reader: Reader, total: int) -> Table:
    rows = [
        Row(
            f"{partition.number}:{each.id}",
            (each.id, each.sink, each.stream, each.entry_id, each.error, each.bytes),
            tone="warn",
        )
        for partition in (reader.partitions if total else ())
        for each in partition.wiring.sinks.unreadable(_UNREADABLE)
    ]
    return Table(
        "unreadable", "Outcomes that were set aside", UNREADABLE, rows, ACTIONS,
        empty="No sink has set an outcome aside.", more=max(0, total - len(rows)),
    )  # fmt: skip


def _retry(reader: Reader, _: Order) -> str:
    done = sum(each.wiring.sinks.retry_unreadable() for each in reader.partitions)
    return f"{done:,} outcomes are tried again."


def _drop(reader: Reader, sent: Order) -> str:
    sent.check_word("drop")
    done = sum(each.wiring.sinks.drop_unreadable() for each in reader.partitions)
    return f"{done:,} outcomes were dropped."


ACTS = (
    Act("unreadable", "retry", "operator", _retry),
    Act("unreadable", "drop", "admin", _drop),
)
