"""Records for the screens, from Redis and the store, as the JSON has them."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic_core import from_json

from fanmill.core.filters.record_values import milliseconds
from fanmill_contracts.stored_records import decompressed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fanmill.screens.reading import PartitionReader, Reader

Record = dict[str, Any]
"""The members of a `DocumentResult`, as its JSON has them: integers of any size stay exact."""

_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """The stored state of a document.

    Attributes:
        record: Its newest record; None without one.
        place: Place of the record.
        partition: Number of the partition that knows the document; None if none does.
        state: State of its newest event in Redis; empty if Redis does not know it.
        revisions: Number of its events that Redis counted; 0 if Redis does not know it.
        rejection: Id of the open rejection of its newest event.
    """

    record: Record | None
    place: str = ""
    partition: int | None = None
    state: str = ""
    revisions: int = 0
    rejection: str | None = None


def partitions_for(reader: Reader, document_id: str) -> list[PartitionReader]:
    """Return all partitions, a document's own first: before a change it was in another."""
    own = reader.partition_of(document_id)
    return [own, *(each for each in reader.partitions if each is not own)]


def find_record(reader: Reader, document_id: str) -> FoundRecord:
    """Return what Redis knows of a document, with its record from Redis or else the store."""
    found = FoundRecord(None)
    for partition in partitions_for(reader, document_id):
        known = _of_partition(partition, document_id)
        if known is not None:
            found = known
            break
    if found.record is None and reader.has_store:
        saved = reader.store.get(document_id)
        if saved is not None:
            return FoundRecord(
                from_json(saved.result_json), "the store", found.partition, found.state,
                found.revisions, found.rejection,
            )  # fmt: skip
    return found


def find_records(reader: Reader, document_ids: Sequence[str]) -> dict[str, Record]:
    """Return the records there are of these documents, by document id."""
    found: dict[str, Record] = {}
    if reader.has_store:
        saved = reader.store.get_many(document_ids)
        found = {each: from_json(one.result_json) for each, one in saved.items()}
    for each in document_ids:
        if each not in found and (record := find_record(reader, each).record) is not None:
            found[each] = record
    return found


def newest_records(reader: Reader, limit: int) -> Iterator[Record]:
    """Yield the newest records of Redis, of all partitions, the newest first."""
    return islice(
        heapq.merge(
            *(_newest_of(each, limit) for each in reader.partitions), key=_completed, reverse=True
        ),
        limit,
    )


def _completed(record: Mapping[str, Any]) -> int:
    return milliseconds(record["completed_at"])


def _newest_of(partition: PartitionReader, limit: int) -> Iterator[Record]:
    redis, keys = partition.redis, partition.keys
    for start in range(0, limit, _PAGE):
        ids = cast("Any", redis.zrevrange(keys.results, start, min(start + _PAGE, limit) - 1))
        with redis.pipeline(transaction=False) as pipe:
            for each in ids:
                pipe.hget(keys.document(each.decode()), "record")
            values = pipe.execute()
        for value in values:
            if value is not None:
                yield from_json(decompressed(value))
        if len(ids) < _PAGE:
            return


def _of_partition(partition: PartitionReader, document_id: str) -> FoundRecord | None:
    fields: Any = partition.redis.hmget(
        partition.keys.document(document_id), ["state", "revisions", "record", "rejection"]
    )
    state, revisions, record, rejection = fields
    if state is None:
        return None
    return FoundRecord(
        None if record is None else from_json(decompressed(record)),
        "Redis",
        partition.number,
        state.decode(),
        int(revisions or 0),
        None if rejection is None else rejection.decode(),
    )
