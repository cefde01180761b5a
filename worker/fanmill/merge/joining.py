"""Verdicts added to the records of a back-fill: unjudged records become whole ones.

The verdicts are in the order of judgement, the records in the order of the input. So the verdicts
are first distributed to files, each for some neighbouring parts, and then sorted in memory.
"""

from __future__ import annotations

import shutil
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgpack
from pydantic_core import to_json

from fanmill.backfill.inputs import PARQUET_SUFFIX
from fanmill.backfill.parquet import records_in
from fanmill.backfill.record_files import RecordFormat, RecordWriter
from fanmill.batch.line_files import unpacked
from fanmill.core.entry_ids import rfc3339
from fanmill.merge.verdicts import JudgedLine

_GROUP_DOCUMENTS: Final = 500_000
"""Number of documents whose verdicts are in memory at once, about 300 bytes each."""

_FLUSH: Final = 20_000


class RecordsDiffer(Exception):
    """Records and verdicts are not of the same documents; the text says where."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of unjudged records, with the place of its documents in the order of the input."""

    records: Path
    source: int
    first_sequence: int
    documents: int
    name: str
    """Name of the file of whole records, without the suffix of its format; unique in the merge."""


def join(
    verdicts: Iterable[JudgedLine],
    parts: Sequence[Part],
    folder: Path,
    work: Path,
    *,
    started_ms: int,
    form: RecordFormat,
) -> Iterator[int]:
    """Write the whole records of each part; yield the number of documents after each.

    Parts that are written already are left as they are.

    Args:
        verdicts: All verdicts.
        parts: All parts of the records.
        folder: Folder of the whole records.
        work: Folder for files in between; removed at the end.
        started_ms: Time of arrival of documents without one, and time of completion.
        form: Format of the whole records.

    Raises:
        RecordsDiffer: Records and verdicts are not of the same documents.
        NoParquet: Records are in Parquet files, and DuckDB is not installed.
    """
    ordered = sorted(parts, key=lambda part: (part.source, part.first_sequence))
    groups = list(_groups(ordered))
    folder.mkdir(parents=True, exist_ok=True)
    if all((folder / f"{part.name}{form.suffix}").exists() for part in ordered):
        return
    _distribute(verdicts, groups, work)
    for number, group in enumerate(groups):
        found = _read_group(work / f"{number:06d}", group)
        for part in group:
            target = RecordWriter(folder / part.name, form)
            if not target.path.exists():
                _write_part(
                    part, found.pop((part.source, part.first_sequence), []), target, started_ms
                )
            yield part.documents
    shutil.rmtree(work)


def _groups(parts: Sequence[Part]) -> Iterator[list[Part]]:
    group: list[Part] = []
    documents = 0
    for part in parts:
        if group and documents + part.documents > _GROUP_DOCUMENTS:
            yield group
            group, documents = [], 0
        group.append(part)
        documents += part.documents
    if group:
        yield group


def _distribute(
    verdicts: Iterable[JudgedLine], groups: Sequence[Sequence[Part]], work: Path
) -> None:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    firsts = [(group[0].source, group[0].first_sequence) for group in groups]
    waiting: dict[int, list[bytes]] = defaultdict(list)

    def flush() -> None:
        for number, packed in waiting.items():
            with (work / f"{number:06d}").open("ab") as file:
                file.write(b"".join(packed))
        waiting.clear()

    for count, line in enumerate(verdicts, 1):
        place = line.key.source, line.key.sequence
        number = bisect_right(firsts, place) - 1
        packed = msgpack.packb(
            (*place, line.document_id, line.key.arrival_ms, to_json(line.deduplication))
        )
        waiting[max(number, 0)].append(packed)
        if count % _FLUSH == 0:
            flush()
    flush()


_Verdict = tuple[int, str, int, bytes]
"""Sequence, document id, arrival and member `deduplication` of a document."""


def _read_group(path: Path, group: Sequence[Part]) -> dict[tuple[int, int], list[_Verdict]]:
    """Return the verdicts on each part of a group, in the order of the input."""
    firsts = [(part.source, part.first_sequence) for part in group]
    found: dict[tuple[int, int], list[_Verdict]] = defaultdict(list)
    if path.exists():
        with path.open("rb") as file:
            for source, sequence, document_id, arrival_ms, member in msgpack.Unpacker(file):
                part = firsts[max(bisect_right(firsts, (source, sequence)) - 1, 0)]
                found[part].append((sequence, document_id, arrival_ms, member))
    for verdicts in found.values():
        verdicts.sort(key=lambda verdict: verdict[0])
    return found


def _write_part(
    part: Part, verdicts: Sequence[_Verdict], target: RecordWriter, started_ms: int
) -> None:
    completed = rfc3339(started_ms).encode()
    lines = _records_of(part.records)
    with target.draft():
        for number, (_, document_id, arrival_ms, member) in enumerate(verdicts, 1):
            line = next(lines, b"")
            if not line.startswith(b'{"document_id":' + to_json(document_id)):
                raise RecordsDiffer(
                    f"{part.records}:{number} is not the record of {document_id!r}; were "
                    "records or fingerprints of this back-fill replaced?"
                )
            received = rfc3339(arrival_ms or started_ms).encode()
            target.write(
                line[:-1]
                + b',"revision":1,"received_at":"%b","completed_at":"%b","deduplication":%b}'
                % (received, completed, member)
            )
        if next(lines, b""):
            raise RecordsDiffer(
                f"{part.records} has more records than the {len(verdicts):,} that were "
                "judged; merge all fingerprint files of the back-fill"
            )
    target.finish()


def _records_of(path: Path) -> Iterator[bytes]:
    """Yield the records of a file of a back-fill, without line breaks."""
    if path.suffix == PARQUET_SUFFIX:
        yield from records_in(path)
        return
    with path.open("rb") as raw, unpacked(raw, path.name) as stream:
        for line in stream:
            yield line.rstrip(b"\n")
