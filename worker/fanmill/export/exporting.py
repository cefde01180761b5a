"""The loop of an export: rows of a source become lines of files, a chunk at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from fanmill.export.formats import Encoder
from fanmill.export.output import ExportFiles, ExportState
from fanmill.export.sources import Cursor, ExportSource, RecordRow

CHUNK_ROWS: Final = 1000
"""Rows that are lost and repeated at a kill; some 4 MB, and a member of a packed file."""

OnProgress = Callable[[ExportState], None]


@dataclass(slots=True)
class _Chunk:
    lines: list[bytes]
    cursor: Cursor
    records: int = 0
    rejections: int = 0

    @property
    def rows(self) -> int:
        return self.records + self.rejections


class Export:
    """An export into files.

    Args:
        source: The rows.
        encoder: The format.
        files: The files.
        rows_per_file: Number of rows after which another file begins; None for a single file.
        on_progress: Told of each chunk that is on disk.
    """

    def __init__(
        self,
        source: ExportSource,
        encoder: Encoder,
        files: ExportFiles,
        rows_per_file: int | None = None,
        on_progress: OnProgress = lambda _: None,
    ) -> None:
        self._source = source
        self._encoder = encoder
        self._files = files
        self._rows_per_file = rows_per_file
        self._on_progress = on_progress

    def run(self) -> int:
        """Write all rows behind the cursor of the files; return how many there were."""
        chunk = _Chunk([], self._files.state.cursor)
        written = 0
        if not self._files.state.file_bytes:
            self._files.write([self._encoder.head()], self._files.state)
        for cursor, row in self._source.rows(self._files.state.cursor):
            chunk.lines.append(self._encoder.line(row))
            chunk.cursor = cursor
            if isinstance(row, RecordRow):
                chunk.records += 1
            else:
                chunk.rejections += 1
            written += 1
            if chunk.rows >= self._room():
                self._write(chunk)
                chunk = _Chunk([], cursor)
        if chunk.lines:
            self._write(chunk)
        return written

    def _room(self) -> int:
        """Return the number of rows of the chunk: chunks end at the same rows in every attempt."""
        state = self._files.state
        room = CHUNK_ROWS - (state.records + state.rejections) % CHUNK_ROWS
        if self._rows_per_file is None:
            return room
        return min(room, self._rows_per_file - state.file_rows % self._rows_per_file)

    def _write(self, chunk: _Chunk) -> None:
        if self._rows_per_file is not None and self._files.state.file_rows >= self._rows_per_file:
            self._files.next_file()
            self._files.write([self._encoder.head()], self._files.state)
        state = self._files.state
        self._files.write(
            chunk.lines,
            replace(
                state,
                cursor=chunk.cursor,
                records=state.records + chunk.records,
                rejections=state.rejections + chunk.rejections,
                file_rows=state.file_rows + chunk.rows,
            ),
        )
        self._on_progress(self._files.state)
