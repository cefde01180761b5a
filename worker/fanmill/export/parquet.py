"""Parquet files of records, by DuckDB from lines that were exported first (extra `parquet`)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic_core import from_json, to_json

from fanmill.backfill.parquet import connected
from fanmill.export.formats import JsonLines
from fanmill.export.scalars import SCALAR_COLUMNS, ColumnType, scalars_of
from fanmill.export.sources import ExportRow, RecordRow, RejectionRow

_SQL_TYPES: Final[dict[ColumnType, str]] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "time": "TIMESTAMP WITH TIME ZONE",
    "texts": "VARCHAR[]",
}

_COLUMNS: Final[dict[str, ColumnType]] = {
    **SCALAR_COLUMNS,
    "topics": "texts",
    "keyphrases": "texts",
    "tags": "texts",
    "failed_filters": "texts",
    "summary": "text",
    "entry_id": "text",
    "record": "text",
}

_ROW_GROUP: Final = 8192
"""Rows of a group: some 35 MB of records, which a writer holds in memory."""


_FETCHED: Final = 500
"""Records of a read that are held in memory."""


class ParquetFailed(Exception):
    """DuckDB could not write or read the file; the text says why."""


@dataclass(frozen=True, slots=True)
class ParquetLines:
    """Rows of the table as JSON lines, which `write_parquet` reads."""

    fingerprints: bool = False

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    def line(self, row: ExportRow) -> bytes:
        """Return the JSON of a row."""
        assert not isinstance(row, RejectionRow)  # noqa: S101
        values = table_row(from_json(row.record_json))
        values["record"] = row.record_json.decode()
        values["entry_id"] = row.entry_id
        if self.fingerprints:
            values["fingerprint"] = b64encode(row.fingerprint).decode() or None
        return to_json(values) + b"\n"


def table_row(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a record, but for those that hold it as a whole."""
    tags = (record.get("tagging") or {}).get("tags") or {}
    sentences = (record.get("summary") or {}).get("sentences") or ()
    results = (record.get("statistics") or {}).get("filters") or {}
    return {
        **scalars_of(record),
        "topics": [tag["value"] for tag in tags.get("topic", ())],
        "keyphrases": [tag["value"] for tag in tags.get("keyphrase", ())],
        "tags": [f"{name}/{tag['value']}" for name, those in tags.items() for tag in those],
        "failed_filters": [
            name for name, result in results.items() if not result.get("passed", True)
        ],
        "summary": " ".join(sentence["text"] for sentence in sentences) or None,
    }


def lines_in(path: Path, *, fingerprints: bool = True) -> Iterator[bytes]:
    """Yield the records of a Parquet file of `write_parquet` as lines of the format `jsonl`.

    Raises:
        NoParquet: DuckDB is not installed.
        ParquetFailed: The file cannot be read, or is not from an export.
    """
    encoder = JsonLines(fingerprints=fingerprints)
    with _connected(path) as connection:
        found = connection.execute("SELECT * FROM read_parquet(?) LIMIT 0", [str(path)])
        has_fingerprint = "fingerprint" in [column[0] for column in found.description]
        columns = "record, entry_id" + ", fingerprint" * has_fingerprint
        found = connection.execute(
            f"SELECT {columns} FROM read_parquet(?)",  # noqa: S608
            [str(path)],
        )
        while rows := found.fetchmany(_FETCHED):
            for record, entry_id, *kept in rows:
                row = RecordRow(record.encode(), entry_id, bytes(kept[0] or b"") if kept else b"")
                yield encoder.line(row)


def write_parquet(lines: Path, path: Path, *, fingerprints: bool, entry_ids: bool = True) -> None:
    """Write a Parquet file from the lines of `ParquetLines`, plain or packed, in their order.

    The file appears under its name when it is complete. Memory is bounded by the row group.

    Raises:
        NoParquet: DuckDB is not installed.
        ParquetFailed: It cannot write the file.
    """
    columns = {name: _SQL_TYPES[kind] for name, kind in _COLUMNS.items()}
    if not entry_ids:
        del columns["entry_id"]
    if fingerprints:
        columns["fingerprint"] = "VARCHAR"
    names = ", ".join(
        "from_base64(fingerprint) AS fingerprint" if name == "fingerprint" else f'"{name}"'
        for name in columns
    )
    struct = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    draft = path.with_name(f".{path.name}.new")
    try:
        with _connected(path) as connection:
            connection.execute("SET memory_limit = '1GB'")
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(
                f"COPY (SELECT {names} FROM read_json(?, format='newline_delimited', "  # noqa: S608
                f"columns={{{struct}}}, maximum_object_size=268435456)) TO '{_quoted(draft)}' "
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})",
                [str(lines)],
            )
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _connected(path: Path) -> Iterator[Any]:
    """Open DuckDB; its errors become those of the file."""
    connection = connected()
    try:
        yield connection
    except Exception as error:
        if type(error).__module__.partition(".")[0] in {"duckdb", "_duckdb"}:
            raise ParquetFailed(f"{path}: {str(error).splitlines()[0]}") from None
        raise
    finally:
        connection.close()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
