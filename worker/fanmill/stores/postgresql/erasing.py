"""Removal of records: on demand with tombstones, and by age."""

from collections.abc import Sequence
from datetime import datetime

import psycopg

from fanmill.ports.store import Tombstone
from fanmill.stores.postgresql.connection import Connection
from fanmill.stores.postgresql.rows import plain
from fanmill.stores.postgresql.saving import lock_changes


def forget(
    connection: Connection, document_ids: Sequence[str], actor: str, note: str, at: datetime
) -> int:
    """Remove documents with their rejections and leave tombstones; return the records there were.

    Outcomes of events that the ledger took later stay: an erasure may be repeated.
    Deleted rows leave the files of the server with the next vacuum, and its archives with their
    own retention.
    """
    ids = list(dict.fromkeys(plain(each) for each in document_ids))
    with connection.transaction():
        lock_changes(connection)
        removed = connection.execute(
            "DELETE FROM fanmill_records WHERE document_id = ANY(%s)"
            " AND split_part(entry_id, '-', 1)::numeric < %s",
            (ids, round(at.timestamp() * 1000)),
        ).rowcount
        connection.execute(
            "DELETE FROM fanmill_rejections WHERE document_id = ANY(%s) AND"
            " coalesce((event->'data'->>'received_at')::timestamptz, rejected_at) < %s",
            (ids, at),
        )
        connection.execute(
            "INSERT INTO fanmill_tombstones AS known (document_id, forgotten_at, actor, note)"
            " SELECT document_id, %s, %s, %s FROM unnest(%s::text[]) AS document_id"
            " ON CONFLICT (document_id) DO UPDATE SET forgotten_at = excluded.forgotten_at,"
            " actor = excluded.actor, note = excluded.note"
            " WHERE excluded.forgotten_at > known.forgotten_at",
            (at, actor, note, ids),
        )
    return removed


def tombstones(connection: Connection, document_ids: Sequence[str]) -> list[Tombstone]:
    """Return the tombstones of these documents, by document id."""
    rows = connection.execute(
        "SELECT document_id, forgotten_at, actor, note FROM fanmill_tombstones"
        ' WHERE document_id = ANY(%s) ORDER BY document_id COLLATE "C"',
        (list(document_ids),),
    )
    return [Tombstone(*row) for row in rows.fetchall()]


def expire(connection: Connection, completed_before: datetime, limit: int) -> int:
    """Remove up to `limit` old records and rejections; return how many were removed."""
    with connection.transaction():
        lock_changes(connection)
        removed = connection.execute(
            "DELETE FROM fanmill_records WHERE position = ANY(ARRAY(SELECT position"
            " FROM fanmill_records WHERE completed_at < %s ORDER BY completed_at LIMIT %s))",
            (completed_before, limit),
        ).rowcount
        removed += connection.execute(
            "DELETE FROM fanmill_rejections WHERE position = ANY(ARRAY(SELECT position"
            " FROM fanmill_rejections WHERE rejected_at < %s ORDER BY rejected_at LIMIT %s))",
            (completed_before, limit - removed),
        ).rowcount
    return removed


def compact(connection: Connection) -> None:
    """Remove dead rows and their entries in indexes; a role that owns no table cannot.

    Raises:
        psycopg.errors.InsufficientPrivilege: The tables belong to another role.
    """
    owned = connection.execute(
        "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class"
        " WHERE oid = 'fanmill_records'::regclass"
    ).fetchone()
    if owned is None or not owned[0]:
        raise psycopg.errors.InsufficientPrivilege("only the owner of the tables can compact them")
    before = connection.execute("SHOW statement_timeout").fetchone()
    connection.execute("SET statement_timeout = 0")
    try:
        connection.execute("VACUUM fanmill_records, fanmill_rejections")
    finally:
        if before is not None and not connection.closed:
            connection.execute("SELECT set_config('statement_timeout', %s, false)", before)
