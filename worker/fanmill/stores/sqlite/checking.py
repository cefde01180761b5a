"""Faults of a database, in words."""

import sqlite3
from typing import Final

from fanmill.stores.record_blob import RecordCoder

_SAMPLE: Final = 1000


def faults(connection: sqlite3.Connection, coder: RecordCoder) -> list[str]:
    """Return the faults of a database; empty if it is sound."""
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
    for table in ("records", "rejections"):
        try:
            connection.execute(
                f"INSERT INTO {table}_search ({table}_search) VALUES ('integrity-check')"
            )
        except sqlite3.DatabaseError as error:
            found.append(f"the search index of {table} is damaged: {error}")
    found += _wrong_clusters(connection)
    for position, blob in connection.execute(
        "SELECT position, record FROM records ORDER BY position DESC LIMIT ?", (_SAMPLE,)
    ):
        try:
            coder.decompressed(blob)
        except ValueError:
            found.append(f"the record at position {position} is damaged")
    return found


def _wrong_clusters(connection: sqlite3.Connection) -> list[str]:
    wrong = connection.execute(
        "SELECT count(*) FROM clusters AS c WHERE duplicates <>"
        " (SELECT count(*) FROM records AS r WHERE r.duplicate_of = c.original)"
    ).fetchone()[0]
    return [f"{wrong} clusters have another size than they say"] if wrong else []
