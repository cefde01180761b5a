"""The status of a namespace: counts, rates and processes, from one look at the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis import Redis

from fanmill.ops.process_registry import Process, running_processes, server_ms
from fanmill.ops.sinks import SinkView, views_of
from fanmill.ports import STAGES
from fanmill.stores.keys import GROUP, Keys
from fanmill.stores.redis.controls import RedisControls, Signature
from fanmill.stores.redis.history import histogram_of, rate_per_second, read_series
from fanmill.stores.redis.sinks import RedisSinks
from fanmill_contracts.terms import Stage


@dataclass(frozen=True, slots=True)
class Status:
    """State at one moment. Counts are of events since the namespace began, but for those of now."""

    waiting: int
    """Events in the ledger that no intake has read."""
    in_flight: int
    """Events read and not complete."""
    oldest_seconds: float | None
    """Age of the oldest event in the ledger; None when it is empty."""
    admitted: int
    completed: int
    unique: int
    duplicates: int
    repeated: int
    """Events that came a second time and were removed."""
    rejected: int
    """Rejections in the rejected stream now."""
    rejected_total: int
    results: int
    """Documents with a record now."""
    rates: dict[str, float]
    """Documents per second and stage over the last minute."""
    queues: dict[str, int]
    """Messages per stage that no worker has claimed."""
    latency_p50_ms: int | None
    """Upper bound of the median time from ledger to record; None before the first."""
    latency_p99_ms: int | None
    lost_unread: int
    """Entries that others removed before an intake read them, as intake counted them last."""
    processes: list[Process]
    pauses: dict[str, Signature]
    """Pauses of intake, stages and sinks, by target."""
    sinks: list[SinkView]
    """The registered sinks."""
    unreadable: int
    """Outcomes that sinks have set aside."""


def look(redis: Redis, keys: Keys, queues: Mapping[Stage, str]) -> Status:
    """Return the status of a namespace; everything is zero for one that does not exist.

    Args:
        redis: A client of the server.
        keys: The keys of the namespace.
        queues: Celery's queue of each stage.
    """
    now = server_ms(redis)
    with redis.pipeline(transaction=False) as pipe:
        pipe.xlen(keys.ingested)
        pipe.xinfo_groups(keys.ingested)
        pipe.xrange(keys.ingested, "-", "+", count=1)
        pipe.hgetall(keys.counters)
        pipe.xlen(keys.rejected)
        pipe.zcard(keys.results)
        pipe.hmget(keys.reading, ["lost", "current"])
        for stage in STAGES:
            pipe.llen(queues[stage])
        answers: list[Any] = pipe.execute(raise_on_error=False)
    length, groups, oldest, counted, rejected, results, lost, *lengths = answers
    for answer in (length, oldest, counted, rejected, results, lost, *lengths):
        if isinstance(answer, Exception):
            raise answer
    counters = {name.decode(): int(value) for name, value in counted.items()}
    in_flight = _pending(groups)
    latency = histogram_of(counters, "total")
    backlogs, unreadable = RedisSinks(redis, keys).measure()
    processes = running_processes(redis, keys)
    last_minute = read_series(redis, keys, "minute", 2, end_ms=now)
    return Status(
        waiting=max(0, length - in_flight),
        in_flight=in_flight,
        oldest_seconds=_age(oldest, now),
        admitted=counters.get("admitted", 0),
        completed=counters.get("completed", 0),
        unique=counters.get("verdict:unique", 0),
        duplicates=counters.get("verdict:exact", 0) + counters.get("verdict:near", 0),
        repeated=counters.get("repeated", 0),
        rejected=rejected,
        rejected_total=counters.get("rejected", 0),
        results=results,
        rates={stage: rate_per_second(last_minute, f"stage:{stage}", now) for stage in STAGES},
        queues={str(stage): length for stage, length in zip(STAGES, lengths, strict=True)},
        latency_p50_ms=latency.upper_bound_ms(0.5),
        latency_p99_ms=latency.upper_bound_ms(0.99),
        lost_unread=sum(int(count or 0) for count in lost),
        processes=processes,
        pauses=RedisControls(redis, keys).read().pauses,
        sinks=views_of(backlogs, processes),
        unreadable=unreadable,
    )


def _pending(groups: Any) -> int:
    # An error: the stream does not exist yet.
    if isinstance(groups, Exception):
        return 0
    return sum(int(group["pending"]) for group in groups if group["name"] == GROUP.encode())


def _age(oldest: Any, now: int) -> float | None:
    if not oldest:
        return None
    written = int(oldest[0][0].partition(b"-")[0])
    return max(0.0, (now - written) / 1000)
