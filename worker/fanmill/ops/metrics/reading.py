"""Readings: the state from which all metrics are computed, read from Redis in one go.

Everything is read anew at each call: any number of exporters may run, and a restart loses no
count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter, time
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import RedisError, ResponseError

from fanmill.ops.process_registry import Process, running_processes
from fanmill.ops.sinks import SinkView, views_of
from fanmill.ops.workers import look
from fanmill.ports import STAGES
from fanmill.stores.redis.controls import RedisControls, Signature
from fanmill.stores.redis.history import (
    Exemplar,
    Point,
    read_exemplars,
    read_series,
    read_totals,
)
from fanmill.stores.redis.losses import lost_unread
from fanmill.stores.redis.sinks import RedisSinks
from fanmill.stores.redis.stream_facts import StreamFacts, measure_stream

if TYPE_CHECKING:
    from redis import Redis

    from fanmill.stores.keys import Keys
    from fanmill_contracts.terms import Stage

RATE_MINUTES: Final = 5
"""Window of the rates that derived metrics use, in minutes."""

_COST_HOURS: Final = 2
"""Window of the cost of a document: the unfinished hour and the one before it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The settings that metrics show or use; None for no limit.

    Attributes:
        max_backlog: Events in the ledger at which publishers wait.
        max_in_flight: Events in flight at which intake stops reading.
        max_rejected: Open rejections by stages at which intake stops reading.
        max_unstored: Outcomes to store at which intake stops reading.
        target_age_seconds: Age that the oldest event may reach.
    """

    max_backlog: int | None
    max_in_flight: int
    max_rejected: int | None
    max_unstored: int | None
    target_age_seconds: float


@dataclass(frozen=True, slots=True)
class Source:
    """The place where values are read.

    Attributes:
        redis: A client of the ledger's server.
        keys: The keys of the namespace.
        queues: Celery's queue of each stage.
        limits: See `Limits`.
        measure_index: Returns documents and bytes of the duplicate index.
        clock: Seconds since 1970 on this machine.
    """

    redis: Redis
    keys: Keys
    queues: Mapping[Stage, str]
    limits: Limits
    measure_index: Callable[[], tuple[int, int]]
    clock: Callable[[], float] = time


@dataclass(frozen=True, slots=True)
class Reading:
    """State of a namespace at one moment.

    Attributes:
        seconds: Time that the reading took.
        skew_seconds: This machine's clock less the server's.
        streams: Facts on the streams `ingested`, `processed` and `rejected`.
        totals: Counts since the namespace began.
        exemplars: Traced documents by bin of the time from ledger to record.
        minutes: The unfinished minute and the five before it, oldest first.
        hours: The unfinished hour and the one before it, oldest first.
        stage_rejections: Open rejections by stages.
        lost_unread: Entries that others removed unread.
        records: Documents with a record.
        queues: Messages that no worker has taken, by stage.
        processes: Running intakes, workers and sinks.
        sinks: The registered sinks.
        unreadable: Outcomes that sinks have set aside.
        in_work: Seconds for which each batch in work has kept its child busy, by stage.
        paused: Pauses by place: intake, stages or sink.
        memory: Used and maximum bytes of the server; None if it does not tell.
        index: Documents and bytes of the duplicate index; None if its server does not tell.
    """

    seconds: float
    skew_seconds: float
    streams: Mapping[str, StreamFacts]
    totals: Mapping[str, int]
    exemplars: Mapping[int, Exemplar]
    minutes: list[Point]
    hours: list[Point]
    stage_rejections: int
    lost_unread: int
    records: int
    queues: Mapping[str, int]
    processes: list[Process]
    sinks: list[SinkView]
    unreadable: int
    in_work: Mapping[Stage, list[float]]
    paused: Mapping[str, Signature]
    memory: tuple[int, int] | None
    index: tuple[int, int] | None


def read(source: Source) -> Reading:
    """Read the state of a namespace; a new one has zeros.

    Raises:
        RedisError: The ledger's server does not answer.
    """
    began = perf_counter()
    redis, keys = source.redis, source.keys
    before = source.clock()
    ledger = measure_stream(redis, keys.ingested)
    here = (before + source.clock()) / 2
    with redis.pipeline(transaction=False) as pipe:
        pipe.zcard(keys.results)
        for stage in STAGES:
            pipe.llen(source.queues[stage])
        records, *lengths = pipe.execute()
    processes = running_processes(redis, keys)
    backlogs, unreadable = RedisSinks(redis, keys).measure()
    return Reading(
        skew_seconds=here - ledger.now_ms / 1000,
        streams={
            "ingested": ledger,
            "processed": measure_stream(redis, keys.processed),
            "rejected": measure_stream(redis, keys.rejected),
        },
        totals=read_totals(redis, keys),
        exemplars=read_exemplars(redis, keys),
        minutes=read_series(redis, keys, "minute", RATE_MINUTES + 1, end_ms=ledger.now_ms),
        hours=read_series(redis, keys, "hour", _COST_HOURS, end_ms=ledger.now_ms),
        stage_rejections=_stage_rejections(source),
        lost_unread=lost_unread(redis, keys),
        records=records,
        queues=dict(zip(STAGES, lengths, strict=True)),
        processes=processes,
        sinks=views_of(backlogs, processes),
        unreadable=unreadable,
        in_work=_in_work(source, {process.name for process in processes}),
        paused=RedisControls(redis, keys).read().pauses,
        memory=_memory(redis),
        index=_index(source),
        seconds=perf_counter() - began,
    )


def _in_work(source: Source, running: set[str]) -> dict[Stage, list[float]]:
    found: dict[Stage, list[float]] = {stage: [] for stage in STAGES}
    for worker in look(source.redis, source.keys):
        if worker.name in running:
            for batch in worker.batches:
                found[batch.stage].append(batch.seconds)
    return found


def _stage_rejections(source: Source) -> int:
    return int(source.redis.zcard(source.keys.failed))


def _memory(redis: Redis) -> tuple[int, int] | None:
    try:
        info: Any = redis.info("memory")
    except ResponseError:
        # The user may not ask.
        return None
    return int(info["used_memory"]), int(info.get("maxmemory", 0))


def _index(source: Source) -> tuple[int, int] | None:
    try:
        return source.measure_index()
    except RedisError:
        # It may live on another server, which is away.
        return None
