"""The index in its partitions on Redis or Valkey, one server or a cluster: `fanmill.ports`."""

from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Any

from fanmill.core.dedup.parameters import DedupParameters
from fanmill.stores.index.errors import IndexParametersDiffer
from fanmill.stores.index.keys import partitions_key
from fanmill.stores.index.redis_partition import OnOther, RedisIndexPartition


class RedisFingerprintIndex:
    """`fanmill.ports.FingerprintIndex` on Redis: about 144 bytes a document.

    It shares no key with the ledger, so that it may live on another server.

    Args:
        client: A `Redis` or `RedisCluster` that answers with bytes; the caller's to close.
        namespace: First part of its keys.
        parameters: Parameters of the fingerprints.
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
        self.client = client
        self._clock_ms = clock_ms
        self._opened: dict[str, RedisIndexPartition] = {}
        self._turn = cycle([""])
        self._known: list[str] = []

    def partition(self, name: str) -> RedisIndexPartition:
        """Return a partition, made where it does not exist.

        Raises:
            IndexParametersDiffer: It holds documents of other parameters.
        """
        if name not in self._opened:
            self._opened[name] = self.opened(name, "refuse")
        return self._opened[name]

    def opened(self, name: str, on_other_parameters: OnOther) -> RedisIndexPartition:
        """Open a partition; see `RedisIndexPartition` for what to do about other parameters."""
        return RedisIndexPartition(
            self.client,
            self.parameters,
            namespace=self.namespace,
            partition=name,
            on_other_parameters=on_other_parameters,
            clock_ms=self._clock_ms,
        )

    def partitions(self) -> list[str]:
        """Return the names of all partitions there are, sorted."""
        return sorted(
            name.decode() for name in self.client.smembers(partitions_key(self.namespace))
        )

    def check(self) -> None:
        """Check that all partitions have the expected parameters.

        Raises:
            IndexParametersDiffer: A partition has others.
        """
        for name in self.partitions():
            self.partition(name)

    def forget(
        self, document_id: str, entry_id: str | None = None, before_ms: int | None = None
    ) -> bool:
        """Remove a document from every partition, whatever its parameters; see the port."""
        forgotten = [
            self.opened(name, "adopt").forget(document_id, entry_id, before_ms)
            for name in self.partitions()
        ]
        return any(forgotten)

    def forget_all(self, document_ids: Sequence[str], before_ms: int) -> int:
        """Remove documents as `forget` does; return how many were known."""
        partitions = [self.opened(name, "adopt") for name in self.partitions()]
        return sum(
            bool(sum(partition.forget(each, before_ms=before_ms) for partition in partitions))
            for each in document_ids
        )

    def expire(self) -> None:
        """Free a little of what is older than the horizon: one script call on one partition."""
        partitions = self.partitions()
        if partitions != self._known:
            self._known, self._turn = partitions, cycle(partitions)
        if not partitions:
            return
        try:
            self.opened(next(self._turn), "adopt").expire()
        except IndexParametersDiffer:
            # The key belongs to another release, which maintains it.
            return
