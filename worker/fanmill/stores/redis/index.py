"""The index of exact duplicates on Redis."""

from collections.abc import Sequence
from typing import Any

from redis import Redis

from fanmill.core.verdict import exact_verdict
from fanmill.ports import Candidate
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import Script, text
from fanmill_contracts import Deduplication


class RedisFingerprintIndex:
    """`fanmill.ports.FingerprintIndex` on Redis: about 350 bytes per document.

    It shares no key with the ledger, so that it may live on another server.
    """

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys
        self._judge = Script("judge")
        self._forget = Script("forget")

    def judge(self, candidates: Sequence[Candidate]) -> list[Deduplication]:
        """Judge documents against all seen before and enter them; see the port."""
        if not candidates:
            return []
        keys: list[str] = []
        arguments: list[Any] = [self._keys.index_digests]
        for candidate in candidates:
            keys += (
                self._keys.index_documents + candidate.document_id,
                self._keys.index_digests + candidate.digest,
            )
            arguments += (candidate.entry_id, candidate.document_id, candidate.digest)
        leaders = self._judge.run(self._redis, keys, arguments)
        return [exact_verdict(text(leader) or None) for leader in leaders]

    def forget(self, document_id: str, entry_id: str | None = None) -> bool:
        """Remove a document; see the port."""
        answer = self._forget.run(
            self._redis,
            [self._keys.index_documents + document_id],
            [self._keys.index_digests, document_id, entry_id or ""],
        )
        return bool(answer)
