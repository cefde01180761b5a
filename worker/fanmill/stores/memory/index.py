"""The index of exact duplicates in memory."""

from collections.abc import Sequence

from fanmill.core.moments import order_of
from fanmill.core.verdict import exact_verdict
from fanmill.ports import (
    Candidate,
)
from fanmill.stores.memory.server import MemoryServer
from fanmill_contracts import (
    Deduplication,
)


class MemoryFingerprintIndex:
    """`fanmill.ports.FingerprintIndex` in memory."""

    def __init__(self, server: MemoryServer) -> None:
        self._server = server

    def judge(self, candidates: Sequence[Candidate]) -> list[Deduplication]:
        """Judge documents against all seen before and enter them; see the port."""
        return [exact_verdict(self._leader(candidate)) for candidate in candidates]

    def _leader(self, candidate: Candidate) -> str | None:
        digests, indexed = self._server.digests, self._server.indexed
        known = indexed.get(candidate.document_id)
        if known is not None and known[0] == candidate.entry_id:
            return known[2]
        leader = digests.get(candidate.digest)
        if leader == candidate.document_id:
            leader = None
        if known is None or order_of(known[0]) < order_of(candidate.entry_id):
            if known is not None and known[1] != candidate.digest:
                self._vacate(known[1], candidate.document_id)
            if leader is None:
                digests[candidate.digest] = candidate.document_id
            indexed[candidate.document_id] = (candidate.entry_id, candidate.digest, leader)
        return leader

    def _vacate(self, digest: str, document_id: str) -> None:
        if self._server.digests.get(digest) == document_id:
            del self._server.digests[digest]

    def forget(self, document_id: str, entry_id: str | None = None) -> bool:
        """Remove a document; see the port."""
        known = self._server.indexed.get(document_id)
        if known is None or (entry_id is not None and known[0] != entry_id):
            return False
        self._vacate(known[1], document_id)
        del self._server.indexed[document_id]
        return True
