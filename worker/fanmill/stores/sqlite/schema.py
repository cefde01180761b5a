"""An SQLite database as migrations need it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from fanmill.stores.migrations import TABLE, AppliedMigration, Migration, statements


class SqliteSchema:
    """The schema of an SQLite database.

    `connection` must leave transactions to its caller: `isolation_level=None`.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the write lock of the database; others wait for the time of `busy_timeout`."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def applied(self) -> list[AppliedMigration]:
        """Return the applied migrations by name; empty without the table."""
        find = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'fanmill_migrations'"
        if self._connection.execute(find).fetchone() is None:
            return []
        rows = self._connection.execute(
            "SELECT name, kind, checksum, applied_at FROM fanmill_migrations ORDER BY name"
        )
        return [AppliedMigration(*row) for row in rows]

    def apply(self, migration: Migration, at: datetime) -> None:
        """Execute a migration in the open transaction and enter it in the table."""
        # `executescript` would commit the transaction first.
        for statement in statements(migration.sql):
            self._connection.execute(statement)
        self._connection.execute(TABLE)
        self._connection.execute(
            "INSERT INTO fanmill_migrations VALUES (?, ?, ?, ?)",
            (migration.name, migration.kind, migration.checksum, at.isoformat()),
        )
