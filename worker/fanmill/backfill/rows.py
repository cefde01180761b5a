"""Rows of input files: lines or rows of a table, each with its place, by parts of bounded size.

The parts of a file are the same for every number of shards and workers. A file of plain lines is
cut by bytes, so that a worker begins in its middle; a packed one must be read from its start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from fanmill.backfill.inputs import InputFile
from fanmill.batch.line_files import bounded_lines, unpacked
from fanmill_contracts import limits

PART_BYTES: Final = 32 * limits.MIB
"""Size of a part before packing: about 4,700 documents of 7 kB, half a minute of a core."""

PART_ROWS: Final = 8192
"""Number of rows in a part of a table."""

_MAX_LINE: Final = 8 * limits.MAX_EVENT_BYTES
_COUNTED_AT_ONCE: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class Row:
    """A line or row of a file, not yet parsed."""

    place: int
    """Offset of a plain line in bytes, number of a packed line or of a row, from 0."""
    content: bytes | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file that this worker has to do."""

    number: int
    rows: Callable[[], Iterator[Row]]
    """Reads the rows, once."""


def parts_of(
    file: InputFile, wanted: Callable[[int], bool], part_bytes: int = PART_BYTES
) -> Iterator[Part]:
    """Yield the wanted parts of a file, in order; each is read before the next is asked for.

    Args:
        file: The file.
        wanted: Tells for the number of a part whether it is wanted.
        part_bytes: Size of a part before packing; parts of tables have `PART_ROWS`.

    Raises:
        READ_ERRORS: The file cannot be read; also when rows are read. No part follows.
    """
    if file.kind == "lines":
        for number in range(max(1, -(-file.size // part_bytes))):
            if wanted(number):
                yield Part(number, lambda at=number: _plain(file.path, at, part_bytes))  # type: ignore[misc]
    elif file.kind == "packed":
        yield from _packed(file.path, wanted, part_bytes)
    else:
        from fanmill.backfill.parquet import parquet_parts  # noqa: PLC0415  an extra

        yield from parquet_parts(file.path, wanted)


def line_number(file: InputFile, place: int) -> int:
    """Return the number of a row from 1; lines of a plain file are counted up to it."""
    if file.kind != "lines":
        return place + 1
    count, left = 1, place
    with file.path.open("rb") as stream:
        while left:
            chunk = stream.read(min(left, _COUNTED_AT_ONCE))
            if not chunk:
                break
            count += chunk.count(b"\n")
            left -= len(chunk)
    return count


def _plain(path: Path, number: int, part_bytes: int) -> Iterator[Row]:
    """Yield the lines that begin in a part of a plain file."""
    start, end = number * part_bytes, (number + 1) * part_bytes
    with path.open("rb") as stream:
        if start:
            # The line that the part before began is read by that part.
            stream.seek(start - 1)
            _pass_line(stream)
        at = stream.tell()
        while at < end and (line := next(bounded_lines(stream, _MAX_LINE), b"")):
            yield Row(at, line)
            at = stream.tell()


def _pass_line(stream: BinaryIO) -> None:
    while (line := stream.readline(_COUNTED_AT_ONCE)) and not line.endswith(b"\n"):
        pass


def _packed(path: Path, wanted: Callable[[int], bool], part_bytes: int) -> Iterator[Part]:
    with path.open("rb") as raw, unpacked(raw, path.name) as stream:
        lines = enumerate(bounded_lines(stream, _MAX_LINE))
        waiting: list[Row] = []
        ended = False

        def rows() -> Iterator[Row]:
            nonlocal ended
            size = 0
            while waiting or not ended:
                row = waiting.pop() if waiting else _next(lines)
                if row is None:
                    ended = True
                    return
                if size >= part_bytes:
                    waiting.append(row)
                    return
                size += len(row.content)
                yield row

        number = 0
        while True:
            row = waiting.pop() if waiting else _next(lines)
            if row is None and number:
                return
            if row is not None:
                waiting.append(row)
            if wanted(number):
                yield Part(number, rows)
            else:
                for _ in rows():
                    pass
            number += 1


def _next(lines: Iterator[tuple[int, bytes]]) -> Row | None:
    number, line = next(lines, (0, None))
    return None if line is None else Row(number, line)
