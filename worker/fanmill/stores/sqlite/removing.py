"""Removal of records and rejections, with their tokens."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from pydantic_core import from_json

from fanmill.core.filters.rejection_values import rejection_values
from fanmill.stores.record_blob import RecordCoder
from fanmill.stores.sqlite.facets import record_tokens, rejection_tokens
from fanmill_contracts import DocumentRejected

_SMALL: Final = 20_000
"""Number of records up to which the index is written anew in a second."""


def is_small(connection: sqlite3.Connection) -> bool:
    """Return whether a store is so small that each removal may write its index anew."""
    counted = "SELECT count(*) FROM (SELECT 1 FROM records LIMIT ?)"
    return bool(connection.execute(counted, (_SMALL + 1,)).fetchone()[0] <= _SMALL)


def compact(connection: sqlite3.Connection) -> None:
    """Write the indexes anew, and the log back to the file.

    A removal only notes in the index that tokens are void; a merge of its parts drops them.
    """
    for table in ("records", "rejections"):
        connection.execute(f"INSERT INTO {table}_search ({table}_search) VALUES ('optimize')")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def forget(
    connection: sqlite3.Connection,
    document_ids: Sequence[str],
    tombstone: tuple[int, str, str],
    coder: RecordCoder,
) -> int:
    """Remove documents in the transaction that is open; return how many records there were.

    `tombstone` is its time in ms since 1970, its actor and its note. Outcomes of later events stay:
    an erasure may be repeated when a document has begun a new life.
    """
    ids, at = json.dumps(list(document_ids)), tombstone[0]
    # The number before the hyphen of an entry is its time.
    earlier = connection.execute(
        "SELECT document_id FROM records WHERE document_id IN (SELECT value FROM json_each(?))"
        " AND CAST(entry_id AS INTEGER) < ?",
        (ids, at),
    ).fetchall()
    removed = remove_records(connection, [row[0] for row in earlier], coder)
    rejections = connection.execute(
        "SELECT position, rejected, event FROM rejections"
        " WHERE document_id IN (SELECT value FROM json_each(?))",
        (ids,),
    ).fetchall()
    remove_rejections(
        connection,
        [
            position
            for position, rejected, blob in rejections
            if rejected < at or _taken(blob, coder, rejected) < at
        ],
        coder,
    )
    connection.executemany(
        "INSERT INTO tombstones VALUES (?, ?, ?, ?)"
        " ON CONFLICT (document_id) DO UPDATE SET forgotten = excluded.forgotten,"
        " actor = excluded.actor, note = excluded.note WHERE excluded.forgotten > forgotten",
        ((each, *tombstone) for each in document_ids),
    )
    return removed


def expire(connection: sqlite3.Connection, before: datetime, limit: int, coder: RecordCoder) -> int:
    """Remove up to `limit` old records, then rejections, in the transaction that is open."""
    edge = int(before.timestamp() * 1000)
    old = connection.execute(
        "SELECT document_id FROM records WHERE completed < ? ORDER BY completed LIMIT ?",
        (edge, limit),
    ).fetchall()
    removed = remove_records(connection, [row[0] for row in old], coder)
    old = connection.execute(
        "SELECT position FROM rejections WHERE rejected < ? ORDER BY rejected LIMIT ?",
        (edge, limit - removed),
    ).fetchall()
    return removed + remove_rejections(connection, [row[0] for row in old], coder)


def remove_records(
    connection: sqlite3.Connection, document_ids: Iterable[str], coder: RecordCoder
) -> int:
    """Remove records with their tokens; return how many there were."""
    rows = connection.execute(
        "SELECT position, duplicate_of, record FROM records"
        " WHERE document_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(document_ids)),),
    ).fetchall()
    connection.executemany(
        "INSERT INTO records_search (records_search, rowid, tokens) VALUES ('delete', ?, ?)",
        (
            (position, record_tokens(from_json(coder.decompressed(blob))))
            for position, _, blob in rows
        ),
    )
    connection.executemany(
        "DELETE FROM records WHERE position = ?", ((position,) for position, _, _ in rows)
    )
    originals = [(original,) for _, original, _ in rows if original is not None]
    connection.executemany(
        "UPDATE clusters SET duplicates = duplicates - 1 WHERE original = ?", originals
    )
    connection.executemany("DELETE FROM clusters WHERE original = ? AND duplicates <= 0", originals)
    return len(rows)


def remove_rejections(
    connection: sqlite3.Connection, positions: Sequence[int], coder: RecordCoder
) -> int:
    """Remove rejections with their tokens; return how many there were."""
    rows = connection.execute(
        "SELECT position, rejected_id, event FROM rejections"
        " WHERE position IN (SELECT value FROM json_each(?))",
        (json.dumps(positions),),
    ).fetchall()
    connection.executemany(
        "INSERT INTO rejections_search (rejections_search, rowid, tokens) VALUES ('delete', ?, ?)",
        (
            (position, rejection_tokens(rejection_values(rejected_id, event)))
            for position, rejected_id, event in (
                (position, rejected_id, _event(blob, coder)) for position, rejected_id, blob in rows
            )
        ),
    )
    connection.executemany(
        "DELETE FROM rejections WHERE position = ?", ((position,) for position, _, _ in rows)
    )
    return len(rows)


def _taken(blob: bytes, coder: RecordCoder, rejected: int) -> int:
    """Return the time at which the ledger took a rejected event, in ms since 1970."""
    received = _event(blob, coder).data.received_at
    return rejected if received is None else int(received.timestamp() * 1000)


def _event(blob: bytes, coder: RecordCoder) -> DocumentRejected:
    return DocumentRejected.model_validate_json(coder.decompressed(blob))
