"""Parquet files by DuckDB: rows of an input by parts, and records as a table (extra `parquet`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fanmill.backfill.rows import PART_ROWS, Part, Row


class NoParquet(Exception):
    """DuckDB is not installed; the text says what to do."""

    def __str__(self) -> str:
        """Say what to install."""
        return "Parquet files need DuckDB; install it with: pip install 'fanmill[parquet]'"


def connected() -> Any:
    """Return a connection of DuckDB in memory, with one thread: other workers have theirs.

    Raises:
        NoParquet: It is not installed.
    """
    try:
        import duckdb  # noqa: PLC0415  an extra
    except ImportError:
        raise NoParquet from None
    return duckdb.connect(config={"threads": 1})


def parquet_parts(path: Path, wanted: Callable[[int], bool]) -> Iterator[Part]:
    """Yield the wanted parts of a Parquet file; see `rows.parts_of`.

    Raises:
        NoParquet: DuckDB is not installed.
        OSError: The file cannot be read.
    """
    connection = connected()
    try:
        (rows,) = connection.execute("select count(*) from read_parquet(?)", [str(path)]).fetchone()
    except Exception as error:  # noqa: BLE001  the base of its errors is in an extra
        raise OSError(str(error)) from None
    for number in range(max(1, -(-rows // PART_ROWS))):
        if wanted(number):
            yield Part(number, lambda at=number: _rows(connection, path, at))  # type: ignore[misc]


def _rows(connection: Any, path: Path, number: int) -> Iterator[Row]:
    start = number * PART_ROWS
    try:
        yield from _fetched(connection, path, start)
    except Exception as error:  # noqa: BLE001  the base of its errors is in an extra
        raise OSError(str(error)) from None


def _fetched(connection: Any, path: Path, start: int) -> Iterator[Row]:
    found = connection.execute(
        "select * from read_parquet(?, file_row_number=true) "
        "where file_row_number >= ? and file_row_number < ? order by file_row_number",
        [str(path), start, start + PART_ROWS],
    )
    names = [column[0] for column in found.description]
    while rows := found.fetchmany(256):
        for row in rows:
            fields = dict(zip(names, map(_written, row), strict=True))
            yield Row(int(fields.pop("file_row_number")), fields)


def records_in(path: Path) -> Iterator[bytes]:
    """Yield the column `record` of a file of records, in the order of its rows.

    Raises:
        NoParquet: DuckDB is not installed.
        OSError: The file cannot be read.
    """
    connection = connected()
    try:
        found = connection.execute(
            "select record from read_parquet(?, file_row_number=true) order by file_row_number",
            [str(path)],
        )
        while rows := found.fetchmany(256):
            for (record,) in rows:
                yield record.encode()
    except Exception as error:  # noqa: BLE001  the base of its errors is in an extra
        raise OSError(str(error)) from None


def _written(value: Any) -> Any:
    """Return a value as JSON would carry it; times as RFC 3339."""
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return value
    if isinstance(value, dict):
        return {str(name): _written(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_written(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
