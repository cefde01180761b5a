"""The overview: tiles with their course, the pipeline of stages, the chart of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from weakref import WeakKeyDictionary

from fanmill.ops.metrics.reading import Limits, Reading
from fanmill.ops.metrics.values import waiting_and_in_flight
from fanmill.ports import STAGES
from fanmill.screens.attention import Line, all_is_well, attention
from fanmill.screens.reading import Reader
from fanmill.screens.tables import Tile
from fanmill.stores.keys import GROUP
from fanmill.stores.redis.history import (
    KEPT,
    SPAN_MS,
    Histogram,
    Point,
    Resolution,
    histogram_of,
    rate_per_second,
    summed,
)
from fanmill_contracts.terms import Stage

Span = Literal["1h", "24h", "30d"]
SPANS: Final[Mapping[Span, tuple[Resolution, int]]] = {
    "1h": ("minute", 60),
    "24h": ("minute", KEPT["minute"]),
    "30d": ("hour", KEPT["hour"]),
}
_SPARK_POINTS: Final = 96
"""Points of a sparkline: a quarter of an hour each."""


@dataclass(frozen=True, slots=True)
class StageBox:
    """A stage of the pipeline as of now."""

    name: str
    queue: int
    """Messages that no worker has taken."""
    busy: float
    children: int
    rate: float
    """Documents per second over five minutes."""
    p50_ms: float | None
    """Median time of a batch over five minutes; None without one."""
    p95_ms: float | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The contents of the overview."""

    lines: Sequence[Line]
    well: str
    """Shown when there is no line."""
    tiles: Sequence[Tile]
    stages: Sequence[StageBox]
    now_ms: int
    readings: Mapping[int, Reading]
    """The state of each partition by its number."""


@dataclass(frozen=True, slots=True)
class Series:
    """The course of received, completed and rejected events."""

    times: Sequence[int]
    """Begins of the points, in seconds since 1970."""
    received: Sequence[float]
    completed: Sequence[float]
    rejected: Sequence[float]
    """Events per second."""
    p95_ms: Sequence[float | None]
    """From ledger to record; None where nothing was completed."""


def overview(reader: Reader) -> Overview:
    """Return the overview of all partitions together.

    Raises:
        RedisError: A server does not answer.
    """
    readings = reader.read()
    limits = reader.first.limits
    return Overview(
        lines=attention(readings, limits),
        well=all_is_well(readings),
        tiles=_tiles(readings, limits, _sparks(reader)),
        stages=[_stage(stage, readings) for stage in STAGES],
        now_ms=max(each.streams["ingested"].now_ms for each in readings.values()),
        readings=readings,
    )


