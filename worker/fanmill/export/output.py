"""Files of an export: chunks that are on disk before the state file says so.

A kill at any time leaves the state of an earlier chunk, and bytes behind it that are cut off when
the export goes on. Chunks have the same rows in every attempt, so that the files are the same.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Final

import zstandard

from fanmill.export.sources import Cursor
from fanmill.export.terms import Packing, packing_of

STATE_SUFFIX: Final = ".export-state"
_ZSTD_LEVEL: Final = 6
_GZIP_LEVEL: Final = 6


class OtherExport(Exception):
    """An output belongs to another export; the text says what differs and what to do."""


class OutputExists(Exception):
    """There is a file where an export wants to write."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Say what to do."""
        return (
            f"{str(self.path)!r} exists; go on with it by --resume, or name another file or remove "
            "it first"
        )


@dataclass(frozen=True, slots=True)
class ExportState:
    """Progress of an export: what is on disk for certain."""

    plan: dict[str, Any]
    """Options that decide the content; those of a resumed export must be the same."""
    cursor: Cursor = field(default_factory=dict)
    records: int = 0
    rejections: int = 0
    file: int = 0
    """Number of the file that is written."""
    file_rows: int = 0
    file_bytes: int = 0


def compressed(chunk: bytes, packing: Packing) -> bytes:
    """Return a chunk as a member of a packed file; members can be joined. Repeatable."""
    if packing == ".gz":
        return gzip.compress(chunk, _GZIP_LEVEL, mtime=0)
    if packing == ".zst":
        return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(chunk)
    return chunk


def file_of(path: Path, number: int, *, split: bool) -> Path:
    """Return the path of the file with a number: `name-00000.jsonl.gz` if there are several."""
    if not split:
        return path
    endings = "".join(path.suffixes[-2:] if packing_of(path) else path.suffixes[-1:])
    return path.with_name(f"{path.name.removesuffix(endings)}-{number:05}{endings}")


def earlier_plan(path: Path) -> dict[str, Any]:
    """Return the options of the export that an output belongs to; empty if there is none."""
    state_path = path.with_name(f"{path.name}{STATE_SUFFIX}")
    if not state_path.exists():
        return {}
    plan: dict[str, Any] = json.loads(state_path.read_bytes())["plan"]
    return plan


class ExportFiles:
    """The files of an export and its state.

    Args:
        path: The output.
        plan: Options that decide the content.
        split: Whether there are several files.
    """

    def __init__(self, path: Path, plan: dict[str, Any], *, split: bool) -> None:
        self._path = path
        self._state_path = path.with_name(f"{path.name}{STATE_SUFFIX}")
        self._split = split
        self._packing: Packing = packing_of(path)
        self._file: IO[bytes] | None = None
        self.state = ExportState(plan)

    def begin(self) -> None:
        """Begin anew.

        Raises:
            OutputExists: There is an output already.
        """
        for path in (self.current, self._state_path):
            if path.exists():
                raise OutputExists(path)
        self._save(self.state)
        self._open()

    def resume(self) -> None:
        """Go on where an earlier export ended or was killed; without one begin anew.

        Raises:
            OtherExport: The earlier export had other options, or its files are not whole.
            OutputExists: There is an output without a state.
        """
        if not self._state_path.exists():
            self.begin()
            return
        state = ExportState(**json.loads(self._state_path.read_bytes()))
        differing = [
            name
            for name in {**state.plan, **self.state.plan}
            if state.plan.get(name) != self.state.plan.get(name)
        ]
        if differing:
            told = ", ".join(
                f"{name} was {state.plan.get(name)!r} and is {self.state.plan.get(name)!r}"
                for name in sorted(differing)
            )
            raise OtherExport(f"{str(self._path)!r} belongs to another export: {told}")
        self.state = state
        self._open()

    @property
    def started(self) -> bool:
        """Whether there is an export to go on with."""
        return self._state_path.exists()

    @property
    def current(self) -> Path:
        """The file that is written."""
        return file_of(self._path, self.state.file, split=self._split)

    @property
    def paths(self) -> list[Path]:
        """All files so far, in their order."""
        return [
            file_of(self._path, number, split=self._split) for number in range(self.state.file + 1)
        ]

    def write(self, lines: Iterable[bytes], state: ExportState) -> None:
        """Append lines to the current file, then save the state; return when both are on disk.

        Args:
            lines: The lines of a chunk.
            state: The state behind it; its place in the file is filled in.
        """
        assert self._file is not None  # noqa: S101
        data = b"".join(lines)
        if data or self._packing:
            # A packed file without rows has a member, too.
            self._file.write(compressed(data, self._packing))
            self._file.flush()
            os.fsync(self._file.fileno())
        self._save(replace(state, file=self.state.file, file_bytes=self._file.tell()))

    def next_file(self) -> None:
        """Begin the next file."""
        self._close_file()
        self._save(replace(self.state, file=self.state.file + 1, file_rows=0, file_bytes=0))
        self._open()

    def close(self) -> None:
        """Let go of the file."""
        self._close_file()

    def remove(self) -> None:
        """Remove all files and the state."""
        self._close_file()
        for path in (*self.paths, self._state_path):
            path.unlink(missing_ok=True)

    def _open(self) -> None:
        path = self.current
        size = path.stat().st_size if path.exists() else 0
        if size < self.state.file_bytes:
            raise OtherExport(
                f"{str(path)!r} has {size:,} bytes and the export had written "
                f"{self.state.file_bytes:,}: it was cut or removed; begin anew with another file"
            )
        self._file = path.open("r+b" if path.exists() else "w+b")
        self._file.truncate(self.state.file_bytes)
        self._file.seek(self.state.file_bytes)

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _save(self, state: ExportState) -> None:
        draft = self._state_path.with_name(f"{self._state_path.name}.new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(state), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._state_path)
        self.state = state
