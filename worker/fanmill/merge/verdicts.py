"""The verdicts of a merge on disk: one JSON object a line, in the order of judgement.

The last file grows line by line and is not compressed, so that a killed merge goes on behind its
last whole line. Files that are full are compressed and never change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import zstandard
from pydantic_core import to_json

from fanmill.batch.run_file import RunEntry, RunKey

LINES: Final = 65_536
"""Number of verdicts in a file."""

_CURRENT: Final = "current.jsonl"


class JudgedLine(NamedTuple):
    """A verdict as it was written."""

    key: RunKey
    document_id: str
    deduplication: dict[str, Any]
    """The member `deduplication` of the record."""


class Verdicts:
    """The verdicts in a folder.

    Args:
        folder: The folder; made if missing. A last line that is not whole is cut off.
        at_most: Number of verdicts that the index knows of; later ones are cut off.
        lines: Number of verdicts in a file.
    """

    def __init__(self, folder: Path, at_most: int, lines: int = LINES) -> None:
        self._folder = folder
        self._lines = lines
        folder.mkdir(parents=True, exist_ok=True)
        self._finished = len(list(folder.glob("*.jsonl.zst"))) * lines
        self._path = folder / _CURRENT
        whole = self._cut(at_most)
        self._in_current = len(whole)
        self._file = self._path.open("ab")
        self.last: RunKey | None = None
        if whole:
            self.last = _parsed(whole[-1]).key
        elif self._finished:
            *_, last = _lines_of(self._file_of(self._finished - lines))
            self.last = _parsed(last).key

    @property
    def position(self) -> int:
        """Number of verdicts written so far."""
        return self._finished + self._in_current

    def append(self, entries: Sequence[RunEntry], members: Sequence[str]) -> None:
        """Write the verdicts on some documents, as JSON of the member `deduplication`."""
        for entry, deduplication in zip(entries, members, strict=True):
            key = entry.key
            head = to_json(
                {
                    "document_id": entry.document_id,
                    "arrival_ms": key.arrival_ms,
                    "source": key.source,
                    "sequence": key.sequence,
                    "partition": key.partition,
                }
            )
            line = head[:-1] + b',"deduplication":' + deduplication.encode() + b"}\n"
            self._file.write(line)
            self._in_current += 1
            if self._in_current == self._lines:
                self._close_file()
        self._file.flush()

    def finish(self) -> None:
        """Compress the last file; the folder is complete."""
        if self._in_current:
            self._close_file()
        self._file.close()
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _cut(self, at_most: int) -> list[bytes]:
        """Return the lines of the current file, after all verdicts above `at_most` are cut off."""
        lines: list[bytes] = []
        if self._path.exists():
            lines = self._path.read_bytes().split(b"\n")[:-1]
        while self._finished > at_most:
            self._finished -= self._lines
            path = self._file_of(self._finished)
            lines = list(_lines_of(path))
            path.unlink()
        lines = lines[: at_most - self._finished]
        if len(lines) == self._lines:
            # It was killed between the last line and the compression.
            self._write(lines)
            self._compress(self._finished)
            self._finished += self._lines
            lines = []
        self._write(lines)
        return lines

    def _write(self, lines: Sequence[bytes]) -> None:
        unfinished = self._path.with_suffix(".tmp")
        unfinished.write_bytes(b"".join(line + b"\n" for line in lines))
        unfinished.replace(self._path)

    def _close_file(self) -> None:
        self._file.close()
        self._compress(self._finished)
        # The last file may have fewer lines; no more follow.
        self._finished += self._in_current
        self._in_current = 0
        self._file = self._path.open("ab")

    def _compress(self, first: int) -> None:
        target = self._file_of(first)
        unfinished = target.with_suffix(".tmp")
        unfinished.write_bytes(zstandard.ZstdCompressor(level=3).compress(self._path.read_bytes()))
        unfinished.replace(target)
        self._path.unlink()

    def _file_of(self, first: int) -> Path:
        return self._folder / f"{first:012d}.jsonl.zst"


def read_verdicts(folder: Path) -> Iterator[JudgedLine]:
    """Yield the verdicts of a complete merge, in the order of judgement."""
    for path in sorted(folder.glob("*.jsonl.zst")):
        for line in _lines_of(path):
            yield _parsed(line)


def _lines_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as raw:
        data = zstandard.ZstdDecompressor().stream_reader(raw).read()
    yield from data.splitlines()


def _parsed(line: bytes) -> JudgedLine:
    fields = json.loads(line)
    key = RunKey(fields["partition"], fields["arrival_ms"], fields["source"], fields["sequence"])
    return JudgedLine(key, fields["document_id"], fields["deduplication"])
