"""The store of record in PostgreSQL."""

from fanmill.stores.postgresql.store import PostgresqlStore

__all__ = ["PostgresqlStore"]
