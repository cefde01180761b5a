"""The fingerprint index in this process's memory: the twin for tests and single runs.

The same verdicts as `redis_index` for the same calls, by plain dictionaries. No
process shares it and nothing outlives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fanmill.core.dedup.boilerplate import Lines
from fanmill.core.dedup.fingerprint import Fingerprint, Representation
from fanmill.core.dedup.judgement import (
    Candidate,
    Cluster,
    IndexInfo,
    Judgement,
)
from fanmill.core.dedup.parameters import ALGORITHM_REVISION
from fanmill.core.dedup.similarity import (
    Estimate,
    Shared,
    is_contained,
    is_near,
    owns_little,
    without_known,
)
from fanmill.stores.index.wire import entry_bytes, id_bytes, line_cells
from fanmill.testing.index_table import IndexTable, Record, cut
from fanmill_contracts.terms import ComparedText, DecidedBy, Verdict


class MemoryIndexPartition(IndexTable):
    """A partition of an index; `clock_ms` gives the time in ms since 1970."""

    def lines_seen(self, lines: Sequence[Lines]) -> list[Sequence[int]]:
        """Return the number of earlier unique documents, 0 to 3, with each line of each text."""
        answers: list[Sequence[int]] = []
        for each in lines:
            cells = cut(line_cells(each.hashes.astype(">u8").tobytes()), 4)
            answers.append(bytes(self._seen(cell) for cell in cells))
        return answers

    def judge(self, batch: Sequence[Candidate]) -> list[Judgement]:
        """Judge a batch and insert it, in order, as `RedisIndexPartition.judge` does."""
        for candidate in batch:
            id_bytes(candidate.document_id)
        if not batch:
            return []
        with self._lock:
            self._expire()
            self._renew_lines()
            judged = []
            for candidate in batch:
                self._evict()
                judgement = self._judge(candidate)
                if judgement is None:
                    break
                judged.append(judgement)
            return judged

    def _judge(self, candidate: Candidate) -> Judgement | None:
        """Return the verdict; None if the lines are no longer as the fingerprint took them."""
        tombstone = self._tombstones.get(candidate.document_id, b"")
        if entry_bytes(candidate.entry_id) < tombstone:
            return replace(self._unique(candidate), superseded=True)
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
        seen = self._seen_lines(candidate.fingerprint)
        known = tuple(count >= self.parameters.boilerplate_documents for count in seen)
        if candidate.fingerprint.known not in (None, known):
            return None
        found = self._original(candidate.fingerprint, old, seen)
        judgement = self._unique(candidate)
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
            record = Record(candidate, judgement, original, live=False)
            self._revisions.setdefault(candidate.document_id, []).append(
                (self._generations[-1], record)
            )
            return replace(judgement, superseded=True)
        self._insert(Record(candidate, judgement, original), old)
        return judgement

    def _unique(self, candidate: Candidate) -> Judgement:
        short = candidate.fingerprint.is_short
        return Judgement(
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

    def _overtaken(self, candidate: Candidate, by: Record) -> bool:
        return entry_bytes(candidate.entry_id) < entry_bytes(by.candidate.entry_id)

    def _original(
        self, fingerprint: Fingerprint, old: int | None, seen: Sequence[int]
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
        for number, other, equal in self._candidates([each for _, each in representations]):
            if number == old or not self._is_original(number):
                continue
            for (name, representation), equal_bands in zip(representations, equal, strict=True):
                raw = representation.similarity_to(other, equal_bands)
                sizes = representation.size_code, other.size_code
                shared = self._shared_shingles(fingerprint, seen, name)
                pair = without_known(raw, *sizes, shared.known, self.parameters)
                if is_near(pair, self.parameters):
                    near.append((-pair.jaccard, number, name, pair))
                elif is_contained(pair, *sizes, self.parameters) and owns_little(
                    pair, *sizes, shared, self.parameters
                ):
                    containing.append((-pair.containment, number, name, pair))
        if not near and not containing:
            return None
        decided_by: DecidedBy = "jaccard" if near else "containment"
        # The most alike; of equals the oldest, by the content before the whole text.
        _, number, name, pair = min(near or containing)
        return number, "near", decided_by, name, pair

    def _shared_shingles(
        self, fingerprint: Fingerprint, seen: Sequence[int], name: ComparedText
    ) -> Shared:
        least, shingle_tokens = (
            self.parameters.boilerplate_documents,
            self.parameters.shingle_tokens,
        )
        content = name == "content"
        return Shared(
            fingerprint.lines.shared_shingles(seen, least, shingle_tokens, content=content),
            fingerprint.lines.shared_shingles(seen, 1, shingle_tokens, content=content),
        )

    def _seen_lines(self, fingerprint: Fingerprint) -> list[int]:
        return [self._seen(cell) for cell in cut(line_cells(fingerprint.lines.hashes), 4)]

    def forget(
        self, document_id: str, entry_id: str | None = None, before_ms: int | None = None
    ) -> bool:
        """Remove a document; see the port."""
        id_bytes(document_id)
        with self._lock:
            number = self._by_id.get(document_id, -1)
            current = self._records.get(number) if number >= self._oldest else None
            if current is None and entry_id is not None:
                return False
            if current is not None and entry_id not in (None, current.candidate.entry_id):
                return False
            if before_ms is not None:
                edge = entry_bytes(f"{before_ms}-0")
                self._tombstones[document_id] = max(edge, self._tombstones.get(document_id, b""))
                if current is not None and entry_bytes(current.candidate.entry_id) >= edge:
                    return self._forget_earlier(document_id, current)
            if current is None:
                self._revisions.pop(document_id, None)
                return False
            self._retire(number, None)
            self._forget_earlier(document_id, None)
            return True

    def _forget_earlier(self, document_id: str, current: Record | None) -> bool:
        """Take an id off all records but the current one; return whether there were any."""
        self._revisions.pop(document_id, None)
        found = [
            record
            for record in self._records.values()
            if record.candidate.document_id == document_id and record is not current
        ]
        for record in found:
            record.candidate = replace(record.candidate, document_id="", entry_id="0-0")
        return bool(found)

    def cluster(self, document_id: str, most: int = 1000) -> Cluster | None:
        """Return the cluster of a document (alone, if unique); None for an unknown document."""
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
        """Return the largest clusters of at least two documents, largest first, without members."""
        found = sorted(
            (-1 - len(record.members), number)
            for number, record in self._records.items()
            if record.members
        )
        return [Cluster(self._original_id(n), -size, ()) for size, n in found[:top]]

    def info(self) -> IndexInfo:
        """Return counts, generations and parameters; bytes are those of ids and signatures only."""
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