def series(reader: Reader, span: Span) -> Series:
    """Return the course over a span, without the unfinished minute or hour."""
    resolution, number = SPANS[span]
    points = merged([each.history(resolution, number) for each in reader.partitions])[:-1]
    seconds = SPAN_MS[resolution] / 1000
    return Series(
        times=[point.start_ms // 1000 for point in points],
        received=[point.counts.get("received", 0) / seconds for point in points],
        completed=[point.counts.get("completed", 0) / seconds for point in points],
        rejected=[point.counts.get("rejected", 0) / seconds for point in points],
        p95_ms=[histogram_of(point.counts, "total").quantile_ms(0.95) for point in points],
    )


def merged(histories: Sequence[list[Point]]) -> list[Point]:
    """Return the sums of the points of several partitions, by their begin."""
    if len(histories) == 1:
        return histories[0]
    starts = sorted({point.start_ms for history in histories for point in history})
    counts: dict[int, list[Point]] = {start: [] for start in starts}
    for history in histories:
        for point in history:
            counts[point.start_ms].append(point)
    return [Point(start, summed(counts[start])) for start in starts]


@dataclass(frozen=True, slots=True)
class _Sparks:
    """The course of 24 hours, as of a minute."""

    minute: int
    completed: list[float | None]
    rejected: list[float | None]
    p95_ms: list[float | None]


_SPARKS: Final[WeakKeyDictionary[Reader, _Sparks]] = WeakKeyDictionary()
"""Sparklines by reader. A day has 1,440 minutes, and a page is rendered each second."""


def _sparks(reader: Reader) -> _Sparks:
    minute = reader.now_ms() // SPAN_MS["minute"]
    known = _SPARKS.get(reader)
    if known is not None and known.minute == minute:
        return known
    minutes = merged([each.history("minute") for each in reader.partitions])
    quarters = _quarters(minutes)
    found = _Sparks(
        minute,
        [float(counts.get("completed", 0)) for counts in quarters],
        [float(counts.get("rejected", 0)) for counts in quarters],
        [histogram_of(counts, "total").quantile_ms(0.95) for counts in quarters],
    )
    _SPARKS[reader] = found
    return found


def _tiles(readings: Mapping[int, Reading], limits: Limits, sparks: _Sparks) -> list[Tile]:
    each = list(readings.values())
    waiting = sum(waiting_and_in_flight(reading)[0] for reading in each)
    in_flight = sum(waiting_and_in_flight(reading)[1] for reading in each)
    age = max(map(oldest_seconds, each))
    received = sum(_rate(reading, "received") for reading in each)
    completed = sum(_rate(reading, "completed") for reading in each)
    rejected = sum(_rate(reading, "rejected") for reading in each)
    ended = completed + rejected
    p95 = _recent(each, "total").quantile_ms(0.95)
    open_rejections = sum(reading.streams["rejected"].length for reading in each)
    used = sum((reading.memory or (0, 0))[0] for reading in each)
    maximum = sum((reading.memory or (0, 0))[1] for reading in each)
    return [
        Tile(
            "age", "Oldest waiting", age, "seconds",
            f"target {limits.target_age_seconds:g} s", limits.target_age_seconds,
            tone="bad" if age > limits.target_age_seconds else "good",
        ),
        Tile(
            "waiting", "Waiting", waiting, "count", f"{in_flight:,} in flight", limits.max_backlog
        ),
        Tile(
            "rates", "In and out", received, "rate", f"{ended:,.1f}/s out",
            points=sparks.completed,
        ),
        Tile(
            "p95", "95 % within", p95, "milliseconds", "from ledger to record",
            limits.target_age_seconds * 1000,
            points=sparks.p95_ms,
        ),
        Tile(
            "rejected", "To decide", open_rejections, "count",
            f"{100 * rejected / ended if ended else 0:.1f} % rejected", limits.max_rejected,
            points=sparks.rejected,
            tone="warn" if open_rejections else "",
        ),
        Tile(
            "memory", "Redis memory", used, "bytes",
            "no limit" if not maximum else f"{100 * used / maximum:.0f} % of the limit",
            maximum or None,
        ),
    ]  # fmt: skip


def _stage(stage: Stage, readings: Mapping[int, Reading]) -> StageBox:
    each = list(readings.values())
    serving = [
        process for reading in each for process in reading.processes if stage in process.queues
    ]
    recent = _recent(each, stage)
    return StageBox(
        name=stage,
        queue=sum(reading.queues.get(stage, 0) for reading in each),
        busy=float(sum(len(reading.in_work[stage]) for reading in each)),
        children=sum(process.concurrency for process in serving),
        rate=sum(_rate(reading, f"stage:{stage}") for reading in each),
        p50_ms=recent.quantile_ms(0.5),
        p95_ms=recent.quantile_ms(0.95),
        paused=any(stage in reading.paused for reading in each),
    )


def _recent(readings: Sequence[Reading], name: str) -> Histogram:
    return histogram_of(summed(point for each in readings for point in each.minutes), name)


def oldest_seconds(reading: Reading) -> float:
    """Return the age of the oldest event that no intake has read; 0 without one."""
    ledger = reading.streams["ingested"]
    group = ledger.group(GROUP)
    oldest = group.oldest_unread_ms if group else ledger.oldest_ms
    return 0.0 if oldest is None else max(0.0, (ledger.now_ms - oldest) / 1000)


def _quarters(minutes: Sequence[Point]) -> list[dict[str, int]]:
    size = max(1, len(minutes) // _SPARK_POINTS)
    return [summed(minutes[at : at + size]) for at in range(0, len(minutes), size)]


def _rate(reading: Reading, name: str) -> float:
    return rate_per_second(reading.minutes, name, reading.streams["ingested"].now_ms)
