"""Queries over records and rejections, each with a plan that stays fast as the store grows.

Newest first, matches are frequent or rare. Frequent ones are among the newest records: those are
walked by position, a bounded number. If they do not suffice, the inverted index names all others,
which are rare then. The planner's estimates decide neither, for they are wrong where two
conditions depend on each other.
"""

from collections.abc import Sequence
from typing import Any, Final

from fanmill.ports.store import CappedCount, ClusterSize, SavedRecord, SavedRejection
from fanmill.stores.postgresql.conditions import Where
from fanmill.stores.postgresql.connection import Connection
from fanmill.stores.postgresql.rows import plain

WALKED: Final = 10_000
"""Number of the newest records that a search looks through before it asks the index."""

WALKED_WORDS: Final = 1_000
"""The same for searches with words: their tokens are read from beside the row, which is slow."""

COUNTED: Final = 1_000
"""Number up to which records with words and tags are counted: comparing 10,000 takes 0.2 s."""

PAGE: Final = 500
"""Records that a scan holds in memory."""

NAMED: Final = 100_000
"""Positions that a scan lets the index name; with more matches it walks through all records."""

_RECORD: Final = "position, entry_id, record::text, fingerprint"
_REJECTION: Final = "position, rejected_id, event::text"

BY_INDEX: Final = """SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;
SET LOCAL enable_indexonlyscan = off"""
"""Settings that leave bitmap scans: over the index that names the fewest rows.

Statements with them write `position + 0`, so that the index of positions is none of them.
"""


def saved_record(row: Sequence[Any]) -> SavedRecord:
    """Return a row of a query as a record."""
    return SavedRecord(row[0], row[1], row[2].encode(), row[3])


def saved_rejection(row: Sequence[Any]) -> SavedRejection:
    """Return a row of a query as a rejection."""
    return SavedRejection(row[0], row[1], row[2].encode())


def get_many(connection: Connection, document_ids: Sequence[str]) -> dict[str, SavedRecord]:
    """Return the records there are of these documents, by document id."""
    rows = connection.execute(
        f"SELECT document_id, {_RECORD} FROM fanmill_records WHERE document_id = ANY(%s)".encode(),
        ([plain(each) for each in document_ids],),
    )
    return {row[0]: saved_record(row[1:]) for row in rows.fetchall()}


def search(
    connection: Connection, where: Where, before: int | None, limit: int
) -> list[SavedRecord]:
    """Return records that match, the newest first, from positions below `before`."""
    if where.nothing:
        return []
    top = _top(connection) if before is None else before
    floor = top - (WALKED_WORDS if where.words else WALKED)
    rows = walk(connection, where, floor, top, limit)
    if len(rows) < limit and floor > 0:
        rest = limit - len(rows)
        if where.indexed:
            rows += by_index(connection, where, floor, rest)
        else:
            rows += walk(connection, where, 0, floor, rest)
    return [saved_record(row) for row in rows]


def walk_statement(where: Where) -> str:
    """Return the statement that looks through a range of positions, the newest first."""
    return (
        f"SELECT {_RECORD} FROM fanmill_records WHERE position >= %s AND position < %s"
        f" AND {where.walk_sql} ORDER BY position DESC LIMIT %s"
    )


def walk(connection: Connection, where: Where, low: int, high: int, limit: int) -> list[Any]:
    """Return rows from `low` to below `high` by the index of positions."""
    with connection.transaction():
        connection.execute("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off")
        statement = walk_statement(where).encode()
        return connection.execute(statement, (low, high, *where.walk_values, limit)).fetchall()


def index_statement(where: Where) -> str:
    """Return the statement that lets indexes name all matches below a position."""
    return (
        "WITH found AS MATERIALIZED (SELECT position FROM fanmill_records"
        f" WHERE position + 0 < %s AND {where.sql})"
        f" SELECT {_RECORD} FROM fanmill_records WHERE position = ANY(ARRAY("
        "SELECT position FROM found ORDER BY position DESC LIMIT %s)) ORDER BY position DESC"
    )


def by_index(connection: Connection, where: Where, before: int, limit: int) -> list[Any]:
    """Return rows below a position by the indexes of their values."""
    with connection.transaction():
        connection.execute(BY_INDEX.encode())
        statement = index_statement(where).encode()
        return connection.execute(statement, (before, *where.values, limit)).fetchall()


def count(connection: Connection, where: Where, cap: int) -> CappedCount:
    """Return how many records match, counted up to `cap`; words and tags up to `COUNTED`."""
    if where.nothing:
        return CappedCount(0, capped=False)
    if where.words or where.tags:
        cap = min(cap, COUNTED)
    if where.sql == "TRUE":
        return _counted(connection, "SELECT 1 FROM fanmill_records", (), cap)
    top = _top(connection)
    statement = (
        "SELECT 1 FROM fanmill_records WHERE position >= %s AND position < %s AND " + where.walk_sql
    )
    # If every second record matches, the newest suffice to reach the cap.
    newest = _counted(connection, statement, (top - 2 * cap, top, *where.walk_values), cap)
    if newest.capped or top <= 2 * cap:
        return newest
    with connection.transaction():
        if where.indexed:
            connection.execute(BY_INDEX.encode())
            statement = f"SELECT 1 FROM fanmill_records WHERE {where.sql}"
            return _counted(connection, statement, (*where.values,), cap)
        return _counted(connection, statement, (0, top, *where.walk_values), cap)


