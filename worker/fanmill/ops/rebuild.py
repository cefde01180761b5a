"""Rebuild of the duplicate index, from the fingerprints of the records or from texts.

Documents are entered in the given order, with their original time, so that the
horizon stays where it was. Workers may continue meanwhile: they enter documents
into the new index.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice
from typing import Final, TypeVar

from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.judgement import Candidate, Judgement
from fanmill.core.dedup.packing import UnfitFingerprint, unpacked
from fanmill.core.dedup.partition import PartitionOf
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.ports import StoredFingerprint
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.index.redis_partition import RedisIndexPartition
from fanmill_contracts import DocumentIngested

Item = TypeVar("Item")

_BATCH: Final = 64
_WINDOW: Final = 10_000
"""Fingerprints held back for sorting: more than the documents in flight at one time."""


@dataclass(slots=True)
class Rebuilt:
    """Progress of a rebuild."""

    documents: int = 0
    """Documents entered into the new index."""
    unique: int = 0
    without_fingerprint: int = 0
    """Records without a fingerprint of these parameters: their texts are needed."""


class Rebuild:
    """A rebuild: every partition of the index is emptied first.

    Args:
        index: The index, with the new parameters.
    """

    def __init__(self, index: RedisFingerprintIndex) -> None:
        self._index = index
        self._partitions: dict[str, RedisIndexPartition] = {}
        self._now_ms = 0
        self.done = Rebuilt()

    def clear(self) -> None:
        """Empty every partition, whatever its parameters, and give it the new ones."""
        for name in self._index.partitions():
            self._index.opened(name, "rebuild").clear()

    def from_fingerprints(self, stored: Iterable[StoredFingerprint]) -> Iterator[Rebuilt]:
        """Enter fingerprints, given in order of completion; yield after each batch."""
        for batch in _batches(_as_received(stored)):
            self._now_ms = max(self._now_ms, _received(batch[0]))
            groups: dict[str, list[Candidate]] = {}
            for each in batch:
                candidate = self._candidate(each)
                if candidate is None:
                    self.done.without_fingerprint += 1
                else:
                    groups.setdefault(each.partition, []).append(candidate)
            for name, candidates in groups.items():
                self._enter(name, candidates)
            yield self.done

    def from_documents(
        self, events: Iterable[DocumentIngested], partition_of: PartitionOf, now_ms: int
    ) -> Iterator[Rebuilt]:
        """Enter texts as of `now_ms`, in their order; yield after each batch."""
        signer = Fingerprinter(self._index.parameters)
        self._now_ms = now_ms
        number = 0
        for batch in _batches(events):
            groups: dict[str, list[DocumentIngested]] = {}
            for event in batch:
                groups.setdefault(partition_of(event.model_dump(mode="json")), []).append(event)
            for name, members in groups.items():
                tokenized = signer.tokenize([event.data.text or "" for event in members])
                documents = []
                for event, text in zip(members, tokenized, strict=True):
                    # The number keeps the order of the input: a later event is a revision.
                    number += 1
                    documents.append((event.data.document_id, f"{now_ms}-{number}", text))
                judged = judge_in_order(self._partition(name), signer, documents)
                self._count([judgement for judgement, _ in judged])
            yield self.done

    def _candidate(self, stored: StoredFingerprint) -> Candidate | None:
        """Return the candidate, None without a fingerprint of these parameters."""
        try:
            fingerprint = unpacked(stored.packed, self._index.parameters)
        except UnfitFingerprint:
            return None
        entry_id = f"{_received(stored)}-0"
        return Candidate(stored.document_id, entry_id, fingerprint)

    def _enter(self, name: str, candidates: Sequence[Candidate]) -> None:
        self._count(self._partition(name).judge(candidates))

    def _count(self, judged: Sequence[Judgement]) -> None:
        self.done.documents += len(judged)
        self.done.unique += sum(judgement.verdict == "unique" for judgement in judged)

    def _partition(self, name: str) -> RedisIndexPartition:
        if name not in self._partitions:
            self._partitions[name] = self._index.opened(name, "refuse").at(lambda: self._now_ms)
        return self._partitions[name]


def _as_received(fingerprints: Iterable[StoredFingerprint]) -> Iterator[StoredFingerprint]:
    """Yield fingerprints in the order in which the documents came, originals before copies.

    A copy is complete before its original, which goes through all stages.
    """
    held: list[tuple[int, bool, int, StoredFingerprint]] = []
    for number, each in enumerate(fingerprints):
        # Within one millisecond only the verdict tells which document came first.
        entry = (_received(each), each.verdict != "unique", number, each)
        heappush(held, entry)
        if len(held) > _WINDOW:
            yield heappop(held)[-1]
    while held:
        yield heappop(held)[-1]


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    source = iter(items)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _received(fingerprint: StoredFingerprint) -> int:
    """Return the time of the document's event in ms since 1970."""
    return round(fingerprint.received_at.timestamp() * 1000)
