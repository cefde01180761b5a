"""Search of all tables for what an erasure left behind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import psycopg

from fanmill.stores.postgresql.connection import Connection, Session

_PAGE: Final = 200


class PostgresqlSearch:
    """The part of the store that searches all its tables."""

    _session: Session

    def every_row(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield each row of each table: see `ports.Store`."""
        connection = self._session.run(lambda each: each)
        try:
            for table in _tables(connection):
                for row in _rows(connection, table):
                    yield table, row
        except psycopg.Error as error:
            raise self._session.problem(error) from error

    def orphaned(
        self, document_ids: Sequence[str], phrases: Sequence[tuple[str, str]]
    ) -> list[str]:
        """Return nothing, because tokens are a column of their record: see `ports.Store`."""
        del document_ids, phrases
        return []


def _tables(connection: Connection) -> list[str]:
    rows = connection.execute(
        "SELECT c.relname FROM pg_class AS c WHERE c.relkind = 'r' AND c.relname LIKE"
        " 'fanmill\\_%' AND pg_table_is_visible(c.oid) ORDER BY 1"
    )
    return [row[0] for row in rows.fetchall()]


def _rows(connection: Connection, table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table, with their texts by column; tokens are a text, too."""
    with connection.transaction(), connection.cursor(name="fanmill_every_row") as cursor:
        cursor.itersize = _PAGE
        cursor.execute(f"SELECT row_to_json(row)::text FROM {table} AS row".encode())
        for (row,) in cursor:
            yield {
                column: value if isinstance(value, str) else _written(value)
                for column, value in json.loads(row).items()
                if isinstance(value, str | list | dict) and column != "fingerprint"
            }


def _written(value: object) -> str:
    """Return JSON as the commit writes it, without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
