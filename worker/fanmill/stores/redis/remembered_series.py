"""The history for programs that look at it again and again: each finished point is read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from fanmill.stores.redis.history import KEPT, SPAN_MS, Point, Resolution, read_points

if TYPE_CHECKING:
    from redis import Redis

    from fanmill.stores.keys import Keys


class RememberedSeries:
    """`read_series` with a memory of finished minutes and hours, at most 2,160 points.

    The scripts count at the time of the server, so that a point before the one of now does not
    change. The newest point that counted anything tells whether they are still there: without
    it the server was emptied, and everything is read anew.

    Args:
        redis: A client of the server.
        keys: The keys of the namespace.
        kept: Whether counts of a name are wanted; a month of all names takes 8 MB.

    Safe for several threads: the memory is replaced as a whole.
    """

    def __init__(
        self, redis: Redis, keys: Keys, kept: Callable[[str], bool] = lambda _: True
    ) -> None:
        self._redis, self._keys, self._kept = redis, keys, kept
        self._known: dict[Resolution, Mapping[int, Point]] = {}

    def read(self, resolution: Resolution, points: int, *, end_ms: int) -> list[Point]:
        """Return the last points, oldest first; see `read_series`.

        Raises:
            RedisError: The server does not answer.
            ValueError: `points` is below 1 or above the number of points that are kept.
        """
        if not 1 <= points <= KEPT[resolution]:
            raise ValueError(
                f"points is {points}; from 1 to {KEPT[resolution]} {resolution}s are kept"
            )
        last = end_ms // SPAN_MS[resolution]
        wanted = range(last - points + 1, last + 1)
        before = self._known.get(resolution, {})
        # A server with an earlier clock may have taken over: its last point is not finished.
        known = {at: each for at, each in before.items() if last - KEPT[resolution] < at < last}
        witness = next((at for at in sorted(known, reverse=True) if known[at].counts), None)
        missing = [at for at in wanted if at not in known]
        found, there = read_points(self._redis, self._keys, resolution, missing, witness)
        if not there:
            known = {}
            found, _ = read_points(self._redis, self._keys, resolution, wanted, None)
        known |= {
            at: Point(
                each.start_ms,
                {name: count for name, count in each.counts.items() if self._kept(name)},
            )
            for at, each in found.items()
        }
        self._known[resolution] = {at: each for at, each in known.items() if at < last}
        return [known[at] for at in wanted]