def _counted(
    connection: Connection, statement: str, values: tuple[Any, ...], cap: int
) -> CappedCount:
    limited = f"SELECT count(*) FROM ({statement} LIMIT %s) AS found"
    row = connection.execute(limited.encode(), (*values, cap + 1)).fetchone()
    number = 0 if row is None else int(row[0])
    return CappedCount(min(number, cap), capped=number > cap)


def _top(connection: Connection) -> int:
    """Return a number above all positions of records."""
    row = connection.execute("SELECT max(position) FROM fanmill_records").fetchone()
    return 1 if row is None or row[0] is None else int(row[0]) + 1


def edges(connection: Connection, after: int) -> tuple[int, int] | None:
    """Return the limits of the next part of a scan; None behind the last record.

    A part has a bounded number of positions, so that a statement ends soon whatever matches.
    """
    row = connection.execute(
        "SELECT min(position) FROM fanmill_records WHERE position > %s", (after,)
    ).fetchone()
    if row is None or row[0] is None:
        return None
    return row[0] - 1, row[0] - 1 + WALKED


def page_after(connection: Connection, where: Where, after: int, top: int) -> list[Any]:
    """Return the next rows of a scan up to a position, the oldest first."""
    statement = (
        f"SELECT {_RECORD} FROM fanmill_records WHERE position > %s AND position <= %s"
        f" AND {where.walk_sql} ORDER BY position LIMIT {PAGE}"
    )
    with connection.transaction():
        connection.execute("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off")
        return connection.execute(statement.encode(), (after, top, *where.walk_values)).fetchall()


def named_positions(connection: Connection, where: Where, after: int) -> list[int] | None:
    """Return the positions of all matches above one, in order; None if there are very many."""
    if where.nothing:
        return []
    if not where.indexed:
        return None
    statement = (
        f"SELECT position FROM fanmill_records WHERE position + 0 > %s AND {where.sql}"
        f" LIMIT {NAMED + 1}"
    )
    with connection.transaction():
        connection.execute(BY_INDEX.encode())
        rows = connection.execute(statement.encode(), (after, *where.values)).fetchall()
    return None if len(rows) > NAMED else sorted(row[0] for row in rows)


def at_positions(connection: Connection, positions: Sequence[int]) -> list[Any]:
    """Return the rows of positions that still exist, the oldest first."""
    return connection.execute(
        f"SELECT {_RECORD} FROM fanmill_records WHERE position = ANY(%s)"
        " ORDER BY position".encode(),
        (list(positions),),
    ).fetchall()


def search_rejections(
    connection: Connection, where: Where, before: int | None, limit: int
) -> list[SavedRejection]:
    """Return rejections that match, the newest first, from positions below `before`."""
    statement = (
        f"SELECT {_REJECTION} FROM fanmill_rejections WHERE position < %s AND {where.sql}"
        " ORDER BY position DESC LIMIT %s"
    )
    top = 2**62 if before is None else before
    rows = connection.execute(statement.encode(), (top, *where.values, limit))
    return [saved_rejection(row) for row in rows.fetchall()]


def rejections_after(connection: Connection, where: Where, after: int) -> list[SavedRejection]:
    """Return the next rejections of a scan, the oldest first."""
    statement = (
        f"SELECT {_REJECTION} FROM fanmill_rejections WHERE position > %s AND {where.sql}"
        f" ORDER BY position LIMIT {PAGE}"
    )
    rows = connection.execute(statement.encode(), (after, *where.values))
    return [saved_rejection(row) for row in rows.fetchall()]


def clusters(connection: Connection, limit: int) -> list[ClusterSize]:
    """Return the clusters, the largest first."""
    rows = connection.execute(
        "SELECT original, duplicates FROM fanmill_clusters"
        " ORDER BY duplicates DESC, original LIMIT %s",
        (limit,),
    )
    return [ClusterSize(*row) for row in rows.fetchall()]


def members(
    connection: Connection, original: str, before: int | None, limit: int
) -> list[SavedRecord]:
    """Return the duplicates of an original, the newest first."""
    rows = connection.execute(
        f"SELECT {_RECORD} FROM fanmill_records WHERE duplicate_of = %s AND position < %s"
        " ORDER BY position DESC LIMIT %s".encode(),
        (plain(original), 2**62 if before is None else before, limit),
    )
    return [saved_record(row) for row in rows.fetchall()]
