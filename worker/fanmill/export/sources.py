"""Sources of an export: the store of record, or the records of a server. Each row has a cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from fanmill.core.filters import Filter
from fanmill.ports import Store

Cursor = dict[str, Any]
"""Place in a source, as JSON: rows behind it are still to be exported."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record to export."""

    record_json: bytes
    entry_id: str
    fingerprint: bytes = b""


@dataclass(frozen=True, slots=True)
class RejectionRow:
    """A rejection to export."""

    rejected_id: str
    event_json: bytes


ExportRow = RecordRow | RejectionRow


class ExportSource(Protocol):
    """Rows in an order in which new ones come last."""

    def rows(self, after: Cursor) -> Iterator[tuple[Cursor, ExportRow]]:
        """Yield the rows behind a cursor, each with the cursor behind it; `{}` is the start."""


class StoreSource:
    """The records of a store by position, and then its rejections if they are wanted.

    Args:
        store: The store.
        wanted: Filter over records.
        rejections: Filter over rejections; None for none of them.
    """

    def __init__(self, store: Store, wanted: Filter, rejections: Filter | None) -> None:
        self._store = store
        self._wanted = wanted
        self._rejections = rejections

    def rows(self, after: Cursor) -> Iterator[tuple[Cursor, ExportRow]]:
        """Yield records and rejections in order of their positions; see `ExportSource`."""
        records, rejections = int(after.get("record", 0)), int(after.get("rejection", 0))
        for saved in self._store.scan(self._wanted, after=records):
            records = saved.position
            yield (
                {"record": records, "rejection": rejections},
                RecordRow(saved.result_json, saved.entry_id, saved.fingerprint),
            )
        if self._rejections is None:
            return
        for rejected in self._store.scan_rejections(self._rejections, after=rejections):
            rejections = rejected.position
            yield (
                {"record": records, "rejection": rejections},
                RejectionRow(rejected.rejected_id, rejected.event_json),
            )


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """A record on a server, with the time of its completion."""

    completed_ms: int
    document_id: str
    row: RecordRow


class ServerSource:
    """The records of one or several servers in order of completion, and their rejections.

    A document that is completed anew while it is exported may be exported twice.

    Args:
        records: Returns the records completed at a time in ms or later, the oldest first.
        rejections: Returns the rejections behind each cursor of a partition, by partition; None
            for none of them.
    """

    def __init__(
        self,
        records: Callable[[int], Iterator[ServerRecord]],
        rejections: Callable[[Cursor], Iterator[tuple[Cursor, RejectionRow]]] | None,
    ) -> None:
        self._records = records
        self._rejections = rejections

    def rows(self, after: Cursor) -> Iterator[tuple[Cursor, ExportRow]]:
        """Yield records and rejections; see `ExportSource`."""
        at, ids = int(after.get("completed_ms", 0)), list(after.get("ids", ()))
        rejected: Cursor = after.get("rejected", {})
        seen = set(ids)
        for each in self._records(at):
            if each.completed_ms == at and each.document_id in seen:
                continue
            if each.completed_ms != at:
                at, ids = each.completed_ms, []
                seen.clear()
            ids.append(each.document_id)
            seen.add(each.document_id)
            yield {"completed_ms": at, "ids": list(ids), "rejected": rejected}, each.row
        if self._rejections is None:
            return
        for behind, row in self._rejections(rejected):
            yield {"completed_ms": at, "ids": list(ids), "rejected": behind}, row
