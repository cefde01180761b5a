"""The size of the duplicate index, measured now and then: a sample of its pages takes a while."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Final

from redis.exceptions import RedisError

from fanmill.stores.index.errors import IndexParametersDiffer

if TYPE_CHECKING:
    from fanmill.stores.index import RedisFingerprintIndex

FRESH_SECONDS: Final = 30.0
"""Age up to which a measurement is used again."""

MAX_SECONDS: Final = 3.0
"""Time for which partitions are measured; an index with more of them has no size."""


class IndexTooLarge(RedisError):
    """The index has too many partitions to measure all in time."""


class IndexSize:
    """Measures documents and bytes of an index, all partitions together.

    Args:
        index: The index; only looked at.
        clock: Seconds since some fixed moment.
    """

    def __init__(
        self, index: RedisFingerprintIndex, clock: Callable[[], float] = monotonic
    ) -> None:
        self._index = index
        self._clock = clock
        self._measured_at = float("-inf")
        self._size = (0, 0)

    def __call__(self) -> tuple[int, int]:
        """Return documents and bytes, at most 30 s old.

        Raises:
            RedisError: The server of the index does not answer.
            IndexTooLarge: Three seconds were not enough for all partitions.
        """
        if self._clock() - self._measured_at > FRESH_SECONDS:
            self._size = self._measure()
            self._measured_at = self._clock()
        return self._size

    def _measure(self) -> tuple[int, int]:
        documents = size = 0
        deadline = self._clock() + MAX_SECONDS
        for name in self._index.partitions():
            if self._clock() > deadline:
                raise IndexTooLarge("the index has too many partitions to measure them in time")
            try:
                found = self._index.opened(name, "adopt").info()
            except IndexParametersDiffer:
                # Another release beside this one made the partition.
                continue
            documents += found.documents
            size += found.bytes + found.line_table_bytes
        return documents, size
