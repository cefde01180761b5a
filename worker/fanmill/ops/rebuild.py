"""Makes an index anew: from the records, whose fingerprints it keeps, or from texts.

Documents are entered in the order given, with the time they had, so that the
horizon goes on where it was. Workers may go on meanwhile: what they judge goes
into the new index.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice
from typing import Final, TypeVar

from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.judgement import Candidate
from fanmill.core.dedup.packing import UnfitFingerprint, unpacked
from fanmill.core.dedup.partition import ALL, PartitionOf
from fanmill.stores.index import RedisFingerprintIndex
from fanmill.stores.index.redis_partition import RedisIndexPartition
from fanmill_contracts import DocumentIngested, DocumentResult

Item = TypeVar("Item")

_BATCH: Final = 64
_WINDOW: Final = 10_000
"""Results held back to be sorted: more than are ever in flight at a time."""


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild has done so far."""

    documents: int = 0
    """Entered into the new index."""
    unique: int = 0
    without_fingerprint: int = 0
    """Records that keep none, or one of other parameters: their texts are needed."""


class Rebuild:
    """One rebuild: every partition of the index is emptied first.

    Args:
        index: With the parameters wanted.
    """

    def __init__(self, index: RedisFingerprintIndex) -> None:
        self._index = index
        self._partitions: dict[str, RedisIndexPartition] = {}
        self._now_ms = 0
        self.done = Rebuilt()

    def clear(self) -> None:
        """Empty every partition, whatever its parameters, and give it those wanted."""
        for name in self._index.partitions():
            self._index.opened(name, "rebuild").clear()

    def from_results(self, results: Iterable[DocumentResult]) -> Iterator[Rebuilt]:
        """Enter the fingerprints of records, given in order of completion; yield now and then."""
        for batch in _batches(_as_received(results)):
            self._now_ms = max(self._now_ms, _received(batch[0]))
            groups: dict[str, list[Candidate]] = {}
            for result in batch:
                candidate = self._kept(result)
                if candidate is None:
                    self.done.without_fingerprint += 1
                else:
                    groups.setdefault(result.deduplication.partition or ALL, []).append(candidate)
            for name, candidates in groups.items():
                self._enter(name, candidates)
            yield self.done

    def from_documents(
        self, events: Iterable[DocumentIngested], partition_of: PartitionOf, now_ms: int
    ) -> Iterator[Rebuilt]:
        """Enter texts as of `now_ms`, in their order; yield now and then."""
        signer = Fingerprinter(self._index.parameters)
        self._now_ms = now_ms
        number = 0
        for batch in _batches(events):
            groups: dict[str, list[DocumentIngested]] = {}
            for event in batch:
                groups.setdefault(partition_of(event.model_dump(mode="json")), []).append(event)
            for name, members in groups.items():
                tokenized = signer.tokenize([event.data.text or "" for event in members])
                seen = self._partition(name).lines_seen([each.lines for each in tokenized])
                candidates = []
                for event, made in zip(members, signer.fingerprints(tokenized, seen), strict=True):
                    # Entries of one moment in the order of the lines: a later one is a revision.
                    number += 1
                    entry_id = f"{now_ms}-{number}"
                    candidates.append(Candidate(event.data.document_id, entry_id, made))
                self._enter(name, candidates)
            yield self.done

    def _kept(self, result: DocumentResult) -> Candidate | None:
        packed = result.deduplication.fingerprint
        if packed is None:
            return None
        try:
            fingerprint = unpacked(packed, self._index.parameters)
        except UnfitFingerprint:
            return None
        entry_id = f"{_received(result)}-0"
        return Candidate(result.document_id, entry_id, fingerprint)

    def _enter(self, name: str, candidates: Sequence[Candidate]) -> None:
        judged = self._partition(name).judge(candidates)
        self.done.documents += len(judged)
        self.done.unique += sum(judgement.verdict == "unique" for judgement in judged)

    def _partition(self, name: str) -> RedisIndexPartition:
        if name not in self._partitions:
            self._partitions[name] = self._index.opened(name, "refuse").at(lambda: self._now_ms)
        return self._partitions[name]


def _as_received(results: Iterable[DocumentResult]) -> Iterator[DocumentResult]:
    """Yield results in the order in which their events came, originals before their copies.

    A copy is complete before its original is, which goes through all stages.
    """
    held: list[tuple[int, bool, int, DocumentResult]] = []
    for number, result in enumerate(results):
        unique = result.deduplication.verdict == "unique"
        # Within one millisecond nothing but the verdict tells who was first.
        entry = (_received(result), not unique, number, result)
        heappush(held, entry)
        if len(held) > _WINDOW:
            yield heappop(held)[-1]
    while held:
        yield heappop(held)[-1]


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    source = iter(items)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _received(result: DocumentResult) -> int:
    # An entry whose id is no time was received before its record was complete.
    moment = result.received_at or result.completed_at
    return round(moment.timestamp() * 1000)
