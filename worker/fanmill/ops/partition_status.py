"""The status of all partitions together."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from redis.exceptions import RedisError

from fanmill.ops.status import Status

N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class PartitionStatus:
    """The status of one partition, or why there is none."""

    number: int
    status: Status | None
    error: str | None = None


def look_at(looks: Mapping[int, Callable[[], Status]]) -> list[PartitionStatus]:
    """Return the status of each partition; a server that is away does not hide the others."""
    found = []
    for number, look in looks.items():
        try:
            found.append(PartitionStatus(number, look()))
        except RedisError as error:
            found.append(PartitionStatus(number, None, str(error)))
    return found


def combined(statuses: Mapping[int, Status]) -> Status:
    """Return the status of partitions as of one service.

    Counts and rates are sums; ages and times are the highest of a partition. Targets of pauses
    are preceded by their partition.

    Args:
        statuses: At least one status, by partition.
    """
    each = list(statuses.values())
    rates: Counter[str] = Counter()
    queues: Counter[str] = Counter()
    for status in each:
        rates.update(status.rates)
        queues.update(status.queues)
    return Status(
        waiting=sum(status.waiting for status in each),
        in_flight=sum(status.in_flight for status in each),
        oldest_seconds=_highest(status.oldest_seconds for status in each),
        admitted=sum(status.admitted for status in each),
        completed=sum(status.completed for status in each),
        unique=sum(status.unique for status in each),
        duplicates=sum(status.duplicates for status in each),
        repeated=sum(status.repeated for status in each),
        rejected=sum(status.rejected for status in each),
        rejected_total=sum(status.rejected_total for status in each),
        results=sum(status.results for status in each),
        rates={stage: float(rate) for stage, rate in rates.items()},
        queues=dict(queues),
        latency_p50_ms=_highest(status.latency_p50_ms for status in each),
        latency_p99_ms=_highest(status.latency_p99_ms for status in each),
        lost_unread=sum(status.lost_unread for status in each),
        processes=[process for status in each for process in status.processes],
        pauses={
            f"{number}: {target}": pause
            for number, status in statuses.items()
            for target, pause in status.pauses.items()
        },
        sinks=[
            replace(sink, name=f"{number}: {sink.name}")
            for number, status in statuses.items()
            for sink in status.sinks
        ],
        unreadable=sum(status.unreadable for status in each),
    )


def _highest(values: Iterable[N | None]) -> N | None:
    return max((value for value in values if value is not None), default=None)
