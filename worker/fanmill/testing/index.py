"""The index in its partitions in memory: `fanmill.ports.FingerprintIndex` for one process."""

from collections.abc import Callable

from fanmill.core.dedup.parameters import DedupParameters
from fanmill.testing.index_partition import MemoryIndexPartition


class MemoryFingerprintIndex:
    """The twin of `RedisFingerprintIndex`.

    Args:
        parameters: Parameters of the fingerprints.
        clock_ms: The time in ms since 1970.
    """

    def __init__(self, parameters: DedupParameters, *, clock_ms: Callable[[], int]) -> None:
        self.parameters = parameters
        self._clock_ms = clock_ms
        self._partitions: dict[str, MemoryIndexPartition] = {}

    def partition(self, name: str) -> MemoryIndexPartition:
        """Return a partition, made where it does not exist."""
        if name not in self._partitions:
            self._partitions[name] = MemoryIndexPartition(self.parameters, clock_ms=self._clock_ms)
        return self._partitions[name]

    def partitions(self) -> list[str]:
        """Return the names of all partitions there are, sorted."""
        return sorted(self._partitions)

    def forget(
        self, document_id: str, entry_id: str | None = None, before_ms: int | None = None
    ) -> bool:
        """Remove a document from every partition; see the port."""
        forgotten = [
            partition.forget(document_id, entry_id, before_ms)
            for partition in self._partitions.values()
        ]
        return any(forgotten)

    def expire(self) -> None:
        """Free what is older than the horizon."""
        for partition in self._partitions.values():
            partition.maintain()
