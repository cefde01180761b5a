"""State and soundness of a database."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from pydantic_core import from_json

from fanmill.ports.store import StoreError, StoreInfo
from fanmill.stores.facets_state import VERSION, cursor_in, require_facets
from fanmill.stores.record_blob import RecordCoder
from fanmill.stores.sqlite.facets import EVERY, FACETS_VERSION, record_tokens
from fanmill.stores.sqlite.rebuilding import facts

if TYPE_CHECKING:
    from fanmill.stores.sqlite.database import Database

_SAMPLE: Final = 1000
_COMPARED: Final = 100
"""Number of the newest records of which every token is looked up in the index."""
_NAMED: Final = 5
"""Number of positions that a fault names."""
_FACETS_SINCE: Final = 2
"""Schema version from which on a store knows the version of its facets."""


def info(database: "Database") -> StoreInfo:
    """Return the state of a store; without tables, it has no record."""
    state = database.state()
    one = database.one if state.version else lambda _: None
    known = facts(database.connection) if state.version >= _FACETS_SINCE else {}
    cursor = cursor_in(known)
    return StoreInfo(
        kind="sqlite",
        server=sqlite3.sqlite_version,
        schema_version=state.version,
        wanted_schema_version=state.wanted,
        facets_version=known.get(VERSION, ""),
        wanted_facets_version=FACETS_VERSION,
        facets_rebuild=None if cursor is None else cursor.progress,
        records=one("SELECT count(*) FROM records") or 0,
        rejections=one("SELECT count(*) FROM rejections") or 0,
        tombstones=one("SELECT count(*) FROM tombstones") or 0,
        bytes=int(database.one("PRAGMA page_count")) * int(database.one("PRAGMA page_size")),
        oldest=_moment(one("SELECT min(completed) FROM records")),
        newest=_moment(one("SELECT max(completed) FROM records")),
    )


def faults(
    connection: sqlite3.Connection, coder: RecordCoder, *, all_records: bool = False
) -> list[str]:
    """Return the faults of a database; empty if it is sound."""
    found: list[str] = []
    limit = -1 if all_records else _SAMPLE
    for what, part in (
        ("the file", partial(_integrity, connection)),
        ("the table of clusters", partial(_wrong_clusters, connection)),
        ("the table of records", partial(_damaged_records, connection, coder, limit)),
        ("the search index", partial(_index_faults, connection, coder)),
    ):
        found += _read(what, part)
    return list(dict.fromkeys(found))


def _read(what: str, part: Callable[[], Iterable[str]]) -> Iterator[str]:
    """Yield the faults of a part; one that cannot be read is a fault, and others are read."""
    try:
        yield from part()
    except sqlite3.DatabaseError as error:
        yield f"{what} is damaged: {error}"


def _integrity(connection: sqlite3.Connection) -> Iterator[str]:
    for (said,) in connection.execute("PRAGMA integrity_check(20)"):
        if said != "ok":
            yield said


def _index_faults(connection: sqlite3.Connection, coder: RecordCoder) -> Iterator[str]:
    try:
        require_facets(facts(connection), FACETS_VERSION)
    except StoreError as error:
        yield str(error)
        return
    for table in ("records", "rejections"):
        for part in (_structure, _other_rows):
            yield from _read(f"the search index of {table}", partial(part, connection, table))
    yield from _other_tokens(connection, coder)


def _structure(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    connection.execute(f"INSERT INTO {table}_search ({table}_search) VALUES ('integrity-check')")
    yield from ()


def _other_rows(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    """Compare the positions of a table with those in its index: each row has one token."""
    indexed = connection.execute(
        f"SELECT rowid FROM {table}_search WHERE tokens MATCH ? ORDER BY rowid", (f'"{EVERY}"',)
    )
    stored = connection.execute(f"SELECT position FROM {table} ORDER BY position")
    missing, surplus = _differences((row[0] for row in stored), (row[0] for row in indexed))
    if missing:
        yield f"the search index of {table} lacks {_places(missing)}; {_REBUILD}"
    if surplus:
        yield f"the search index of {table} has {_places(surplus)} too many; {_REBUILD}"


def _differences(stored: Iterator[int], indexed: Iterator[int]) -> tuple[list[int], list[int]]:
    """Return the positions that only one of two rising sequences has."""
    missing: list[int] = []
    surplus: list[int] = []
    one, other = next(stored, None), next(indexed, None)
    while one is not None or other is not None:
        if one == other:
            one, other = next(stored, None), next(indexed, None)
        elif other is None or (one is not None and one < other):
            assert one is not None  # noqa: S101
            missing.append(one)
            one = next(stored, None)
        else:
            surplus.append(other)
            other = next(indexed, None)
    return missing, surplus


_REBUILD: Final = "`fanmill store migrate --rebuild` makes it anew"


def _places(positions: list[int]) -> str:
    named = ", ".join(map(str, islice(positions, _NAMED)))
    more = ", ..." if len(positions) > _NAMED else ""
    return f"{len(positions):,} positions ({named}{more})"


def _other_tokens(connection: sqlite3.Connection, coder: RecordCoder) -> Iterator[str]:
    """Look up each token of the newest records in the index."""
    wrong = []
    for position, blob in connection.execute(
        "SELECT position, record FROM records ORDER BY position DESC LIMIT ?", (_COMPARED,)
    ):
        try:
            tokens = dict.fromkeys(record_tokens(from_json(coder.decompressed(blob))).split())
        except ValueError:
            continue
        expression = " AND ".join(f'"{token}"' for token in tokens)
        if not connection.execute(
            "SELECT 1 FROM records_search WHERE tokens MATCH ? AND rowid = ?",
            (expression, position),
        ).fetchone():
            wrong.append(position)
    if wrong:
        yield f"the search index of records has other words for {_places(wrong)}; {_REBUILD}"


def _damaged_records(
    connection: sqlite3.Connection, coder: RecordCoder, limit: int
) -> Iterator[str]:
    """Read the newest records, or all with a limit below 0, and compare columns with JSON."""
    for position, document_id, blob in connection.execute(
        "SELECT position, document_id, record FROM records ORDER BY position DESC LIMIT ?", (limit,)
    ):
        try:
            record = json.loads(coder.decompressed(blob))
            if record["document_id"] != document_id:
                yield f"the record at position {position} belongs to another document"
        except (ValueError, KeyError, TypeError):
            yield f"the record at position {position} is damaged"
    for position, blob in connection.execute(
        "SELECT position, event FROM rejections ORDER BY position DESC LIMIT ?", (limit,)
    ):
        try:
            json.loads(coder.decompressed(blob))
        except ValueError:
            yield f"the rejection at position {position} is damaged"


def _wrong_clusters(connection: sqlite3.Connection) -> Iterator[str]:
    wrong = connection.execute(
        "SELECT count(*) FROM clusters AS c WHERE duplicates <>"
        " (SELECT count(*) FROM records AS r WHERE r.duplicate_of = c.original)"
    ).fetchone()[0]
    if wrong:
        yield f"{wrong} clusters have another size than they say"


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)
