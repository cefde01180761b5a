"""Formats of the records of a back-fill, by name."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanmill.backfill.record_files import RecordFormat


class RecordFormatName(StrEnum):
    """JSON lines compressed by zstd, or Parquet with the columns of `fanmill export`."""

    JSONL = "jsonl"
    PARQUET = "parquet"


def record_format_of(name: RecordFormatName) -> RecordFormat:
    """Return a format.

    Raises:
        NoParquet: It is Parquet, and DuckDB is not installed.
    """
    if name == RecordFormatName.PARQUET:
        from fanmill.backfill.parquet import connected
        from fanmill.export.record_tables import RecordTables

        connected().close()
        return RecordTables()
    from fanmill.backfill.record_files import JsonLines

    return JsonLines()
