"""Counts of the scripts: totals, minutes and hours agree with each other and with the stores."""

import re
from importlib.resources import files
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from builders import Mill, RedisStores, ingested, taken_in
from fanmill.ops.process_registry import server_ms
from fanmill.ports import STAGES
from fanmill.stores.keys import Keys
from fanmill.stores.redis.history import (
    BOUNDS_MS,
    KEPT,
    SPAN_MS,
    Histogram,
    Point,
    histogram_of,
    rate_per_second,
    read_series,
    read_totals,
    summed,
)
from fanmill_contracts import RejectionReason
from fanmill_contracts.terms import Verdict
from ledger_builders import refusal

MAX_HISTORY_BYTES = 5_000_000
"""Bound that the run book states."""


def history_keys(stores: RedisStores, kind: str) -> list[bytes]:
    return list(stores.redis.scan_iter(match=f"{stores.keys.history}{kind}*", count=1000))


def test_minutes_and_hours_add_up_to_the_totals(redis_stores: RedisStores) -> None:
    mill = Mill(redis_stores)
    mill.publish(*(ingested(f"d{number}", f"Text {number}.") for number in range(20)))
    mill.publish(ingested("bad", "refused by tag"), ingested("copy", "Text 1."))
    redis_stores.add(b"{")
    mill.run()
    totals = read_totals(redis_stores.redis, redis_stores.keys)
    now = server_ms(redis_stores.redis)
    for resolution, points in KEPT.items():
        series = read_series(redis_stores.redis, redis_stores.keys, resolution, points, end_ms=now)
        assert summed(series) == totals
        assert len(series) == points
        assert series[-1].start_ms <= now < series[-1].start_ms + SPAN_MS[resolution]


def test_counts_obey_the_laws_of_conservation(redis_stores: RedisStores) -> None:
    mill = Mill(redis_stores)
    twice = ingested("twice", "Words that come twice.")
    mill.publish(
        twice,
        twice,
        *(ingested(f"d{number}", f"Text {number}.") for number in range(5)),
        *(ingested(f"bad{number}", f"refused by summarize {number}") for number in range(3)),
    )
    redis_stores.add(b"{")
    mill.run()
    counts = redis_stores.counters()
    assert counts["received"] == counts["admitted"] + counts["repeated"] + counts["refused"]
    assert counts["admitted"] == counts["completed"] + counts["rejected"] - counts["refused"]
    rejected_ids = [entry.id for entry in redis_stores.rejections.entries()]
    assert redis_stores.rejections.drop(rejected_ids[0])
    assert not redis_stores.rejections.drop(rejected_ids[0])
    assert redis_stores.rejections.replay(rejected_ids[1])
    counts = redis_stores.counters()
    assert counts["dropped"] == 1
    assert counts["replayed"] == 1
    assert redis_stores.rejections.count() == (
        counts["rejected"] - counts["dropped"] - counts["replayed"]
    )


def test_histograms_hold_each_stage_result_and_each_record_once(redis_stores: RedisStores) -> None:
    mill = Mill(redis_stores)
    mill.publish(*(ingested(f"d{number}", f"Text {number}.") for number in range(7)))
    mill.run()
    counts = read_totals(redis_stores.redis, redis_stores.keys)
    for name, counted in (
        ("total", "completed"),
        ("deduplicate", "stage:deduplicate"),
        ("summarize", "stage:summarize"),
        ("tag", "stage:tag"),
    ):
        assert histogram_of(counts, name).count == counts[counted] == 7


def test_an_entry_with_an_id_ahead_of_the_clock_has_no_latency(redis_stores: RedisStores) -> None:
    mill = Mill(redis_stores)
    later = server_ms(redis_stores.redis) + 3_600_000
    mill.publish(ingested("now"))
    body: Any = redis_stores.redis.xrange(redis_stores.keys.ingested)[0][1][b"event"]
    redis_stores.redis.xadd(
        redis_stores.keys.ingested,
        {"event": body.replace(b'"now"', b'"later"').replace(b'"id":"', b'"id":"x')},
        id=f"{later}-0",
    )
    mill.run()
    counts = read_totals(redis_stores.redis, redis_stores.keys)
    assert counts["completed"] == 2
    assert histogram_of(counts, "total").count == 1


def test_hashes_of_the_history_end_by_themselves(redis_stores: RedisStores) -> None:
    taken_in(redis_stores, ingested())
    minutes, hours = history_keys(redis_stores, "m"), history_keys(redis_stores, "h")
    assert minutes
    assert hours
    for key in minutes:
        assert 24 * 3600 + 3500 < redis_stores.redis.ttl(key) <= 25 * 3600
    for key in hours:
        assert 30 * 86400 + 86300 < redis_stores.redis.ttl(key) <= 31 * 86400


def test_an_expiry_is_set_once(redis_stores: RedisStores) -> None:
    taken_in(redis_stores, ingested("a"))
    for key in (*history_keys(redis_stores, "m"), *history_keys(redis_stores, "h")):
        redis_stores.redis.expire(key, 1000)
    taken_in(redis_stores, ingested("b"))
    left = [redis_stores.redis.ttl(key) for key in history_keys(redis_stores, "h")]
    assert min(left) <= 1000


def test_redeliveries_are_counted(redis_stores: RedisStores) -> None:
    (entry_id,) = taken_in(redis_stores, ingested())
    assert redis_stores.ledger.claim("reader", entry_id, 0)
    assert redis_stores.ledger.claim("reader", entry_id, 3600) is None
    assert redis_stores.counters()["redelivered"] == 1


