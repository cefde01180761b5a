"""Rows of an export from the servers of all partitions: records by completion, rejections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from time import time

from pydantic_core import from_json

from fanmill.core.filters import Filter
from fanmill.core.filters.record_values import matches_record
from fanmill.export.sources import Cursor, RecordRow, RejectionRow, ServerRecord
from fanmill.stores.redis import RedisRecords, RedisRejections


@dataclass(frozen=True, slots=True)
class ServerPartition:
    """A partition whose records are exported."""

    name: str
    """Ending of the ids of its rejections; empty without partitions."""
    records: RedisRecords
    rejections: RedisRejections


class ServerRows:
    """The functions that `ServerSource` reads by.

    Args:
        partitions: The partitions.
        wanted: Filter over records; ages count to the time of reading.
    """

    def __init__(self, partitions: Sequence[ServerPartition], wanted: Filter) -> None:
        self._partitions = partitions
        self._wanted = wanted

    def records(self, since_ms: int) -> Iterator[ServerRecord]:
        """Yield the records that match, in order of completion."""
        streams = (each.records.kept(since_ms or None) for each in self._partitions)
        for kept in merge(*streams, key=lambda each: each.completed_ms):
            if not self._wanted.terms or matches_record(
                self._wanted, from_json(kept.record), int(time() * 1000)
            ):
                row = RecordRow(kept.record, kept.entry_id, kept.fingerprint)
                yield ServerRecord(kept.completed_ms, kept.document_id, row)

    def rejections(self, after: Cursor) -> Iterator[tuple[Cursor, RejectionRow]]:
        """Yield the rejections behind the last one of each partition."""
        cursor = dict(after)
        for partition in self._partitions:
            for entry in partition.rejections.entries(cursor.get(partition.name)):
                cursor[partition.name] = entry.id
                event = entry.event.model_dump_json(exclude_none=True).encode()
                yield dict(cursor), RejectionRow(entry.id + partition.name, event)
