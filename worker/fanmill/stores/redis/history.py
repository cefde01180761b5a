"""The history: what the scripts counted in total, per minute and per hour.

The scripts count in the same step in which they change a document's state, so the numbers
equal the contents of the stores at every moment, whatever is killed. A minute is kept for
25 hours, an hour for 31 days: at most 1,501 + 745 hashes of some 100 short fields, 5 MB.

Names of counts:
    received                 entries that were added to the ledger, as intake saw them last
    admitted, repeated       events that intake took for work, or removed as repeated
    rejected, rejected:REASON, refused
                             rejections; by reason; of events that were never admitted
    forgotten                entries that ended because their document was erased
    redelivered              entries that were claimed again
    replayed, dropped        rejections that an operator replayed or dropped
    stage:STAGE              stage results that were stored
    verdict:VERDICT          verdicts of `deduplicate`
    completed                records
    busy:STAGE               time in ms for which batches kept children of workers busy
    total:BOUND, STAGE:BOUND histograms: from ledger to record; from start of the batch to commit
    total:sum, STAGE:sum     sums of those durations in ms
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import TYPE_CHECKING, Any, Final, Literal

from fanmill.stores.script import load

if TYPE_CHECKING:
    from redis import Redis

    from fanmill.stores.keys import Keys

BOUNDS_MS: Final = (
    2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 300_000,
    1_800_000, 10_800_000,
)  # fmt: skip
"""Upper bounds of the bins of durations in ms; prelude.lua has the same. A further bin has none."""

Resolution = Literal["minute", "hour"]

SPAN_MS: Final[Mapping[Resolution, int]] = {"minute": 60_000, "hour": 3_600_000}

KEPT: Final[Mapping[Resolution, int]] = {"minute": 24 * 60, "hour": 30 * 24}
"""Number of points that can be read."""

_OVERFLOW: Final = "inf"
_AT_ONCE: Final = 120
"""Points that are asked for in one round trip."""


@dataclass(frozen=True, slots=True)
class Point:
    """Numbers of events and their durations in one minute or hour.

    Attributes:
        start_ms: Begin, in ms since 1970.
        counts: Counts by name; names without a count are missing.
    """

    start_ms: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Histogram:
    """Durations by upper bound.

    Attributes:
        bins: Number of durations in each bin of `BOUNDS_MS`, and beyond the last bound.
        sum_ms: Sum of all durations in ms.
    """

    bins: tuple[int, ...]
    sum_ms: int

    @property
    def count(self) -> int:
        """Number of durations."""
        return sum(self.bins)

    def quantile_ms(self, share: float) -> float | None:
        """Estimate a quantile in ms by linear interpolation within its bin.

        None for an empty histogram; the last bound for a quantile beyond it.

        Args:
            share: From 0 to 1: .5 for the median.
        """
        wanted = share * self.count
        if not self.count:
            return None
        before = 0
        for at, number in enumerate(self.bins[:-1]):
            if number and before + number >= wanted:
                lower = BOUNDS_MS[at - 1] if at else 0
                return lower + (BOUNDS_MS[at] - lower) * max(0.0, wanted - before) / number
            before += number
        return float(BOUNDS_MS[-1])

    def upper_bound_ms(self, share: float) -> int | None:
        """Return the bound of the bin with the quantile; None for an empty histogram.

        The last bound also represents longer durations.
        """
        estimate = self.quantile_ms(share)
        if estimate is None:
            return None
        return BOUNDS_MS[min(bisect_left(BOUNDS_MS, estimate), len(BOUNDS_MS) - 1)]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A traced document of a bin.

    Attributes:
        trace_id: Id of its trace, from the event's `traceparent`: 32 hexadecimal digits.
        seconds: Time from the ledger to its record.
        at_seconds: Time of its completion, in seconds since 1970.
        span_id: Id of the span that its `traceparent` names: 16 hexadecimal digits.
    """

    trace_id: str
    seconds: float
    at_seconds: float
    span_id: str


def histogram_of(counts: Mapping[str, int], name: str) -> Histogram:
    """Return a histogram out of counts.

    Args:
        counts: Counts of a point, a sum of points, or totals.
        name: `total` or a stage.
    """
    bounds = (*map(str, BOUNDS_MS), _OVERFLOW)
    return Histogram(
        tuple(counts.get(f"{name}:{bound}", 0) for bound in bounds), counts.get(f"{name}:sum", 0)
    )


