"""Making the facets of a store anew, in slices: see `stores.facets_state`."""

from collections.abc import Callable, Sequence
from typing import Final

from pydantic_core import from_json

from fanmill.ports.store import CompletedEntry, FacetsProgress, RejectedOutcome
from fanmill.stores.facets_state import REBUILD, VERSION, FacetsCursor, FacetsTable, cursor_in
from fanmill.stores.postgresql.connection import Connection
from fanmill.stores.postgresql.rows import COLUMNS, record_rows
from fanmill.stores.postgresql.saving import (
    REJECTION_COLUMNS,
    copy_rows,
    facts,
    lock_changes,
    rejection_row,
)
from fanmill.stores.postgresql.search_terms import FACETS_VERSION
from fanmill_contracts import DocumentRejected

_TABLES: Final[tuple[FacetsTable, ...]] = ("records", "rejections")
_KEPT: Final = frozenset({"entry_id", "rejected_id", "fingerprint", "record", "event"})
"""Columns that facets are made from, or that have nothing to do with them."""


def adopt(connection: Connection) -> None:
    """Make the facets of a store without rows those of this program."""
    with connection.transaction():
        lock_changes(connection)
        for table in _TABLES:
            if connection.execute(f"SELECT FROM fanmill_{table} LIMIT 1".encode()).fetchone():
                return
        _set(connection, VERSION, FACETS_VERSION)


def rebuild(connection: Connection, limit: int, *, anew: bool) -> FacetsProgress | None:
    """Make the facets of up to `limit` rows anew; None if all are of this program."""
    with connection.transaction():
        lock_changes(connection)
        known = facts(connection)
        if known.get(VERSION) == FACETS_VERSION and not anew:
            return None
        cursor = cursor_in(known)
        if cursor is None or cursor.version != FACETS_VERSION or anew:
            cursor = _begin(connection)
        positions = _REMADE[cursor.table](connection, cursor.after, limit)
        moved = cursor.moved(positions, limit)
        if moved is None:
            _set(connection, VERSION, FACETS_VERSION)
            connection.execute("DELETE FROM fanmill_store_meta WHERE name = %s", (REBUILD,))
            return None
        _set(connection, REBUILD, moved.text)
        return moved.progress


def _begin(connection: Connection) -> FacetsCursor:
    """Mark that facets differ; from now on no program finds or writes any."""
    total = 0
    for table in _TABLES:
        row = connection.execute(f"SELECT count(*) FROM fanmill_{table}".encode()).fetchone()
        total += row[0] if row else 0
    _set(connection, VERSION, "")
    return FacetsCursor(FACETS_VERSION, total)


def _remade_records(connection: Connection, after: int, limit: int) -> list[int]:
    rows = connection.execute(
        "SELECT position, entry_id, record::text, fingerprint FROM fanmill_records"
        " WHERE position > %s ORDER BY position LIMIT %s",
        (after, limit),
    ).fetchall()
    entries = [
        CompletedEntry(entry_id, written.encode(), from_json(written), fingerprint)
        for _, entry_id, written, fingerprint in rows
    ]
    positions = [row[0] for row in rows]
    _replace(connection, "fanmill_records", COLUMNS, positions, record_rows(entries))
    return positions


def _remade_rejections(connection: Connection, after: int, limit: int) -> list[int]:
    rows = connection.execute(
        "SELECT position, rejected_id, event::text FROM fanmill_rejections"
        " WHERE position > %s ORDER BY position LIMIT %s",
        (after, limit),
    ).fetchall()
    made = [
        rejection_row(RejectedOutcome(rejected_id, DocumentRejected.model_validate_json(written)))
        for _, rejected_id, written in rows
    ]
    positions = [row[0] for row in rows]
    _replace(connection, "fanmill_rejections", REJECTION_COLUMNS, positions, made)
    return positions


_REMADE: Final[dict[FacetsTable, Callable[[Connection, int, int], list[int]]]] = {
    "records": _remade_records,
    "rejections": _remade_rejections,
}


def _replace(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    positions: Sequence[int],
    rows: Sequence[str],
) -> None:
    """Give rows new values in the columns that are made; positions and JSON remain."""
    if not rows:
        return
    connection.execute(
        f"CREATE TEMPORARY TABLE fanmill_remade (LIKE {table}) ON COMMIT DROP".encode()
    )
    lines = (f"{position}\t{row}" for position, row in zip(positions, rows, strict=True))
    copy_rows(connection, "fanmill_remade", ("position", *columns), lines)
    made = [each for each in columns if each not in _KEPT]
    names, values = ", ".join(made), ", ".join(f"remade.{each}" for each in made)
    connection.execute(
        f"UPDATE {table} AS kept SET ({names}) = ROW ({values}) FROM fanmill_remade AS remade"
        " WHERE kept.position = remade.position".encode()
    )


def _set(connection: Connection, name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO fanmill_store_meta VALUES (%s, %s)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
