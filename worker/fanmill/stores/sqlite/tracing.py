"""Search of all tables for what an erasure left behind."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from fanmill.core.search_tokens import index_tokens
from fanmill.stores.record_blob import RecordCoder
from fanmill.stores.sqlite.database import Database
from fanmill.stores.sqlite.facets import text_token


class SqliteSearch:
    """The part of the store that searches all its tables."""

    _database: Database

    def every_row(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield each row of each table: see `ports.Store`."""
        with self._database.reading() as connection:
            yield from _every_row(connection, self._database.coder)

    def orphaned(
        self, document_ids: Sequence[str], phrases: Sequence[tuple[str, str]]
    ) -> list[str]:
        """Return documents with tokens and without a record: see `ports.Store`."""
        with self._database.searching() as connection:
            return _orphaned(connection, document_ids, phrases)


def _every_row(
    connection: sqlite3.Connection, coder: RecordCoder
) -> Iterator[tuple[str, Mapping[str, str]]]:
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        " AND name NOT LIKE '%\\_search%' ESCAPE '\\' ORDER BY name"
    ).fetchall()
    for (table,) in tables:
        rows = connection.execute(f'SELECT * FROM "{table}"')
        columns = [each[0] for each in rows.description]
        for row in rows:
            yield table, dict(_texts(columns, row, coder))


def _texts(
    columns: Sequence[str], row: Sequence[object], coder: RecordCoder
) -> Iterator[tuple[str, str]]:
    for column, value in zip(columns, row, strict=True):
        if isinstance(value, str):
            yield column, value
        elif isinstance(value, bytes) and column != "fingerprint":
            with suppress(ValueError):
                yield column, coder.decompressed(value).decode(errors="replace")


def _orphaned(
    connection: sqlite3.Connection,
    document_ids: Sequence[str],
    phrases: Sequence[tuple[str, str]],
) -> list[str]:
    found: dict[str, None] = {}
    wanted = [(each, [text_token("document", each)]) for each in document_ids]
    wanted += [(each, index_tokens(phrase)[:8]) for each, phrase in phrases]
    for document, tokens in wanted:
        if not tokens:
            continue
        phrase = " ".join(tokens).replace('"', '""')
        for table in ("records", "rejections"):
            left = connection.execute(
                f"SELECT 1 FROM {table}_search WHERE {table}_search MATCH ?"
                f" AND rowid NOT IN (SELECT position FROM {table}) LIMIT 1",
                (f'"{phrase}"',),
            ).fetchone()
            if left is not None:
                found[document] = None
    return list(found)
