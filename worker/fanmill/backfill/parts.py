"""Parts of a back-fill: rows in; records, fingerprints and rejections out, whole or not at all.

    DST/records/F-P.jsonl.zst    unjudged records, in the order of the rows; or F-P.parquet
    DST/fingerprints/F-P.run     fingerprints, sorted for the merge
    DST/rejected/F-P.jsonl       rows without a record: place, reason, error
    DST/parts/F-P.json           counts of the part; written last, so a part that has it is done
    DST/parts/F.end              number of parts of a file that was read to its end

F is the number of the file, P of the part. Nothing in these files depends on the time or on the
number of shards: a part that is done again is the same.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from fanmill.backfill.inputs import InputFile
from fanmill.backfill.record_files import JsonLines, RecordFormat, RecordWriter, unfinished
from fanmill.backfill.rows import Part
from fanmill.backfill.work import FILE_SHIFT, Reading, RowsAtWork
from fanmill.batch.mill import Mill
from fanmill.batch.run_file import SUFFIX, RunEntry, RunWriter


@dataclass(frozen=True, slots=True)
class PartDone:
    """Counts of a part."""

    documents: int
    rejected: int
    first_sequence: int
    unreadable: str = ""
    """Why the file could not be read from here on; empty if it could."""


@dataclass(slots=True)
class Folders:
    """The folders of a back-fill."""

    root: Path
    form: RecordFormat = field(default_factory=JsonLines)
    """Format of the records."""

    def make(self) -> None:
        """Make all folders."""
        for name in ("records", "fingerprints", "rejected", "parts"):
            (self.root / name).mkdir(parents=True, exist_ok=True)

    def of(self, kind: str, file: InputFile, part: int) -> Path:
        """Return the file of a part; of its records without the suffix of their format."""
        suffix = {"records": "", "fingerprints": SUFFIX, "rejected": ".jsonl"}
        name = f"{file.number:06d}-{part:06d}{suffix.get(kind, '.json')}"
        return self.root / kind / name

    def end_of(self, file: InputFile) -> Path:
        """Return the file that tells the number of parts of an input."""
        return self.root / "parts" / f"{file.number:06d}.end"

    def parts_in(self, file: InputFile) -> int:
        """Return the number of parts of an input that was read to its end; 0 if unknown."""
        path = self.end_of(file)
        return int(path.read_text()) if path.exists() else 0

    def done(self, file: InputFile, part: int) -> PartDone | None:
        """Return the counts of a part that is done; None for any other."""
        path = self.of("parts", file, part)
        return PartDone(**json.loads(path.read_text())) if path.exists() else None


class PartWriter:
    """Does parts of a file.

    Args:
        mill: The stages.
        reading: How rows become events.
        folders: Folders of the results.
        on_documents: Told of each document or rejected row.
    """

    def __init__(
        self,
        mill: Mill,
        reading: Reading,
        folders: Folders,
        on_documents: Callable[[int], object] = lambda _: None,
    ) -> None:
        self._mill = mill
        self._reading = reading
        self._folders = folders
        self._on_documents = on_documents

    def write(self, file: InputFile, part: Part) -> PartDone:
        """Do a part, whatever it has of an interrupted attempt."""
        records = RecordWriter(self._folders.of("records", file, part.number), self._folders.form)
        path = self._folders.of("rejected", file, part.number)
        entries: list[RunEntry] = []
        with records.draft(), unfinished(path).open("w", encoding="utf-8") as rejected:
            work = RowsAtWork(self._mill, self._reading, file, rejected)
            for record, key in work.outcomes(part):
                self._on_documents(1)
                if record is not None:
                    records.write(record.json.encode())
                    entries.append(
                        RunEntry(key(record.partition), record.document_id, record.fingerprint)
                    )
            _sync(rejected)
        entries.sort(key=lambda entry: entry.key)
        fingerprints = self._folders.of("fingerprints", file, part.number)
        with RunWriter(fingerprints, self._mill.parameters.signing_digest) as writer:
            for entry in entries:
                writer.add(entry)
        records.finish()
        if work.rejected:
            unfinished(path).replace(path)
        else:
            unfinished(path).unlink()
            path.unlink(missing_ok=True)
        first = file.number << FILE_SHIFT | work.first
        done = PartDone(len(entries), work.rejected, first, work.unreadable)
        write_whole(self._folders.of("parts", file, part.number), json.dumps(asdict(done)))
        return done

    def write_unreadable(self, file: InputFile, error: str) -> None:
        """Write that a file cannot be read."""
        line = {"place": str(file.path), "reason": "unreadable-input", "error": error}
        path = self._folders.root / "rejected" / f"{file.number:06d}.jsonl"
        write_whole(path, json.dumps(line) + "\n")


def _sync(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())


def write_whole(path: Path, text: str) -> None:
    """Write a file that appears under its name when it is complete and on disk."""
    draft = unfinished(path)
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        _sync(file)
    draft.replace(path)
