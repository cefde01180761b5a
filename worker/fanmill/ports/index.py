"""The index of fingerprints, by which documents are judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    # Names of types alone: a command that reads a record must not load numpy for them.
    from fanmill.core.dedup.boilerplate import Lines
    from fanmill.core.dedup.judgement import Candidate, Cluster, IndexInfo, Judgement
    from fanmill.core.dedup.parameters import DedupParameters


TOMBSTONE_DAYS: Final = 30
"""Time for which a tombstone keeps events from before an erasure out of ledger and index."""


class IndexPartition(Protocol):
    """Fingerprints of one partition (a tenant, a language), judged in order of arrival."""

    @property
    def parameters(self) -> DedupParameters:
        """Parameters of its fingerprints."""

    def lines_seen(self, lines: Sequence[Lines]) -> list[Sequence[int]]:
        """Return how many earlier unique documents had each line, 0 to 3; a list a document."""

    def judge(self, batch: Sequence[Candidate]) -> list[Judgement]:
        """Judge documents against all seen before and enter them, in their order.

        The answer ends before the first document whose fingerprint takes other lines for
        boilerplate than are boilerplate by then; `fanmill.core.dedup.sequence` judges the rest.
        The call is atomic: of two equal documents at the same instant one is
        unique. The same entry again gets the verdict it had. A new revision
        takes the place of its document's earlier one and is never its copy; an
        older revision that comes late takes none.
        """

    def forget(
        self, document_id: str, entry_id: str | None = None, before_ms: int | None = None
    ) -> bool:
        """Remove a document; see `FingerprintIndex.forget`."""

    def cluster(self, document_id: str, most: int = 1000) -> Cluster | None:
        """Return the cluster a document is in, None if it is unknown."""

    def largest_clusters(self, top: int = 10) -> list[Cluster]:
        """Return the largest clusters of two or more, largest first, without their members."""

    def info(self) -> IndexInfo:
        """Return counts, memory, generations and parameters."""

    def maintain(self) -> None:
        """Expire and free what is older than the horizon, at once."""

    def clear(self) -> None:
        """Remove everything."""


class FingerprintIndex(Protocol):
    """All documents seen, in partitions that are never compared with each other."""

    @property
    def parameters(self) -> DedupParameters:
        """Parameters that fingerprints must have."""

    def partition(self, name: str) -> IndexPartition:
        """Return a partition, made where it does not exist.

        Raises an error that names both where it holds documents of other parameters.
        """

    def partitions(self) -> list[str]:
        """Return the names of all partitions there are, sorted."""

    def forget(
        self, document_id: str, entry_id: str | None = None, before_ms: int | None = None
    ) -> bool:
        """Remove a document from every partition; with `entry_id` only where that entry put it.

        With `before_ms`, a time in ms since 1970, entries of the ledger before it are refused for
        `TOMBSTONE_DAYS`: they are judged and not entered. Documents of later entries stay.
        Returns whether anything was removed. Documents judged as its copies
        keep their verdict.
        """

    def expire(self) -> None:
        """Free a little of what is older than the horizon; cheap, to be called now and then."""
