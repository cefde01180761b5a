"""The documents of one partition of the index in memory, with their order and expiry."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from fanmill.core.dedup.fingerprint import Representation
from fanmill.core.dedup.judgement import (
    Candidate,
    Generation,
    Judgement,
)
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.similarity import is_near
from fanmill.stores.index.wire import line_cells

_DAY_MS: Final = 86_400_000
_HOT: Final = 64
_HOT_WIDE: Final = 8
_VERIFIED: Final = 32
_SEEN_MOST: Final = 3


@dataclass(slots=True)
class Record:
    """A judged document."""

    candidate: Candidate
    judgement: Judgement
    original: int | None = None
    live: bool = True
    successor: int | None = None
    members: list[int] = field(default_factory=list)

    @property
    def leads(self) -> bool:
        """Return whether later documents may be its copies."""
        return self.live and self.original is None


def cut(data: bytes, width: int) -> list[bytes]:
    """Return the bytes in pieces of `width` bytes."""
    return [data[i : i + width] for i in range(0, len(data), width)]


class IndexTable:
    """Documents by number, id, digest and band; the oldest expire.

    Args:
        parameters: Parameters of the fingerprints.
        clock_ms: Returns the time in ms since 1970.
    """

    def __init__(self, parameters: DedupParameters, *, clock_ms: Callable[[], int]) -> None:
        """Start empty."""
        self.parameters = parameters
        self._clock_ms = clock_ms
        self._lock = threading.Lock()
        self._tombstones: dict[str, bytes] = {}
        self.clear()

    def clear(self) -> None:
        """Remove everything."""
        self._records: dict[int, Record] = {}
        self._next = 0
        self._oldest = 0
        self._evicted = 0
        self._by_id: dict[str, int] = {}
        self._revisions: dict[str, list[tuple[Generation, Record]]] = {}
        self._by_digest: dict[bytes, int] = {}
        self._by_key: dict[bytes, list[int]] = {}
        self._generations: list[Generation] = []
        self._lines: dict[bytes, int] = {}
        self._lines_before: dict[bytes, int] = {}
        self._lines_start = 0

    def _seen(self, cell: bytes) -> int:
        tables = self._lines, self._lines_before
        return min(_SEEN_MOST, sum(min(_SEEN_MOST, table.get(cell, 0)) for table in tables))

    def _candidates(
        self, representations: Sequence[Representation]
    ) -> list[tuple[int, Representation, list[int]]]:
        """Return documents that share a band, those with the most bands first.

        Each comes with its content representation, and with the number of bands that it shares
        with each of the representations.
        """
        hits: dict[int, list[int]] = {}
        for place, each in enumerate(representations):
            for key in cut(each.keys, 4):
                for number in self._by_key.get(key, ()):
                    hits.setdefault(number, [0] * len(representations))[place] += 1
        chosen = sorted(hits, key=lambda number: (-sum(hits[number]), -number))[:_VERIFIED]
        found = ((n, self._records[n].candidate.fingerprint.content, hits[n]) for n in chosen)
        return [(number, content, equal) for number, content, equal in found if content is not None]

    def _insert(self, record: Record, old: int | None) -> None:
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
            for band, key in enumerate(cut(fingerprint.content.keys, 4)):
                numbers = self._by_key.setdefault(key, [])
                numbers.append(number)
                del numbers[: -_HOT if band < narrow else -_HOT_WIDE]
        for cell in set(cut(line_cells(fingerprint.lines.hashes), 4)):
            self._lines[cell] = self._lines.get(cell, 0) + 1

    def _succeeds(self, record: Record, old: Record) -> bool:
        if record.original is not None or old.original is not None:
            return False
        new, was = record.candidate.fingerprint, old.candidate.fingerprint
        if new.digest == was.digest:
            return True
        if new.content is None or was.content is None:
            return False
        return is_near(new.content.similarity_to(was.content, equal_bands=0), self.parameters)

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

    def _earlier(self, document_id: str) -> list[Record]:
        """Return the replaced revisions whose verdicts are still kept."""
        return [
            record
            for generation, record in self._revisions.get(document_id, ())
            if generation in self._generations
        ]

    def _evict(self) -> None:
        """Let the oldest documents go early if there are more than `max_documents`."""
        excess = self._next - self.parameters.max_documents - self._oldest
        if excess > 0:
            self._evicted += excess
            self._oldest += excess
            self._free()

    def _expire(self) -> None:
        now = self._clock_ms()
        horizon = round(self.parameters.horizon_days * _DAY_MS)
        length = horizon // self.parameters.generations
        if not self._generations or now >= self._generations[-1].start_ms + length:
            self._generations.append(Generation(now, now + length, self._next))
        self._evict()
        oldest = self._oldest
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
