"""The store of record in an SQLite file."""