def test_an_event_refused_by_intake_is_told_from_one_that_was_admitted(
    redis_stores: RedisStores,
) -> None:
    (entry_id,) = taken_in(redis_stores, ingested())
    redis_stores.add(b"{")
    (entry,) = redis_stores.ledger.read("reader", 1, 0)
    redis_stores.ledger.reject([refusal(entry_id), refusal(entry.id, place="tag")])
    counts = redis_stores.counters()
    assert counts["rejected"] == 2
    assert counts["refused"] == 1


def test_received_counts_each_entry_once_through_a_new_stream(redis_stores: RedisStores) -> None:
    for number in range(5):
        redis_stores.add(b"%d" % number)
    redis_stores.ledger.lost_unread()
    redis_stores.ledger.lost_unread()
    assert redis_stores.counters()["received"] == 5
    redis_stores.redis.delete(redis_stores.keys.ingested)
    redis_stores.ledger.open()
    redis_stores.add(b"{")
    redis_stores.ledger.lost_unread()
    assert redis_stores.counters()["received"] == 6


def test_entries_that_waited_before_the_first_intake_are_received(redis: Redis, keys: Keys) -> None:
    stores = RedisStores(redis, keys)
    for number in range(3):
        stores.add(b"%d" % number)
    stores.ledger.open()
    stores.ledger.lost_unread()
    assert stores.counters()["received"] == 3


def test_lua_and_python_have_the_same_bounds() -> None:
    prelude = (files("fanmill.stores") / "redis" / "scripts" / "prelude.lua").read_text()
    (inside,) = re.findall(r"BOUNDS_MS = \{([^}]*)\}", prelude)
    assert tuple(int(bound) for bound in inside.split(",")) == BOUNDS_MS


@pytest.mark.parametrize("points", [0, -1, 1441])
def test_a_number_of_points_that_is_not_kept_is_refused(
    redis: Redis, keys: Keys, points: int
) -> None:
    with pytest.raises(ValueError, match=f"points is {points}; from 1 to 1440 minutes are kept"):
        read_series(redis, keys, "minute", points, end_ms=0)


def test_a_time_without_counts_is_an_empty_point(redis: Redis, keys: Keys) -> None:
    series = read_series(redis, keys, "hour", 3, end_ms=7_200_001)
    assert series == [Point(0, {}), Point(3_600_000, {}), Point(7_200_000, {})]


@given(st.lists(st.integers(0, 20_000_000), min_size=1, max_size=50), st.floats(0.01, 1))
def test_a_quantile_lies_in_the_bin_of_the_exact_one(durations: list[int], share: float) -> None:
    bins = [0] * (len(BOUNDS_MS) + 1)
    for duration in durations:
        bins[sum(duration > bound for bound in BOUNDS_MS)] += 1
    histogram = Histogram(tuple(bins), sum(durations))
    estimate = histogram.quantile_ms(share)
    rank = max(1, -int(-share * len(durations) // 1))
    exact = sorted(durations)[min(rank, len(durations)) - 1]
    assert estimate is not None
    at = sum(exact > bound for bound in BOUNDS_MS)
    if at == len(BOUNDS_MS):
        assert estimate == BOUNDS_MS[-1]
    else:
        assert (BOUNDS_MS[at - 1] if at else 0) <= estimate <= BOUNDS_MS[at]


def test_an_empty_histogram_has_no_quantile() -> None:
    histogram = histogram_of({}, "total")
    assert histogram.quantile_ms(0.5) is None
    assert histogram.upper_bound_ms(0.5) is None


def test_the_upper_bound_is_the_end_of_the_bin() -> None:
    histogram = histogram_of({"total:5": 9, "total:2000": 1, "total:sum": 1530}, "total")
    assert histogram.upper_bound_ms(0.5) == 5
    assert histogram.upper_bound_ms(0.99) == 2000


@given(st.integers(0, 59_999), st.integers(0, 1000))
def test_a_constant_stream_has_a_constant_rate(into_ms: int, per_minute: int) -> None:
    now = 600_000 + into_ms
    unfinished = round(per_minute * into_ms / 60_000)
    points = [Point(540_000, {"completed": per_minute}), Point(600_000, {"completed": unfinished})]
    assert rate_per_second(points, "completed", now) == pytest.approx(
        per_minute / 60, abs=0.5 / 60 + 1e-9
    )


def test_the_history_of_a_full_month_fits_its_bound(redis: Redis, keys: Keys) -> None:
    bins = [*map(str, BOUNDS_MS), "inf", "sum"]
    names = [
        *("received", "admitted", "repeated", "rejected", "refused", "redelivered"),
        *("replayed", "dropped", "completed"),
        *(f"rejected:{reason}" for reason in get_args(RejectionReason)),
        *(f"verdict:{verdict}" for verdict in get_args(Verdict)),
        *(f"{kind}:{stage}" for kind in ("stage", "busy") for stage in STAGES),
        *(f"{name}:{bound}" for name in ("total", *STAGES) for bound in bins),
    ]
    # Each name in each hash, at 1,000 documents per second: more than any service has.
    for kind, hashes, value in (("m", 25 * 60 + 1, 60_000), ("h", 31 * 24 + 1, 3_600_000)):
        with redis.pipeline(transaction=False) as pipe:
            for number in range(hashes):
                key = f"{keys.history}{kind}{29_000_000 + number}"
                pipe.hset(key, mapping=dict.fromkeys(names, value))
                pipe.expire(key, 90_000)
            pipe.execute()
    with redis.pipeline(transaction=False) as pipe:
        for key in redis.scan_iter(match=f"{keys.history}*", count=1000):
            pipe.memory_usage(key, samples=0)
        sizes = pipe.execute()
    redis.delete(*redis.scan_iter(match=f"{keys.history}*", count=1000))
    assert len(sizes) == 25 * 60 + 1 + 31 * 24 + 1
    assert sum(sizes) <= MAX_HISTORY_BYTES
