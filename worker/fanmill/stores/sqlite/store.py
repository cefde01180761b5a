"""The store of record in an SQLite file: the methods of `ports.Store`."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic_core import from_json

from fanmill.core.filters import Filter
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.core.filters.record_values import matches_record
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.core.filters.rejection_values import matches_rejection_event
from fanmill.ports import (
    CappedCount,
    ClusterSize,
    FacetsProgress,
    Outcome,
    SaveCounts,
    SavedRecord,
    SavedRejection,
    StoreInfo,
    StoreKind,
    Tombstone,
)
from fanmill.stores.sqlite.checking import faults, info
from fanmill.stores.sqlite.connection import explained, transaction
from fanmill.stores.sqlite.database import Database
from fanmill.stores.sqlite.facets import FACETS_VERSION
from fanmill.stores.sqlite.query import Columns, Query, query_of
from fanmill.stores.sqlite.reading import PAGE, Page, Row, Table, count, rows
from fanmill.stores.sqlite.rebuilding import rebuild
from fanmill.stores.sqlite.removing import compact, expire, forget, is_small
from fanmill.stores.sqlite.tracing import SqliteSearch
from fanmill.stores.sqlite.writing import prepared, write
from fanmill_contracts import DocumentRejected

RECORDS: Final = Table("records", "r.position, r.entry_id, r.record, r.fingerprint, r.document_id")
REJECTIONS: Final = Table("rejections", "r.position, r.rejected_id, r.event")
RECORD_COLUMNS: Final = Columns(
    RECORD_KEYS, {"completed": "r.completed", "received": "r.received"}, "completed", words=True
)
REJECTION_COLUMNS: Final = Columns(
    REJECTION_KEYS, {"rejected": "r.rejected"}, "rejected", words=False
)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class SqliteStore(SqliteSearch):
    """A store in one file. Readers and writers of several processes may use it at once."""

    kind: StoreKind = "sqlite"

    def __init__(
        self, path: Path, *, create: bool = True, clock: Callable[[], int] = _now_ms
    ) -> None:
        """Open a file; one that is made gets its tables at once.

        Args:
            path: The file.
            create: Whether to make it if it is missing.
            clock: The time in ms since 1970, for ages.

        Raises:
            StoreError: It cannot be opened or made.
        """
        self._clock = clock
        self._database = Database(path, create=create)
        self._coder = self._database.coder
        with explained(path):
            state = self._database.state()
        if state.version == 0 and not state.newer and create:
            self.migrate()

    def save(self, outcomes: Sequence[Outcome]) -> SaveCounts:
        """Store outcomes: see `ports.Store`."""
        ready = prepared(outcomes, self._coder)
        with self._database.writing() as connection:
            return write(connection, ready, self._coder)

    def get(self, document_id: str) -> SavedRecord | None:
        """Return the record of a document: see `ports.Store`."""
        return self.get_many([document_id]).get(document_id)

    def get_many(self, document_ids: Sequence[str]) -> dict[str, SavedRecord]:
        """Return the records of documents: see `ports.Store`."""
        found = self._all(
            f"SELECT {RECORDS.columns} FROM records AS r"
            " WHERE r.document_id IN (SELECT value FROM json_each(?))",
            json.dumps(list(document_ids)),
        )
        return {row[4]: self._record(row) for row in found}

    def search(
        self, wanted: Filter, *, before: int | None = None, limit: int = 50
    ) -> list[SavedRecord]:
        """Return the newest records that match: see `ports.Store`."""
        page = Page(newest_first=True, edge=before)
        return [self._record(row) for row in self._page(wanted, page, limit)]

    def count(self, wanted: Filter, *, cap: int = 10_000) -> CappedCount:
        """Return how many records match: see `ports.Store`."""
        now_ms = self._clock()
        query = query_of(wanted, RECORD_COLUMNS, now_ms)
        confirmed = self._confirmed(wanted, now_ms)
        with self._reading(query) as connection:
            return count(connection, RECORDS, query, cap, confirmed)

    def scan(self, wanted: Filter, *, after: int = 0) -> Iterator[SavedRecord]:
        """Return all records that match: see `ports.Store`."""
        while page := self._page(wanted, Page(newest_first=False, edge=after), PAGE):
            yield from map(self._record, page)
            after = page[-1][0]

    def search_rejections(
        self, wanted: Filter, *, before: int | None = None, limit: int = 50
    ) -> list[SavedRejection]:
        """Return the newest rejections that match: see `ports.Store`."""
        page = Page(newest_first=True, edge=before)
        return [self._rejection(row) for row in self._rejections(wanted, page, limit)]

    def scan_rejections(self, wanted: Filter, *, after: int = 0) -> Iterator[SavedRejection]:
        """Return all rejections that match: see `ports.Store`."""
        while page := self._rejections(wanted, Page(newest_first=False, edge=after), PAGE):
            yield from map(self._rejection, page)
            after = page[-1][0]

    def clusters(self, limit: int = 50) -> list[ClusterSize]:
        """Return the largest clusters: see `ports.Store`."""
        found = self._all(
            "SELECT original, duplicates FROM clusters ORDER BY duplicates DESC, original LIMIT ?",
            limit,
        )
        return [ClusterSize(*row) for row in found]

    def members(
        self, original: str, *, before: int | None = None, limit: int = 50
    ) -> list[SavedRecord]:
        """Return the newest duplicates of an original: see `ports.Store`."""
        found = self._all(
            f"SELECT {RECORDS.columns} FROM records AS r"
            " WHERE r.duplicate_of = ? AND r.position < ? ORDER BY r.position DESC LIMIT ?",
            original, _MAX_POSITION if before is None else before, limit,
        )  # fmt: skip
        return [self._record(row) for row in found]

    def forget(self, document_ids: Sequence[str], *, actor: str, note: str, at: datetime) -> int:
        """Remove documents and leave tombstones: see `ports.Store`."""
        tombstone = (round(at.timestamp() * 1000), actor, note)
        with self._database.reading() as connection:
            # Overwrite what is removed with zeros.
            connection.execute("PRAGMA secure_delete = ON")
            try:
                with self._database.writing():
                    removed = forget(connection, document_ids, tombstone, self._coder)
                if removed and is_small(connection):
                    compact(connection)
            finally:
                connection.execute("PRAGMA secure_delete = OFF")
        return removed

    def compact(self) -> None:
        """Write the index anew, without the words of removed records: see `ports.Store`."""
        with self._database.reading() as connection:
            compact(connection)

    def tombstones(self, document_ids: Sequence[str]) -> list[Tombstone]:
        """Return tombstones: see `ports.Store`."""
        found = self._all(
            "SELECT document_id, forgotten, actor, note FROM tombstones"
            " WHERE document_id IN (SELECT value FROM json_each(?)) ORDER BY document_id",
            json.dumps(list(document_ids)),
        )
        return [Tombstone(name, _moment(ms), actor, note) for name, ms, actor, note in found]

    def expire(self, completed_before: datetime, limit: int = 1000) -> int:
        """Remove old records and rejections: see `ports.Store`."""
        with self._database.writing() as connection:
            return expire(connection, completed_before, limit, self._coder)

    def info(self) -> StoreInfo:
        """Return the state of the store: see `ports.Store`."""
        with explained(self._database.path):
            return info(self._database)

    def check(self, *, all_records: bool = False) -> list[str]:
        """Return the faults of the database: see `ports.Store`."""
        with self._database.reading() as connection:
            return faults(connection, self._coder, all_records=all_records)

    def migrate(self) -> list[str]:
        """Apply the migrations that are missing: see `ports.Store`."""
        return self._database.migrate()

    def rebuild_facets(self, limit: int = 1000, *, anew: bool = False) -> FacetsProgress | None:
        """Make facets anew: see `ports.Store`."""
        with self._database.reading() as connection, transaction(connection):
            return rebuild(connection, self._coder, FACETS_VERSION, limit, anew=anew)

    def close(self) -> None:
        """Let go of the file."""
        self._database.connection.close()

    def _all(self, sql: str, *parameters: Any) -> list[Row]:
        with self._database.reading() as connection:
            return connection.execute(sql, parameters).fetchall()

    def _page(self, wanted: Filter, page: Page, limit: int) -> list[Row]:
        now_ms = self._clock()
        query = query_of(wanted, RECORD_COLUMNS, now_ms)
        confirmed = self._confirmed(wanted, now_ms)
        with self._reading(query) as connection:
            return rows(connection, RECORDS, query, page, confirmed, limit=limit)

    def _confirmed(self, wanted: Filter, now_ms: int) -> Callable[[Row], bool]:
        def confirmed(row: Row) -> bool:
            return matches_record(wanted, from_json(self._coder.decompressed(row[2])), now_ms)

        return confirmed

    def _reading(self, query: Query) -> AbstractContextManager[sqlite3.Connection]:
        """Read without facets if everything is wanted: an export goes on while they are made."""
        database = self._database
        return database.reading() if query.everything else database.searching()

    def _rejections(self, wanted: Filter, page: Page, limit: int) -> list[Row]:
        now_ms = self._clock()

        def confirmed(row: Row) -> bool:
            event = DocumentRejected.model_validate_json(self._coder.decompressed(row[2]))
            return matches_rejection_event(wanted, row[1], event, now_ms)

        query = query_of(wanted, REJECTION_COLUMNS, now_ms)
        with self._reading(query) as connection:
            return rows(connection, REJECTIONS, query, page, confirmed, limit=limit)

    def _record(self, row: Row) -> SavedRecord:
        return SavedRecord(row[0], row[1], self._coder.decompressed(row[2]), row[3])

    def _rejection(self, row: Row) -> SavedRejection:
        return SavedRejection(row[0], row[1], self._coder.decompressed(row[2]))


_MAX_POSITION: Final = 2**63 - 1


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
