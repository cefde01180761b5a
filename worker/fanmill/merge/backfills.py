"""Finished back-fills as inputs of a merge: their run files, and their records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from fanmill.backfill.inputs import PARQUET_SUFFIX
from fanmill.backfill.parts import PartDone
from fanmill.backfill.plan import FILE
from fanmill.backfill.record_files import RECORDS_SUFFIX
from fanmill.batch.run_file import SUFFIX, RunFile
from fanmill.merge.joining import Part
from fanmill.merge.table_runs import runs_of_table


class Incomplete(Exception):
    """A back-fill that is not finished, or a path without run files; the text says which."""


def find_runs(paths: Sequence[Path], work: Path, signing: str) -> tuple[list[RunFile], list[Part]]:
    """Return the run files of back-fills, folders and files, and the records of back-fills.

    Each path is a source of its own: documents without a time of arrival come in the order of
    the paths. Parquet files of `fanmill.batch.tables` become run files first.

    Args:
        paths: The paths.
        work: Folder for run files of tables.
        signing: `DedupParameters.signing_digest` of the settings.

    Raises:
        Incomplete: A path has no run files, or a back-fill has parts that are not done.
        DamagedRunFile: A file is no run file, or not whole.
    """
    runs: list[RunFile] = []
    parts: list[Part] = []
    for source, path in enumerate(paths):
        if not path.exists():
            raise Incomplete(f"{str(path)!r} does not exist")
        if (path / FILE).exists():
            found, records = _backfill(path, source)
            runs += found
            parts += records
        elif path.is_dir():
            files = sorted(path.rglob(f"*{SUFFIX}"))
            tables = sorted(path.rglob(f"*{PARQUET_SUFFIX}"))
            if not files and not tables:
                raise Incomplete(
                    f"{path} has no {SUFFIX} or {PARQUET_SUFFIX} files and is no folder of a "
                    "back-fill"
                )
            runs += [RunFile(each, source) for each in files]
            runs += _of_tables(tables, source, work, signing)
        elif path.suffix == PARQUET_SUFFIX:
            runs += _of_tables([path], source, work, signing)
        else:
            runs.append(RunFile(path, source))
    return runs, parts


def _of_tables(tables: Sequence[Path], source: int, work: Path, signing: str) -> list[RunFile]:
    folder = work / f"{source:02d}"
    return [
        RunFile(each, source)
        for number, table in enumerate(tables)
        for each in runs_of_table(table, number, folder, signing)
    ]


def _backfill(folder: Path, source: int) -> tuple[list[RunFile], list[Part]]:
    plan = json.loads((folder / FILE).read_text(encoding="utf-8"))
    files = plan["files"]
    suffix = PARQUET_SUFFIX if plan["records"] == "parquet" else RECORDS_SUFFIX
    names: list[str] = []
    missing = unread = 0
    for number in range(len(files)):
        end = folder / "parts" / f"{number:06d}.end"
        if not end.exists():
            unread += 1
            continue
        for part in range(int(end.read_text())):
            name = f"{number:06d}-{part:06d}"
            missing += not (folder / "parts" / f"{name}.json").exists()
            names.append(name)
    if missing or unread:
        raise Incomplete(
            f"{folder} is not finished: {missing:,} parts are missing, and {unread:,} files have "
            "not been read to the end; run the other shards, or the same ones again"
        )
    runs, parts = [], []
    for name in names:
        done = PartDone(**json.loads((folder / "parts" / f"{name}.json").read_text()))
        if not done.documents:
            continue
        runs.append(RunFile(folder / "fingerprints" / f"{name}{SUFFIX}", source))
        records = folder / "records" / f"{name}{suffix}"
        whole = f"{source:02d}-{name}"
        parts.append(Part(records, source, done.first_sequence, done.documents, whole))
    return runs, parts
