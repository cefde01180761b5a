"""Making the facets of a store anew, in slices: see `stores.facets_state`."""

import sqlite3
from collections.abc import Callable
from typing import Final

from pydantic_core import from_json

from fanmill.core.filters.rejection_values import rejection_values
from fanmill.ports.store import FacetsProgress
from fanmill.stores.facets_state import REBUILD, VERSION, FacetsCursor, FacetsTable, cursor_in
from fanmill.stores.record_blob import RecordCoder
from fanmill.stores.sqlite.facets import record_tokens, rejection_tokens
from fanmill_contracts import DocumentRejected

_ROWS: Final[dict[FacetsTable, str]] = {
    "records": "SELECT position, entry_id, record FROM records",
    "rejections": "SELECT position, rejected_id, event FROM rejections",
}


def facts(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the facts of a store about its facets."""
    return dict(
        connection.execute(
            "SELECT name, value FROM store_meta WHERE name IN (?, ?)", (VERSION, REBUILD)
        )
    )


def adopt(connection: sqlite3.Connection, wanted: str) -> None:
    """Make the facets of a store without rows those of this program."""
    for table in _ROWS:
        if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
            return
    _set(connection, VERSION, wanted)


def rebuild(
    connection: sqlite3.Connection, coder: RecordCoder, wanted: str, limit: int, *, anew: bool
) -> FacetsProgress | None:
    """Make the facets of up to `limit` rows anew in the transaction that is open.

    Return None if all are of the wanted version.
    """
    known = facts(connection)
    if known.get(VERSION) == wanted and not anew:
        return None
    cursor = cursor_in(known)
    if cursor is None or cursor.version != wanted or anew:
        cursor = _begin(connection, wanted)
    rows = connection.execute(
        f"{_ROWS[cursor.table]} WHERE position > ? ORDER BY position LIMIT ?", (cursor.after, limit)
    ).fetchall()
    tokens_of = _OF_ROWS[cursor.table]
    connection.executemany(
        f"INSERT INTO {cursor.table}_search (rowid, tokens) VALUES (?, ?)",
        ((position, tokens_of(name, coder.decompressed(blob))) for position, name, blob in rows),
    )
    moved = cursor.moved([row[0] for row in rows], limit)
    if moved is None:
        _set(connection, VERSION, wanted)
        connection.execute("DELETE FROM store_meta WHERE name = ?", (REBUILD,))
        return None
    _set(connection, REBUILD, moved.text)
    return moved.progress


def _begin(connection: sqlite3.Connection, wanted: str) -> FacetsCursor:
    """Empty the indexes; from now on no program finds or writes facets of another version."""
    total = 0
    for table in _ROWS:
        connection.execute(f"INSERT INTO {table}_search ({table}_search) VALUES ('delete-all')")
        total += connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    _set(connection, VERSION, "")
    return FacetsCursor(wanted, total)


def _set(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO store_meta VALUES (?, ?)", (name, value))


def _tokens_of_record(_entry_id: str, written: bytes) -> str:
    return record_tokens(from_json(written))


def _tokens_of_rejection(rejected_id: str, written: bytes) -> str:
    event = DocumentRejected.model_validate_json(written)
    return rejection_tokens(rejection_values(rejected_id, event))


_OF_ROWS: Final[dict[FacetsTable, Callable[[str, bytes], str]]] = {
    "records": _tokens_of_record,
    "rejections": _tokens_of_rejection,
}
