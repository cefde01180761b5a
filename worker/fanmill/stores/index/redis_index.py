"""The index in its parts on Redis or Valkey, one server or a cluster: `fanmill.ports`."""

from collections.abc import Callable
from itertools import cycle
from typing import Any

from fanmill.core.dedup.parameters import DedupParameters
from fanmill.stores.index.errors import IndexParametersDiffer
from fanmill.stores.index.keys import parts_key
from fanmill.stores.index.redis_part import OnOther, RedisIndexPart


class RedisFingerprintIndex:
    """`fanmill.ports.FingerprintIndex` on Redis: about 144 bytes a document.

    It shares no key with the ledger, so that it may live on another server.

    Args:
        client: A `Redis` or `RedisCluster` that answers with bytes; the caller's to close.
        namespace: First part of its keys.
        parameters: What fingerprints are made with.
        clock_ms: The time in ms since 1970; without it the server's clock counts.
    """

    def __init__(
        self,
        client: Any,
        namespace: str,
        parameters: DedupParameters | None = None,
        *,
        clock_ms: Callable[[], int] | None = None,
    ) -> None:
        self.parameters = parameters or DedupParameters()
        self.namespace = namespace
        self._client = client
        self._clock_ms = clock_ms
        self._opened: dict[str, RedisIndexPart] = {}
        self._turn = cycle([""])
        self._known: list[str] = []

    def part(self, name: str) -> RedisIndexPart:
        """Return a part, made where it does not exist.

        Raises:
            IndexParametersDiffer: It holds documents of other parameters.
        """
        if name not in self._opened:
            self._opened[name] = self.opened(name, "refuse")
        return self._opened[name]

    def opened(self, name: str, on_other_parameters: OnOther) -> RedisIndexPart:
        """Open a part; see `RedisIndexPart` for what to do about other parameters."""
        return RedisIndexPart(
            self._client,
            self.parameters,
            namespace=self.namespace,
            part=name,
            on_other_parameters=on_other_parameters,
            clock_ms=self._clock_ms,
        )

    def parts(self) -> list[str]:
        """Return the names of all parts there are, sorted."""
        return sorted(name.decode() for name in self._client.smembers(parts_key(self.namespace)))

    def check(self) -> None:
        """Look whether all parts have the parameters wanted.

        Raises:
            IndexParametersDiffer: One has others.
        """
        for name in self.parts():
            self.part(name)

    def forget(self, document_id: str, entry_id: str | None = None) -> bool:
        """Remove a document from every part, whatever its parameters; see the port."""
        forgotten = [
            self.opened(name, "adopt").forget(document_id, entry_id) for name in self.parts()
        ]
        return any(forgotten)

    def expire(self) -> None:
        """Free a little of what is older than the horizon: one script call on one part."""
        parts = self.parts()
        if parts != self._known:
            self._known, self._turn = parts, cycle(parts)
        if not parts:
            return
        try:
            self.opened(next(self._turn), "adopt").expire()
        except IndexParametersDiffer:
            # Of another release, which looks after it.
            return
