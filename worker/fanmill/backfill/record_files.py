"""Files of records: JSON lines, or a table that is made of lines when a part is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

import zstandard

RECORDS_SUFFIX: Final = ".jsonl.zst"
_LEVEL: Final = 3


class RecordFormat(Protocol):
    """A format of the files of records; it is picklable, for the processes of a shard."""

    @property
    def name(self) -> str:
        """Its name for `--format`."""

    @property
    def suffix(self) -> str:
        """End of the names of its files."""

    def line(self, record_json: bytes) -> bytes:
        """Return the line of a record, with its line break."""

    def opened(self, draft: BinaryIO) -> Any:
        """Return a context manager with `write`, which writes lines to a draft."""

    def finish(self, draft: Path, path: Path) -> None:
        """Make the file of a complete draft, which is on disk and vanishes.

        Raises:
            OSError: It cannot be written.
        """


@dataclass(frozen=True, slots=True)
class JsonLines:
    """Records as they are, a line for each, compressed."""

    name: str = "jsonl"
    suffix: str = RECORDS_SUFFIX

    def line(self, record_json: bytes) -> bytes:
        """Return the record on a line."""
        return record_json + b"\n"

    def opened(self, draft: BinaryIO) -> Any:
        """Return a compressing writer."""
        return zstandard.ZstdCompressor(level=_LEVEL).stream_writer(draft, closefd=False)

    def finish(self, draft: Path, path: Path) -> None:
        """Give the draft its name."""
        draft.replace(path)


class RecordWriter:
    """Writes a file of records, which appears under its name when it is complete.

    Args:
        path: The file, without the suffix of its format.
        form: The format.
    """

    def __init__(self, path: Path, form: RecordFormat) -> None:
        self.path = path.with_name(f"{path.name}{form.suffix}")
        self._form = form
        self._draft = unfinished(self.path)

    @contextmanager
    def draft(self) -> Iterator[RecordWriter]:
        """Write the draft; it is on disk at the end."""
        with self._draft.open("wb") as raw:
            with self._form.opened(raw) as self._lines:
                yield self
            raw.flush()
            os.fsync(raw.fileno())

    def write(self, record_json: bytes) -> None:
        """Write a record; within `draft`."""
        self._lines.write(self._form.line(record_json))

    def finish(self) -> None:
        """Make the file of the draft."""
        self._form.finish(self._draft, self.path)


def unfinished(path: Path) -> Path:
    """Return the name of a draft of a file by this process."""
    return path.with_name(f"{path.name}.{os.getpid()}.tmp")
