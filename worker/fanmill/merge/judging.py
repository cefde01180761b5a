"""Judgement of a back-fill: the script of the live index, on an embedded server.

The verdicts are those of the online path by construction: `judge_in_order` calls `judge.lua`, and
only the time is the documents' instead of the server's. A killed merge judges its last batch
again; the index answers with the verdicts it has stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from fanmill.batch.run_file import RunEntry
from fanmill.core.dedup.portable import PortableMaker
from fanmill.core.dedup.sequence import judge_in_order
from fanmill.core.dedup.verdict import verdict
from fanmill.core.record_members import RecordMembers
from fanmill.stores.index.state import unchanged_until_ms

if TYPE_CHECKING:
    from fanmill.core.dedup.judgement import Judgement
    from fanmill.core.dedup.parameters import DedupParameters
    from fanmill.stores.index import RedisFingerprintIndex
    from fanmill.stores.index.redis_partition import RedisIndexPartition

BATCH: Final = 128
"""Documents in one call of the index."""


@dataclass(slots=True)
class Clock:
    """The time of the documents that are judged."""

    now_ms: int = 0

    def __call__(self) -> int:
        """Return the time in ms since 1970."""
        return self.now_ms


class Judging:
    """Judges documents in order.

    Args:
        client: Client of the embedded server.
        index: Index on that server, with `clock` for its clock.
        clock: The clock.
        started_ms: Time of arrival of documents without one.
    """

    def __init__(
        self, client: Any, index: RedisFingerprintIndex, clock: Clock, started_ms: int
    ) -> None:
        self._client = client
        self._index = index
        self._clock = clock
        self._started_ms = started_ms
        self._maker = PortableMaker(index.parameters)
        self._of_unique: dict[tuple[str, str], str] = {}
        self._position = 0
        self.verdicts: Counter[str] = Counter()
        """Number of documents by verdict."""

    @property
    def remade(self) -> int:
        """Number of fingerprints that were made anew, because lines became boilerplate."""
        return self._maker.remade

    def partitions(
        self, entries: Iterable[RunEntry], position: int
    ) -> Iterator[tuple[str, Iterator[tuple[Sequence[RunEntry], list[str]]]]]:
        """Yield each partition with an iterator of its batches, to be read to its end.

        A batch comes with the JSON of its verdicts.

        Args:
            entries: The documents, in order.
            position: Number of documents judged before.
        """
        for name, members in groupby(entries, key=lambda entry: entry.key.partition):
            yield name, self._batches(name, members, position)
            position = self._position

    def _batches(
        self, name: str, entries: Iterator[RunEntry], position: int
    ) -> Iterator[tuple[Sequence[RunEntry], list[str]]]:
        partition = self._index.partition(name)
        batch: list[RunEntry] = []
        change = 0.0
        for entry in entries:
            now = self._arrival(entry)
            if batch and (
                len(batch) == BATCH or (now >= change and now != self._arrival(batch[0]))
            ):
                yield batch, self._judged(partition, name, batch, position)
                position += len(batch)
                batch = []
            if not batch:
                change = unchanged_until_ms(
                    self._client, partition.keys.state, self._index.parameters
                )
            batch.append(entry)
        if batch:
            yield batch, self._judged(partition, name, batch, position)
        self._position = position + len(batch)

    def _judged(
        self, partition: RedisIndexPartition, name: str, batch: Sequence[RunEntry], position: int
    ) -> list[str]:
        self._clock.now_ms = self._arrival(batch[0])
        documents = [
            # The position keeps the order of documents with the same time, and of revisions.
            (
                entry.document_id,
                f"{self._arrival(entry)}-{position + number}",
                self._maker.read(entry.fingerprint),
            )
            for number, entry in enumerate(batch)
        ]
        judged = judge_in_order(partition, self._maker, documents)
        self.verdicts.update(each.verdict for each, _ in judged)
        return [self._member(each, name) for each, _ in judged]

    def _member(self, judgement: Judgement, partition: str) -> str:
        """Return the member `deduplication` as JSON; it is the same for most unique documents."""
        if judgement.verdict != "unique":
            return _written(judgement, self._index.parameters, partition)
        kind = (partition, judgement.decided_by)
        if kind not in self._of_unique:
            self._of_unique[kind] = _written(judgement, self._index.parameters, partition)
        return self._of_unique[kind]

    def _arrival(self, entry: RunEntry) -> int:
        return entry.key.arrival_ms or self._started_ms


def _written(judgement: Judgement, parameters: DedupParameters, partition: str) -> str:
    members = RecordMembers(deduplication=verdict(judgement, parameters, partition))
    return members.model_dump_json(exclude_defaults=True)[len('{"deduplication":') : -1]
