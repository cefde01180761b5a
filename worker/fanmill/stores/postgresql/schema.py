"""A PostgreSQL database as migrations need it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from fanmill.stores.migrations import TABLE, AppliedMigration, Migration

if TYPE_CHECKING:
    from psycopg import Connection

MIGRATION_LOCK: Final = 0x66616E6D696C6C01
"""Advisory lock of migrations: `fanmill` in ASCII and a number."""


class PostgresqlSchema:
    """The schema of a PostgreSQL database: the first schema of the connection's search path.

    `connection` is in autocommit mode.
    """

    def __init__(self, connection: "Connection[Any]") -> None:
        self._connection = connection

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the advisory lock of migrations in a transaction.

        A lock of PostgreSQL ends with its transaction, also if this process is killed.
        """
        with self._connection.transaction():
            # The time limit of a statement suits queries; another migration may take longer.
            self._connection.execute("SET LOCAL statement_timeout = 0")
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
            yield

    def applied(self) -> list[AppliedMigration]:
        """Return the applied migrations by name; empty without the table."""
        # `to_regclass` would answer from a cache: it misses a table that another process made
        # while this one waited for the lock.
        found = self._connection.execute(
            "SELECT 1 FROM pg_class"
            " WHERE relname = 'fanmill_migrations' AND pg_table_is_visible(oid)"
        )
        if found.fetchone() is None:
            return []
        rows = self._connection.execute(
            "SELECT name, kind, checksum, applied_at FROM fanmill_migrations ORDER BY name"
        )
        return [AppliedMigration(*row) for row in rows.fetchall()]

    def apply(self, migration: Migration, at: datetime) -> None:
        """Execute a migration in the open transaction and enter it in the table."""
        self._connection.execute(migration.sql.encode())
        self._connection.execute(TABLE)
        self._connection.execute(
            "INSERT INTO fanmill_migrations VALUES (%s, %s, %s, %s)",
            (migration.name, migration.kind, migration.checksum, at.isoformat()),
        )
