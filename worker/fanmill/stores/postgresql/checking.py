"""State and soundness of a database."""

import json
from typing import Any, Final

import psycopg

from fanmill.ports.store import StoreError, StoreInfo
from fanmill.stores.facets_state import VERSION, cursor_in, require_facets
from fanmill.stores.migrations import compare, shipped_migrations
from fanmill.stores.postgresql.connection import Connection
from fanmill.stores.postgresql.saving import facts
from fanmill.stores.postgresql.schema import PostgresqlSchema
from fanmill.stores.postgresql.search_terms import FACETS_VERSION

_SAMPLE: Final = 1000
_FACETS_SINCE: Final = 2
"""Schema version from which on a store knows the version of its facets."""
_TABLES: Final = ("fanmill_records", "fanmill_rejections", "fanmill_tombstones")


def info(connection: Connection) -> StoreInfo:
    """Return the state of a store; without tables, it has no record."""
    state = compare(shipped_migrations("postgresql"), PostgresqlSchema(connection).applied())
    counts, oldest, newest = [0, 0, 0], None, None
    if state.version:
        counts = [int(_one(connection, f"SELECT count(*) FROM {each}")) for each in _TABLES]
        oldest = _one(connection, "SELECT min(completed_at) FROM fanmill_records")
        newest = _one(connection, "SELECT max(completed_at) FROM fanmill_records")
    known = facts(connection) if state.version >= _FACETS_SINCE else {}
    cursor = cursor_in(known)
    return StoreInfo(
        kind="postgresql",
        server=str(_one(connection, "SHOW server_version")),
        schema_version=state.version,
        wanted_schema_version=state.wanted,
        facets_version=known.get(VERSION, ""),
        wanted_facets_version=FACETS_VERSION,
        facets_rebuild=None if cursor is None else cursor.progress,
        records=counts[0],
        rejections=counts[1],
        tombstones=counts[2],
        bytes=int(_one(connection, "SELECT pg_database_size(current_database())")),
        oldest=oldest,
        newest=newest,
    )


def faults(connection: Connection, *, all_records: bool = False) -> list[str]:
    """Return the faults of a database; empty if it is sound.

    Reads every row, and compares the columns of the newest records, or of all, with their JSON.
    The extension `amcheck`, if it is installed, compares the indexes with their tables.
    """
    found: list[str] = []
    with connection.transaction():
        connection.execute("SET LOCAL statement_timeout = 0")
        found += _damaged_rows(connection)
        found += _repeated(connection)
        found += _differing(connection, all_records=all_records)
        found += _wrong_clusters(connection)
    try:
        require_facets(facts(connection), FACETS_VERSION)
    except StoreError as error:
        found.append(str(error))
    return found + _damaged_indexes(connection)


def _damaged_rows(connection: Connection) -> list[str]:
    """Read all values of all rows, past the indexes."""
    found = []
    for table in _TABLES:
        try:
            with connection.transaction():
                connection.execute(
                    "SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off"
                )
                _one(connection, f"SELECT sum(length(row::text)) FROM {table} AS row")
        except (psycopg.InternalError, psycopg.DataError, psycopg.OperationalError) as error:
            if connection.closed:
                raise
            found.append(f"table {table} is damaged: {error.diag.message_primary}")
    return found


def _repeated(connection: Connection) -> list[str]:
    """Find documents with two records, which a damaged index would allow."""
    number = _one(
        connection,
        "SELECT count(*) FROM (SELECT FROM fanmill_records GROUP BY document_id"
        " HAVING count(*) > 1) AS repeated",
    )
    return [f"{number} documents have several records; an index is damaged"] if number else []


def _wrong_clusters(connection: Connection) -> list[str]:
    """Compare the sizes of clusters with their records."""
    number = _one(
        connection,
        "SELECT count(*) FROM fanmill_clusters FULL JOIN (SELECT duplicate_of AS original,"
        " count(*) AS duplicates FROM fanmill_records WHERE duplicate_of IS NOT NULL"
        " GROUP BY duplicate_of) AS counted USING (original)"
        " WHERE fanmill_clusters.duplicates IS DISTINCT FROM counted.duplicates",
    )
    return [f"{number} clusters have another size than they say"] if number else []


def _differing(connection: Connection, *, all_records: bool) -> list[str]:
    """Compare the columns of the newest records, or of all, with their JSON."""
    found = []
    below = None
    while rows := connection.execute(
        "SELECT position, document_id, revision, text_sha256, record::text FROM fanmill_records"
        " WHERE position < %s ORDER BY position DESC LIMIT %s",
        (2**62 if below is None else below, _SAMPLE),
    ).fetchall():
        for position, *columns, text in rows:
            record = json.loads(text)
            members = [record.get("document_id"), record.get("revision"), record.get("text_sha256")]
            if columns != members:
                found.append(
                    f"the columns of the record at position {position} are not those of its JSON"
                )
        below = rows[-1][0]
        if not all_records:
            break
    return found


def _damaged_indexes(connection: Connection) -> list[str]:
    """Compare indexes with their tables by `amcheck`, if it is installed and allowed."""
    if not _one(connection, "SELECT count(*) FROM pg_extension WHERE extname = 'amcheck'"):
        return []
    indexes = connection.execute(
        "SELECT c.relname, a.amname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid"
        " JOIN pg_am AS a ON a.oid = c.relam WHERE c.relname LIKE 'fanmill\\_%%'"
        " AND pg_table_is_visible(c.oid) AND a.amname IN ('btree', 'gin') ORDER BY 1",
        (),
    ).fetchall()
    found = []
    for name, method in indexes:
        check = (
            f"bt_index_check('{name}', true)" if method == "btree" else f"gin_index_check('{name}')"
        )
        try:
            with connection.transaction():
                connection.execute("SET LOCAL statement_timeout = 0")
                connection.execute(f"SELECT {check}".encode())
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedFunction):
            # PostgreSQL before 18 cannot check GIN; others need a grant.
            continue
        except (psycopg.InternalError, psycopg.DataError) as error:
            found.append(f"index {name} is damaged: {error.diag.message_primary}")
    return found


def _one(connection: Connection, query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return None if row is None else row[0]
