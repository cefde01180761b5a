"""The store of record in PostgreSQL: the methods of `ports.Store`."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from fanmill.core.filters import Filter
from fanmill.ports.store import (
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
from fanmill.stores.facets_state import require_facets
from fanmill.stores.migrations import migrate, shipped_migrations
from fanmill.stores.postgresql import checking, erasing, reading, rebuilding, saving
from fanmill.stores.postgresql.conditions import Where, record_where, rejection_where
from fanmill.stores.postgresql.connection import STATEMENT_SECONDS, Connection, Session
from fanmill.stores.postgresql.schema import PostgresqlSchema
from fanmill.stores.postgresql.search_terms import FACETS_VERSION
from fanmill.stores.postgresql.tracing import PostgresqlSearch

T = TypeVar("T")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class PostgresqlStore(PostgresqlSearch):
    """A store in a database of PostgreSQL. Nothing is connected before the first call.

    Args:
        url: `postgresql://user:password@host:port/database`, with the options of libpq.
        clock: The time in ms since 1970, for ages.
        statement_seconds: Time for a statement, waiting for locks included.

    Raises:
        StoreError: The URL has another form.
    """

    kind: StoreKind = "postgresql"

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], int] = _now_ms,
        statement_seconds: int = STATEMENT_SECONDS,
    ) -> None:
        self._session = Session(url, statement_seconds=statement_seconds)
        self._clock = clock
        self._faceted = False

    def save(self, outcomes: Sequence[Outcome]) -> SaveCounts:
        """Store outcomes: see `ports.Store`."""
        return self._session.run(lambda connection: saving.save(connection, outcomes))

    def get(self, document_id: str) -> SavedRecord | None:
        """Return the record of a document: see `ports.Store`."""
        return next(iter(self.get_many([document_id]).values()), None)

    def get_many(self, document_ids: Sequence[str]) -> dict[str, SavedRecord]:
        """Return the records of documents: see `ports.Store`."""
        return self._session.run(lambda connection: reading.get_many(connection, document_ids))

    def search(
        self, wanted: Filter, *, before: int | None = None, limit: int = 50
    ) -> list[SavedRecord]:
        """Return the newest records that match: see `ports.Store`."""
        where = record_where(wanted, self._clock())
        return self._found(
            wanted, lambda connection: reading.search(connection, where, before, limit)
        )

    def count(self, wanted: Filter, *, cap: int = 10_000) -> CappedCount:
        """Return how many records match: see `ports.Store`."""
        where = record_where(wanted, self._clock())
        return self._found(wanted, lambda connection: reading.count(connection, where, cap))

    def scan(self, wanted: Filter, *, after: int = 0) -> Iterator[SavedRecord]:
        """Return all records that match: see `ports.Store`."""
        where = record_where(wanted, self._clock())
        named = self._found(
            wanted, lambda connection: reading.named_positions(connection, where, after)
        )
        if named is None:
            yield from self._walked(wanted, where, after)
            return
        for start in range(0, len(named), reading.PAGE):
            chunk = named[start : start + reading.PAGE]
            rows = self._session.run(partial(reading.at_positions, positions=chunk))
            yield from map(reading.saved_record, rows)

    def search_rejections(
        self, wanted: Filter, *, before: int | None = None, limit: int = 50
    ) -> list[SavedRejection]:
        """Return the newest rejections that match: see `ports.Store`."""
        where = rejection_where(wanted, self._clock())
        return self._found(
            wanted, lambda connection: reading.search_rejections(connection, where, before, limit)
        )

    def scan_rejections(self, wanted: Filter, *, after: int = 0) -> Iterator[SavedRejection]:
        """Return all rejections that match: see `ports.Store`."""
        where = rejection_where(wanted, self._clock())
        while page := self._found(
            wanted, partial(reading.rejections_after, where=where, after=after)
        ):
            yield from page
            after = page[-1].position

    def clusters(self, limit: int = 50) -> list[ClusterSize]:
        """Return the largest clusters: see `ports.Store`."""
        return self._session.run(lambda connection: reading.clusters(connection, limit))

    def members(
        self, original: str, *, before: int | None = None, limit: int = 50
    ) -> list[SavedRecord]:
        """Return the newest duplicates of an original: see `ports.Store`."""
        return self._session.run(
            lambda connection: reading.members(connection, original, before, limit)
        )

    def forget(self, document_ids: Sequence[str], *, actor: str, note: str, at: datetime) -> int:
        """Remove documents and leave tombstones: see `ports.Store`."""
        return self._session.run(
            lambda connection: erasing.forget(connection, document_ids, actor, note, at)
        )

    def tombstones(self, document_ids: Sequence[str]) -> list[Tombstone]:
        """Return tombstones: see `ports.Store`."""
        return self._session.run(lambda connection: erasing.tombstones(connection, document_ids))

    def expire(self, completed_before: datetime, limit: int = 1000) -> int:
        """Remove old records and rejections: see `ports.Store`."""
        return self._session.run(
            lambda connection: erasing.expire(connection, completed_before, limit)
        )

    def info(self) -> StoreInfo:
        """Return the state of the store: see `ports.Store`."""
        return self._session.run(checking.info, any_schema=True)

    def check(self, *, all_records: bool = False) -> list[str]:
        """Return the faults of the database: see `ports.Store`."""
        return self._session.run(partial(checking.faults, all_records=all_records))

    def compact(self) -> None:
        """Drop what removed records left behind: see `ports.Store`."""
        self._session.run(erasing.compact)

    def migrate(self) -> list[str]:
        """Apply the migrations that are missing: see `ports.Store`."""
        return self._session.run(self._migrated, any_schema=True)

    def rebuild_facets(self, limit: int = 1000, *, anew: bool = False) -> FacetsProgress | None:
        """Make facets anew: see `ports.Store`."""
        return self._session.run(partial(rebuilding.rebuild, limit=limit, anew=anew))

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _migrated(self, connection: Connection) -> list[str]:
        names = migrate(
            PostgresqlSchema(connection), shipped_migrations(self.kind), lambda: datetime.now(UTC)
        )
        if names:
            rebuilding.adopt(connection)
        return names

    def _found(self, wanted: Filter, work: Callable[[Connection], T]) -> T:
        """Return what facets find; a filter without terms needs none.

        Facets are checked after the work: if they are of this program then, they were so since
        the last check, because only a newer program changes them.

        Raises:
            StoreError: They are of another version, or being made anew.
        """
        if not wanted.terms:
            return self._session.run(work)

        def checked(connection: Connection) -> T:
            if not self._faceted:
                require_facets(saving.facts(connection), FACETS_VERSION)
            self._faceted = False
            answer = work(connection)
            require_facets(saving.facts(connection), FACETS_VERSION)
            self._faceted = True
            return answer

        return self._session.run(checked)

    def _walked(self, wanted: Filter, where: Where, after: int) -> Iterator[SavedRecord]:
        """Return the matches among all records above a position, the oldest first."""
        while edges := self._session.run(partial(reading.edges, after=after)):
            after, end = edges
            page = partial(reading.page_after, where=where, top=end)
            while rows := self._found(wanted, partial(page, after=after)):
                yield from map(reading.saved_record, rows)
                after = rows[-1][0]
            after = end
