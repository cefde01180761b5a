"""The loop of an import: lines of an export into a store, fingerprints into the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from fanmill.export.reading import BadLine, read_line
from fanmill.ops.rebuild import Rebuild
from fanmill.ports import Outcome, OutcomeRefused, Store, StoredFingerprint

_BATCH: Final = 1024
"""Outcomes of a transaction."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with its place, such as `records.jsonl:12`."""

    place: str
    content: bytes


@dataclass(slots=True)
class ImportCounts:
    """Progress of an import, by outcomes."""

    lines: int = 0
    records: int = 0
    """Records that were stored, or replaced an older revision."""
    rejections: int = 0
    repeated: int = 0
    """Outcomes that the store had."""
    outdated: int = 0
    """Records older than the one in the store."""
    forgotten: int = 0
    """Outcomes of documents with a tombstone: they are left out."""
    fingerprints: int = 0
    """Documents entered into the index."""
    without_fingerprint: int = 0
    """Records that are not in the index: no fingerprint, or one of other parameters."""
    bad: int = 0
    """Lines that could not be read."""


@dataclass(slots=True)
class Import:
    """An import.

    Attributes:
        store: The store; None to read all lines and store nothing.
        rebuild: Enters fingerprints; None to leave the index alone.
        on_bad: Told of the place and fault of each line that cannot be read or stored.
    """

    store: Store | None
    rebuild: Rebuild | None
    on_bad: Callable[[str, str], None]
    counts: ImportCounts = field(default_factory=ImportCounts)

    def run(self, lines: Iterable[PlacedLine]) -> Iterator[ImportCounts]:
        """Import lines; yield after each batch. To repeat it changes nothing."""
        if self.rebuild is None:
            for number, _ in enumerate(self._stored(lines)):
                if number % _BATCH == 0:
                    yield self.counts
        else:
            for done in self.rebuild.from_fingerprints(self._stored(lines)):
                self.counts.fingerprints = done.documents
                yield self.counts
            self.counts.without_fingerprint += self.rebuild.done.without_fingerprint
        yield self.counts

    def _stored(self, lines: Iterable[PlacedLine]) -> Iterator[StoredFingerprint]:
        """Store the outcomes of lines; yield the fingerprints of what is stored."""
        batch: list[tuple[str, Outcome]] = []
        fingerprints: list[StoredFingerprint] = []
        for line in lines:
            self.counts.lines += 1
            try:
                read = read_line(line.content)
            except BadLine as error:
                self._bad(line.place, str(error))
                continue
            batch.append((line.place, read.outcome))
            if read.fingerprint is not None:
                fingerprints.append(read.fingerprint)
            elif not hasattr(read.outcome, "rejected_id"):
                self.counts.without_fingerprint += 1
            if len(batch) == _BATCH:
                self._save(batch)
                yield from self._known(fingerprints)
                batch, fingerprints = [], []
        self._save(batch)
        yield from self._known(fingerprints)

    def _known(self, fingerprints: list[StoredFingerprint]) -> list[StoredFingerprint]:
        """Return the fingerprints without those of documents that were forgotten."""
        if self.store is None or not fingerprints:
            return fingerprints
        there = self.store.get_many([each.document_id for each in fingerprints])
        return [each for each in fingerprints if each.document_id in there]

    def _save(self, batch: list[tuple[str, Outcome]]) -> None:
        if not batch:
            return
        if self.store is None:
            rejections = sum(hasattr(outcome, "rejected_id") for _, outcome in batch)
            self.counts.rejections += rejections
            self.counts.records += len(batch) - rejections
            return
        try:
            saved = self.store.save([outcome for _, outcome in batch])
        except OutcomeRefused as error:
            if len(batch) == 1:
                self._bad(batch[0][0], f"the store refuses it: {error}")
                return
            middle = len(batch) // 2
            self._save(batch[:middle])
            self._save(batch[middle:])
            return
        self.counts.records += saved.stored
        self.counts.rejections += saved.rejections
        self.counts.repeated += saved.repeated
        self.counts.outdated += saved.outdated
        self.counts.forgotten += saved.forgotten

    def _bad(self, place: str, fault: str) -> None:
        self.counts.bad += 1
        self.on_bad(place, fault)
