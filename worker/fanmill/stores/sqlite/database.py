"""The file of a store: its connection, and whether this program may use it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fanmill.stores.facets_state import require_facets
from fanmill.stores.migrations import (
    SchemaState,
    compare,
    migrate,
    require_current,
    shipped_migrations,
)
from fanmill.stores.record_blob import RecordCoder
from fanmill.stores.sqlite.connection import connect, explained, transaction
from fanmill.stores.sqlite.facets import FACETS_VERSION
from fanmill.stores.sqlite.rebuilding import adopt, facts
from fanmill.stores.sqlite.schema import SqliteSchema


class Database:
    """A connection to the file, for one thread.

    Attributes:
        path: The file.
        connection: The connection; transactions are left to its caller.
        coder: Compresses and restores records.
    """

    def __init__(self, path: Path, *, create: bool) -> None:
        self.path = path
        self.coder = RecordCoder()
        self.connection = connect(path, create=create)
        self._current = False
        self._faceted = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read what needs no facets.

        Raises:
            StoreError: The file or its schema cannot be used.
        """
        with explained(self.path):
            self._demand_schema()
            yield self.connection

    @contextmanager
    def searching(self) -> Iterator[sqlite3.Connection]:
        """Read what facets find.

        They are checked at the end of each use: if they are of this program then, they were so
        since the last check, because only a newer program changes them.

        Raises:
            StoreError: The file or its schema cannot be used, or facets are of another version.
        """
        with self.reading() as connection:
            if not self._faceted:
                require_facets(facts(connection), FACETS_VERSION)
            self._faceted = False
            yield connection
            require_facets(facts(connection), FACETS_VERSION)
            self._faceted = True

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Write in one transaction; an error undoes it.

        Raises:
            StoreError: The file or its schema cannot be used, or facets are of another version.
        """
        with self.reading() as connection, transaction(connection):
            require_facets(facts(connection), FACETS_VERSION)
            yield connection

    def migrate(self) -> list[str]:
        """Apply the migrations that are missing; return their names."""
        with explained(self.path):
            names = migrate(
                SqliteSchema(self.connection),
                shipped_migrations("sqlite"),
                lambda: datetime.now(UTC),
            )
            if names:
                with transaction(self.connection):
                    adopt(self.connection, FACETS_VERSION)
        return names

    def state(self) -> SchemaState:
        """Return the state of the schema."""
        return compare(shipped_migrations("sqlite"), SqliteSchema(self.connection).applied())

    def one(self, sql: str) -> Any:
        """Return the value of a query for one."""
        return self.connection.execute(sql).fetchone()[0]

    def _demand_schema(self) -> None:
        if not self._current:
            require_current(self.state())
            self._current = True
