"""A connection to the file of a store, with SQLite's errors in the words of `StoreError`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from fanmill.ports import StoreError

MIN_VERSION: Final = (3, 38, 0)
"""JSON functions are part of SQLite from this version on."""

BUSY_SECONDS: Final = 30.0
"""Time that a call waits for another process that writes."""
_CACHE_KIB: Final = 65_536
_TEMPORARY: Final = {
    sqlite3.SQLITE_BUSY: "is in use: another process has written to it for 30 s",
    sqlite3.SQLITE_LOCKED: "is locked by another process",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full; free some space",
    sqlite3.SQLITE_READONLY: "is read-only: check the owner and the mode of file and folder",
    sqlite3.SQLITE_IOERR: "cannot be read or written",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check that its folder exists and may be written",
    sqlite3.SQLITE_NOMEM: "needs more memory than there is",
}
_LASTING: Final = {
    sqlite3.SQLITE_CORRUPT: "is damaged: restore a copy, or import an export into a new store",
    sqlite3.SQLITE_NOTADB: "is no SQLite database",
}


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """Open a database.

    Args:
        path: The file.
        create: Whether to make it if it is missing.

    Raises:
        StoreError: It cannot be opened.
    """
    if sqlite3.sqlite_version_info < MIN_VERSION:
        wanted = ".".join(map(str, MIN_VERSION))
        raise StoreError(
            f"SQLite is {sqlite3.sqlite_version}; the store needs {wanted}", temporary=False
        )
    with explained(path):
        mode = "rwc" if create else "rw"
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
        )
        try:
            _configure(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def _configure(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except sqlite3.OperationalError as error:
        # Readers of a read-only file need no journal of their own.
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
            raise
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise `StoreError` for errors of SQLite."""
    try:
        yield
    except sqlite3.Error as error:
        raise store_error(path, error) from error


def store_error(path: Path, error: sqlite3.Error) -> StoreError:
    """Return an error of SQLite in words."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    problem = _TEMPORARY.get(code) or _LASTING.get(code)
    temporary = code in _TEMPORARY
    if problem is None:
        problem = "cannot serve"
    return StoreError(f"store {path} {problem} ({error})", temporary=temporary)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write in one transaction; an error undoes it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
