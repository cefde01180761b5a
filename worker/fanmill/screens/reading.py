"""Readings for the screens: the same as metrics and commands, from all partitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import local
from typing import TYPE_CHECKING

from fanmill.ops.metrics.index_size import IndexSize
from fanmill.ops.metrics.reading import Limits, Reading, Source, read
from fanmill.ops.process_registry import server_ms
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.shell.queues import queue_name
from fanmill.stores.redis.history import KEPT, Point, Resolution
from fanmill.stores.redis.remembered_series import RememberedSeries
from fanmill.wiring import Wiring

if TYPE_CHECKING:
    from redis import Redis

    from fanmill.ports.store import Store
    from fanmill.stores.keys import Keys

_RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class PartitionReader:
    """Reads one partition."""

    settings: Settings

    @property
    def number(self) -> int:
        """Its number; 0 without partitions."""
        return self.settings.partition or 0

    @cached_property
    def wiring(self) -> Wiring:
        """Its objects."""
        return Wiring(self.settings, retry_seconds=_RETRY_SECONDS)

    @property
    def redis(self) -> Redis:
        """Client of its server."""
        return self.wiring.redis

    @property
    def keys(self) -> Keys:
        """Keys of its namespace."""
        return self.wiring.keys

    @cached_property
    def _source(self) -> Source:
        settings = self.settings
        return Source(
            redis=self.redis,
            keys=self.keys,
            queues={stage: queue_name(settings.namespace, stage) for stage in STAGES},
            limits=Limits(
                max_backlog=settings.max_backlog,
                max_in_flight=settings.max_in_flight,
                max_rejected=settings.max_rejected,
                max_unstored=settings.max_unstored,
                target_age_seconds=settings.target_age_seconds,
            ),
            measure_index=IndexSize(self.wiring.index),
        )

    @property
    def limits(self) -> Limits:
        """Settings that numbers are compared with."""
        return self._source.limits

    def read(self) -> Reading:
        """Read the state of now.

        Raises:
            RedisError: The server does not answer.
        """
        return read(self._source)

    def history(self, resolution: Resolution, number: int | None = None) -> list[Point]:
        """Return the last minutes or hours with the counts that are drawn, the oldest first."""
        now = server_ms(self.redis)
        return self._series.read(resolution, number or KEPT[resolution], end_ms=now)

    @cached_property
    def _series(self) -> RememberedSeries:
        return RememberedSeries(self.redis, self.keys, _is_drawn)


def _is_drawn(name: str) -> bool:
    """Return whether the screens draw the course of a count."""
    return name in {"received", "completed", "rejected"} or name.startswith("total:")


class Reader:
    """Reads all partitions and the store.

    Safe for several threads: each has a store of its own.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.partitions: Sequence[PartitionReader] = [
            PartitionReader(own) for own in settings.each_partition()
        ]
        self._stores = local()

    def at_once(self) -> Reader:
        """Return a reader for one look, in one thread: it reads the state of partitions once."""
        return _OneLook(self)

    @property
    def first(self) -> PartitionReader:
        """The only partition, or the first."""
        return self.partitions[0]

    def partition_of(self, document_id: str) -> PartitionReader:
        """Return the partition that a document belongs to."""
        from fanmill_contracts import partition_of  # noqa: PLC0415

        return self.partitions[partition_of(document_id, len(self.partitions))]

    def read(self) -> Mapping[int, Reading]:
        """Return the state of each partition by its number."""
        return {each.number: each.read() for each in self.partitions}

    def now_ms(self) -> int:
        """Return the time of the first server in ms since 1970; ages on screens count to it."""
        return server_ms(self.first.redis)

    @property
    def has_store(self) -> bool:
        """Whether a store of record is configured."""
        return bool(self.settings.store_url.get_secret_value())

    @property
    def store(self) -> Store:
        """The store of this thread.

        Raises:
            StoreError: It cannot be used.
        """
        found: Store | None = getattr(self._stores, "store", None)
        if found is None:
            from fanmill.stores.opening import open_store  # noqa: PLC0415

            found = open_store(self.settings.store_url.get_secret_value())
            self._stores.store = found
        return found

    def forget_store(self) -> None:
        """Open the store anew at its next use, after a failure."""
        self._stores.store = None


class _OneLook(Reader):
    def __init__(self, reader: Reader) -> None:
        # Not `super().__init__`: clients, histories and stores are those of the other reader.
        self.__dict__.update(vars(reader))
        self._readings: Mapping[int, Reading] | None = None

    def read(self) -> Mapping[int, Reading]:
        if self._readings is None:
            self._readings = super().read()
        return self._readings
