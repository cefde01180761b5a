"""Exports of records for other programs and as backups, and imports of them."""