def read_totals(redis: Redis, keys: Keys) -> dict[str, int]:
    """Return the counts since the namespace began; empty for a new one.

    Intake counts received entries once a second, and not at all while none runs. Entries that
    it did not count yet are part of `received` here.
    """
    answer: Any = load("redis", "measure_totals").run(
        redis, [keys.ingested, keys.reading, keys.counters], []
    )
    uncounted, *pairs = answer
    totals = _counts(dict(zip(pairs[::2], pairs[1::2], strict=True)))
    if uncounted:
        totals["received"] = totals.get("received", 0) + int(uncounted)
    return totals


def read_exemplars(redis: Redis, keys: Keys) -> dict[int, Exemplar]:
    """Return the last traced document of each bin of `total`, by the bin's position."""
    found: Any = redis.hgetall(f"{keys.history}exemplars")
    exemplars = {}
    for at, bound in enumerate((*map(str, BOUNDS_MS), _OVERFLOW)):
        trace, ms, now_ms, span = (found.get(bound.encode()) or b"   ").decode().split(" ")
        if trace:
            exemplars[at] = Exemplar(trace, float(ms) / 1000, float(now_ms) / 1000, span)
    return exemplars


def read_series(
    redis: Redis,
    keys: Keys,
    resolution: Resolution,
    points: int,
    *,
    end_ms: int,
) -> list[Point]:
    """Return the last points, oldest first; a time in which nothing was counted has an empty one.

    Args:
        redis: A client of the server.
        keys: The keys of the namespace.
        resolution: `minute` for up to 1,440 points, `hour` for up to 720.
        points: Number of points, the unfinished one that contains `end_ms` included.
        end_ms: Time of the last point, in ms since 1970 by the server's clock.

    Raises:
        ValueError: `points` is below 1 or above the number of points that are kept.
    """
    if not 1 <= points <= KEPT[resolution]:
        raise ValueError(f"points is {points}; from 1 to {KEPT[resolution]} {resolution}s are kept")
    last = end_ms // SPAN_MS[resolution]
    numbers = range(last - points + 1, last + 1)
    found, _ = read_points(redis, keys, resolution, numbers, None)
    return [found[number] for number in numbers]


def read_points(
    redis: Redis, keys: Keys, resolution: Resolution, numbers: Iterable[int], witness: int | None
) -> tuple[dict[int, Point], bool]:
    """Return points by number, and whether the witness is there: one that counted something.

    Args:
        redis: A client of the server.
        keys: The keys of the namespace.
        resolution: `minute` or `hour`.
        numbers: Minutes or hours since 1970.
        witness: A further point that is only looked for; None for none.
    """
    name = f"{keys.history}{resolution[0]}"
    wanted = list(numbers)
    span = SPAN_MS[resolution]
    there = witness is None or bool(redis.exists(f"{name}{witness}"))
    found = {}
    # The answers of a whole day at once would take 10 MB, which a process keeps.
    for first in range(0, len(wanted), _AT_ONCE):
        part = wanted[first : first + _AT_ONCE]
        with redis.pipeline(transaction=False) as pipe:
            for number in part:
                pipe.hgetall(f"{name}{number}")
            for number, answer in zip(part, pipe.execute(), strict=True):
                found[number] = Point(number * span, _counts(answer))
    return found, there


def summed(points: Iterable[Point]) -> dict[str, int]:
    """Return the sums of the counts of some points, by name."""
    sums: Counter[str] = Counter()
    for point in points:
        sums.update(point.counts)
    return dict(sums)


def rate_per_second(points: Sequence[Point], name: str, now_ms: int) -> float:
    """Return the mean rate of a count over the window of these points that ends now.

    The first point counts by the share of it that is in the window, so that a window of n
    minutes, read as n + 1 points, neither jumps nor sags at the turn of a minute.

    Args:
        points: At least two consecutive points, oldest first; the last contains `now_ms`.
        name: Name of the count.
        now_ms: Time of the server in ms since 1970.
    """
    span = points[1].start_ms - points[0].start_ms
    elapsed = min(1.0, max(0.0, (now_ms - points[-1].start_ms) / span))
    inner = sum(point.counts.get(name, 0) for point in points[1:])
    total = inner + points[0].counts.get(name, 0) * (1 - elapsed)
    return total / ((len(points) - 1) * span / 1000)


def _counts(answer: Any) -> dict[str, int]:
    # A name occurs in up to 2,160 points.
    return {intern(name.decode()): int(value) for name, value in answer.items()}
