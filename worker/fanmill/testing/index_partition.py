"""The fingerprint index in this process's memory: the twin for tests and single runs.

The same verdicts as `redis_index` for the same calls, by plain dictionaries. No
process shares it and nothing outlives it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from fanmill.core.dedup.boilerplate import Lines
from fanmill.core.dedup.fingerprint import Fingerprint, Representation
from fanmill.core.dedup.judgement import (
    Candidate,
    Cluster,
    Generation,
    IndexInfo,
    Judgement,
)
from fanmill.core.dedup.parameters import ALGORITHM_REVISION, DedupParameters
from fanmill.core.dedup.similarity import Estimate, is_contained, is_near
from fanmill.stores.index.wire import entry_bytes, id_bytes, line_cells
from fanmill_contracts.terms import ComparedText, DecidedBy, Verdict

_DAY_MS: Final = 86_400_000
_HOT: Final = 64
_HOT_WIDE: Final = 8
_VERIFIED: Final = 32
_SEEN_MOST: Final = 3


@dataclass(slots=True)
class _Record:
    candidate: Candidate
    judgement: Judgement
    original: int | None = None
    live: bool = True
    successor: int | None = None
    members: list[int] = field(default_factory=list)

    @property
    def leads(self) -> bool:
        return self.live and self.original is None


class MemoryIndexPartition:
    """One partition of an index; `clock_ms` gives the time in ms since 1970."""

    def __init__(self, parameters: DedupParameters, *, clock_ms: Callable[[], int]) -> None:
        """Start empty."""
        self.parameters = parameters
        self._clock_ms = clock_ms
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Remove everything."""
        self._records: dict[int, _Record] = {}
        self._next = 0
        self._oldest = 0
        self._evicted = 0
        self._by_id: dict[str, int] = {}
        self._revisions: dict[str, list[tuple[Generation, _Record]]] = {}
        self._by_digest: dict[bytes, int] = {}
        self._by_key: dict[bytes, list[int]] = {}
        self._generations: list[Generation] = []
        self._lines: dict[bytes, int] = {}
        self._lines_before: dict[bytes, int] = {}
        self._lines_start = 0

    def lines_seen(self, lines: Sequence[Lines]) -> list[Sequence[int]]:
        """How many earlier unique documents had each line, 0 to 3; one list a document."""
        answers: list[Sequence[int]] = []
        for each in lines:
            cells = _cut(line_cells(each.hashes.astype(">u8").tobytes()), 4)
            answers.append(bytes(self._seen(cell) for cell in cells))
        return answers

    def _seen(self, cell: bytes) -> int:
        tables = self._lines, self._lines_before
        return min(_SEEN_MOST, sum(min(_SEEN_MOST, table.get(cell, 0)) for table in tables))

    def judge(self, batch: Sequence[Candidate]) -> list[Judgement]:
        """Judge a batch and insert it, in order; see `RedisIndexPartition.judge`."""
        for candidate in batch:
            id_bytes(candidate.document_id)
        if not batch:
            return []
        with self._lock:
            self._expire()
            self._renew_lines()
            return [self._judge(candidate) for candidate in batch]

    def _judge(self, candidate: Candidate) -> Judgement:
        old = self._by_id.get(candidate.document_id)
        if old is not None and old >= self._oldest:
            for record in (self._records[old], *reversed(self._earlier(candidate.document_id))):
                if record.candidate.entry_id == candidate.entry_id:
                    return replace(
                        record.judgement,
                        original_id=self._original_id(record.original),
                        redelivered=True,
                        superseded=not record.live,
                    )
        else:
            old = None
        found = self._original(candidate.fingerprint, old)
        short = candidate.fingerprint.is_short
        judgement = Judgement(
            document_id=candidate.document_id,
            verdict="unique",
            decided_by="digest-only" if short else "nothing-alike",
            original_id=None,
            jaccard=0.0,
            containment=0.0,
            view="full" if short else "content",
            redelivered=False,
            superseded=False,
            parameters=self.parameters.digest,
            revision=ALGORITHM_REVISION,
        )
        original = None
        if found is not None:
            original, verdict, decided_by, view, pair = found
            judgement = replace(
                judgement,
                verdict=verdict,
                decided_by=decided_by,
                view=view,
                original_id=self._records[original].candidate.document_id,
                jaccard=int(pair.jaccard * 10_000 + 0.5) / 10_000,
                containment=int(pair.containment * 10_000 + 0.5) / 10_000,
            )
        if old is not None and self._overtaken(candidate, self._records[old]):
            record = _Record(candidate, judgement, original, live=False)
            self._revisions.setdefault(candidate.document_id, []).append(
                (self._generations[-1], record)
            )
            return replace(judgement, superseded=True)
        self._insert(_Record(candidate, judgement, original), old)
        return judgement

    def _overtaken(self, candidate: Candidate, by: _Record) -> bool:
        return entry_bytes(candidate.entry_id) < entry_bytes(by.candidate.entry_id)

    def _earlier(self, document_id: str) -> list[_Record]:
        """Replaced revisions whose verdicts are still kept."""
        return [
            record
            for generation, record in self._revisions.get(document_id, ())
            if generation in self._generations
        ]

    def _original(
        self, fingerprint: Fingerprint, old: int | None
    ) -> tuple[int, Verdict, DecidedBy, ComparedText, Estimate] | None:
        exact = self._by_digest.get(fingerprint.digest)
        if exact is not None and exact != old and self._is_original(exact):
            return exact, "exact", "digest", "full", Estimate(1.0, 1.0)
        if fingerprint.content is None:
            return None
        representations: list[tuple[ComparedText, Representation]] = [
            ("content", fingerprint.content)
        ]
        if fingerprint.full is not None:
            representations.append(("full", fingerprint.full))
        near: list[tuple[float, int, ComparedText, Estimate]] = []
        containing: list[tuple[float, int, ComparedText, Estimate]] = []
        for number, other in self._candidates([each for _, each in representations]):
            if number == old or not self._is_original(number):
                continue
            for name, representation in representations:
                pair = representation.similarity_to(other)
                sizes = representation.size_code, other.size_code
                if is_near(pair, self.parameters):
                    near.append((-pair.jaccard, number, name, pair))
                elif is_contained(pair, *sizes, self.parameters):
                    containing.append((-pair.containment, number, name, pair))
        if not near and not containing:
            return None
        decided_by: DecidedBy = "jaccard" if near else "containment"
        # The most alike; of equals the oldest, by the content before the whole text.
        _, number, name, pair = min(near or containing)
        return number, "near", decided_by, name, pair

    def _candidates(
        self, representations: Sequence[Representation]
    ) -> list[tuple[int, Representation]]:
        """Return documents that share a band with their content representations, best first."""
        hits: dict[int, int] = {}
        for each in representations:
            for key in _cut(each.keys, 4):
                for number in self._by_key.get(key, ()):
                    hits[number] = hits.get(number, 0) + 1
        chosen = sorted(hits, key=lambda number: (-hits[number], -number))[:_VERIFIED]
        found = ((n, self._records[n].candidate.fingerprint.content) for n in chosen)
        return [(number, content) for number, content in found if content is not None]

    def _insert(self, record: _Record, old: int | None) -> None:
        number = self._next
        self._next += 1
        fingerprint = record.candidate.fingerprint
        document_id = record.candidate.document_id
        if old is not None:
            kept = self._generations[-1], self._records[old]
            self._revisions.setdefault(document_id, []).append(kept)
            if self._succeeds(record, self._records[old]):
                record.members, self._records[old].members = self._records[old].members, []
                self._retire(old, number)
            else:
                self._retire(old, None)
        self._records[number] = record
        self._by_id[document_id] = number
        if record.original is not None:
            self._records[record.original].members.append(number)
            return
        self._by_digest[fingerprint.digest] = number
        if fingerprint.content is not None:
            narrow = self.parameters.bands - self.parameters.wide_bands
            for band, key in enumerate(_cut(fingerprint.content.keys, 4)):
                numbers = self._by_key.setdefault(key, [])
                numbers.append(number)
                del numbers[: -_HOT if band < narrow else -_HOT_WIDE]
        for cell in set(_cut(line_cells(fingerprint.lines), 4)):
            self._lines[cell] = self._lines.get(cell, 0) + 1

    def _succeeds(self, record: _Record, old: _Record) -> bool:
        if record.original is not None or old.original is not None:
            return False
        new, was = record.candidate.fingerprint, old.candidate.fingerprint
        if new.digest == was.digest:
            return True
        if new.content is None or was.content is None:
            return False
        return is_near(new.content.similarity_to(was.content), self.parameters)

    def _retire(self, number: int, successor: int | None) -> None:
        record = self._records[number]
        record.live = False
        record.successor = successor
        if record.original is not None:
            original = self._present(record.original)
            if original in self._records and number in self._records[original].members:
                self._records[original].members.remove(number)
        document_id = record.candidate.document_id
        if self._by_id.get(document_id) == number:
            del self._by_id[document_id]

    def _present(self, number: int) -> int:
        while number in self._records:
            successor = self._records[number].successor
            if successor is None or successor not in self._records:
                return number
            number = successor
        return number

    def _is_original(self, number: int) -> bool:
        return number >= self._oldest and number in self._records and self._records[number].leads

    def _original_id(self, number: int | None) -> str | None:
        if number is None or number not in self._records:
            return None
        return self._records[number].candidate.document_id or None

    def forget(self, document_id: str, entry_id: str | None = None) -> bool:
        """Remove a document, with `entry_id` only if that put it there; whether it was known."""
        id_bytes(document_id)
        with self._lock:
            number = self._by_id.get(document_id)
            if number is None or number < self._oldest:
                if entry_id is None:
                    self._revisions.pop(document_id, None)
                return False
            if entry_id not in (None, self._records[number].candidate.entry_id):
                return False
            self._retire(number, None)
            for record in (self._records[number], *self._earlier(document_id)):
                blank = replace(record.candidate, document_id="", entry_id="0-0")
                record.candidate = blank
            self._revisions.pop(document_id, None)
            return True

    def cluster(self, document_id: str, most: int = 1000) -> Cluster | None:
        """The cluster a document is in (alone, if unique), None if it is unknown."""
        id_bytes(document_id)
        number = self._by_id.get(document_id)
        if number is None or number < self._oldest:
            return None
        record = self._records[number]
        original = number if record.original is None else self._present(record.original)
        if original < self._oldest or original not in self._records:
            return Cluster(None, 1, (document_id,))
        head = self._records[original]
        members = [self._records[m].candidate.document_id for m in head.members]
        original_id = head.candidate.document_id or None
        return Cluster(
            original_id, len(members) + (original_id is not None), tuple(members[-most:])
        )

    def largest_clusters(self, top: int = 10) -> list[Cluster]:
        """The largest clusters of two or more documents, largest first, members left out."""
        found = sorted(
            (-1 - len(record.members), number)
            for number, record in self._records.items()
            if record.members
        )
        return [Cluster(self._original_id(n), -size, ()) for size, n in found[:top]]

    def info(self) -> IndexInfo:
        """Counts, generations and parameters; bytes are those of ids and signatures only."""
        live = [r for r in self._records.values() if r.live]
        return IndexInfo(
            documents=len(live),
            accepted=self._next,
            evicted=self._evicted,
            bytes=sum(64 + len(r.candidate.document_id) for r in live),
            line_table_bytes=len(self._lines),
            generations=tuple(self._generations),
            parameters=self.parameters.digest,
            revision=ALGORITHM_REVISION,
        )

    def maintain(self) -> None:
        """Expire and free what is older than the horizon, at once."""
        with self._lock:
            self._expire()

    def _expire(self) -> None:
        now = self._clock_ms()
        horizon = round(self.parameters.horizon_days * _DAY_MS)
        length = horizon // self.parameters.generations
        if not self._generations or now >= self._generations[-1].start_ms + length:
            self._generations.append(Generation(now, now + length, self._next))
        oldest = self._oldest
        if self._next - oldest > self.parameters.max_documents:
            self._evicted += self._next - self.parameters.max_documents - oldest
            oldest = self._next - self.parameters.max_documents
        while self._generations and self._generations[0].end_ms <= now - horizon:
            del self._generations[0]
        oldest = max(oldest, self._generations[0].first if self._generations else self._next)
        if oldest > self._oldest:
            self._oldest = oldest
            self._free()

    def _renew_lines(self) -> None:
        """Two tables take turns: a line is remembered for half a horizon to a whole one."""
        now = self._clock_ms()
        horizon = round(self.parameters.horizon_days * _DAY_MS)
        self._lines_start = self._lines_start or now
        if now - self._lines_start > horizon / 2:
            self._lines_before, self._lines, self._lines_start = self._lines, {}, now

    def _free(self) -> None:
        for number in [n for n in self._records if n < self._oldest]:
            del self._records[number]
        self._by_id = {k: n for k, n in self._by_id.items() if n >= self._oldest}
        # Verdicts go with their generation, not with the document that overtook them.
        self._revisions = {
            document_id: kept
            for document_id, revisions in self._revisions.items()
            if (kept := [each for each in revisions if each[0] in self._generations])
        }
        self._by_digest = {k: n for k, n in self._by_digest.items() if n >= self._oldest}
        self._by_key = {
            key: live
            for key, numbers in self._by_key.items()
            if (live := [n for n in numbers if n >= self._oldest])
        }


def _cut(data: bytes, width: int) -> list[bytes]:
    return [data[i : i + width] for i in range(0, len(data), width)]
