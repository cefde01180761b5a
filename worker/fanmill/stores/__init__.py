"""Stores on Redis or Valkey: the ledger with its records, and the index of duplicates."""
