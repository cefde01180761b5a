"""The remembered history: equal to the history, with each finished point read once."""

from typing import Any

import pytest
from redis import Redis

from fanmill.stores.keys import Keys
from fanmill.stores.redis.history import Resolution, read_series
from fanmill.stores.redis.remembered_series import RememberedSeries

NOW = 1_800_000_000_000
MINUTE = 60_000


@pytest.fixture
def series(redis: Redis, keys: Keys) -> RememberedSeries:
    count(redis, keys, NOW - MINUTE, 3)
    count(redis, keys, NOW, 1)
    return RememberedSeries(redis, keys)


def count(redis: Redis, keys: Keys, ms: int, number: int) -> None:
    redis.hincrby(f"{keys.history}m{ms // MINUTE}", "completed", number)


def read_hashes(redis: Redis) -> int:
    stats: Any = redis.info("commandstats")
    return int(stats.get("cmdstat_hgetall", {}).get("calls", 0))


def test_a_finished_point_is_read_once(series: RememberedSeries, redis: Redis, keys: Keys) -> None:
    before = read_hashes(redis)
    first = series.read("minute", 1440, end_ms=NOW)
    assert read_hashes(redis) - before == 1440
    count(redis, keys, NOW, 6)
    second = series.read("minute", 1440, end_ms=NOW + 1000)
    assert read_hashes(redis) - before == 1441
    assert second[:-1] == first[:-1]
    assert second[-1].counts == {"completed": 7}
    # The next minute: the one that has ended is read for the last time.
    series.read("minute", 1440, end_ms=NOW + MINUTE)
    assert read_hashes(redis) - before == 1443


@pytest.mark.parametrize("resolution", ["minute", "hour"])
def test_it_equals_the_history_of_every_span(
    series: RememberedSeries, redis: Redis, keys: Keys, resolution: Resolution
) -> None:
    for step in range(4):
        count(redis, keys, NOW + step * MINUTE, step + 1)
        for points in (1, 60, 720):
            end = NOW + step * MINUTE
            expected = read_series(redis, keys, resolution, points, end_ms=end)
            assert series.read(resolution, points, end_ms=end) == expected


def test_an_emptied_server_is_noticed(series: RememberedSeries, redis: Redis, keys: Keys) -> None:
    assert series.read("minute", 60, end_ms=NOW)[-2].counts == {"completed": 3}
    redis.delete(f"{keys.history}m{NOW // MINUTE}", f"{keys.history}m{NOW // MINUTE - 1}")
    assert not any(point.counts for point in series.read("minute", 60, end_ms=NOW))


def test_an_earlier_clock_makes_its_minute_unfinished(
    series: RememberedSeries, redis: Redis, keys: Keys
) -> None:
    series.read("minute", 60, end_ms=NOW + 3 * MINUTE)
    count(redis, keys, NOW, 4)
    assert series.read("minute", 60, end_ms=NOW)[-1].counts == {"completed": 5}


def test_points_are_those_that_are_kept(series: RememberedSeries) -> None:
    for points in (0, 1441):
        with pytest.raises(ValueError, match="from 1 to 1440 minutes are kept"):
            series.read("minute", points, end_ms=NOW)
