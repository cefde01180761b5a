"""The index in its parts in memory: `fanmill.ports.FingerprintIndex` for one process."""

from collections.abc import Callable

from fanmill.core.dedup.parameters import DedupParameters
from fanmill.testing.index_part import MemoryIndexPart


class MemoryFingerprintIndex:
    """The twin of `RedisFingerprintIndex`.

    Args:
        parameters: What fingerprints are made with.
        clock_ms: The time in ms since 1970.
    """

    def __init__(self, parameters: DedupParameters, *, clock_ms: Callable[[], int]) -> None:
        self.parameters = parameters
        self._clock_ms = clock_ms
        self._parts: dict[str, MemoryIndexPart] = {}

    def part(self, name: str) -> MemoryIndexPart:
        """Return a part, made where it does not exist."""
        if name not in self._parts:
            self._parts[name] = MemoryIndexPart(self.parameters, clock_ms=self._clock_ms)
        return self._parts[name]

    def parts(self) -> list[str]:
        """Return the names of all parts there are, sorted."""
        return sorted(self._parts)

    def forget(self, document_id: str, entry_id: str | None = None) -> bool:
        """Remove a document from every part; see the port."""
        forgotten = [part.forget(document_id, entry_id) for part in self._parts.values()]
        return any(forgotten)

    def expire(self) -> None:
        """Free what is older than the horizon."""
        for part in self._parts.values():
            part.maintain()
