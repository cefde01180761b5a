"""The store of record in an SQLite file, for any number of processes of one machine."""

from fanmill.stores.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
