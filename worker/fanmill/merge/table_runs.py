"""Fingerprints in Parquet files, as engines of tables write them, made into run files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from fanmill.backfill.parquet import parquet_parts
from fanmill.batch.run_file import SUFFIX, RunEntry, RunKey, RunWriter

_FILE_SHIFT: Final = 40


class UnusableTable(Exception):
    """A Parquet file without the columns of `fanmill.batch.tables`; the text says which."""


def runs_of_table(path: Path, number: int, folder: Path, signing: str) -> Iterator[Path]:
    """Yield run files of a Parquet file; those that an interrupted merge has made are kept.

    Args:
        path: The file, with `document_id`, `partition` and `fingerprint`, and perhaps `arrival_ms`
            and `sequence`. Rows without a fingerprint are rejected documents.
        number: Place among the files: the order of documents without `sequence`.
        folder: Folder of the run files.
        signing: `DedupParameters.signing_digest` of the fingerprints.

    Raises:
        NoParquet: DuckDB is not installed.
        UnusableTable: A column is missing.
        OSError: The file cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for part in parquet_parts(path, lambda _: True):
        target = folder / f"{number:06d}-{part.number:06d}{SUFFIX}"
        if not target.exists():
            entries = [
                _entry(path, row.content, number << _FILE_SHIFT | row.place) for row in part.rows()
            ]
            with RunWriter(target, signing) as writer:
                for entry in sorted(filter(None, entries), key=lambda entry: entry.key):
                    try:
                        writer.add(entry)
                    except ValueError as error:
                        raise UnusableTable(f"{path}: two rows have one place: {error}") from None
        yield target


def _entry(path: Path, row: Any, place: int) -> RunEntry | None:
    try:
        if row["fingerprint"] is None:
            return None
        given = row.get("sequence")
        sequence = place if given is None else int(given)
        key = RunKey(row["partition"], int(row.get("arrival_ms") or 0), 0, sequence)
        return RunEntry(key, row["document_id"], bytes(row["fingerprint"]))
    except KeyError as error:
        raise UnusableTable(
            f"{path} has no column {error}; expected those of fanmill.batch.tables: document_id, "
            "partition, fingerprint"
        ) from None
