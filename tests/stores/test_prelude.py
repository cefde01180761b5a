"""Time and order as the scripts write them equal what Python writes."""

from datetime import datetime
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from fanmill.core.entry_ids import order_of, rfc3339

PRELUDE = (files("fanmill.stores.redis") / "scripts" / "prelude.lua").read_text()

# The year 9999 ends 253402300799999 ms after 1970.
milliseconds = st.integers(0, 253_402_300_799_999)


def lua(redis: Redis, expression: str, *arguments: Any) -> Any:
    return redis.eval(f"{PRELUDE}\nreturn {expression}", 0, *arguments)


@pytest.mark.parametrize(
    "text",
    [
        "1970-01-01T00:00:00.000Z",
        "1972-02-29T23:59:59.999Z",
        "1999-12-31T23:59:59.999Z",
        "2000-02-29T12:00:00.001Z",
        "2000-03-01T00:00:00.000Z",
        "2024-02-28T23:59:59.999Z",
        "2024-02-29T00:00:00.000Z",
        "2024-12-31T23:59:59.999Z",
        "2025-01-01T00:00:00.000Z",
        "2026-02-28T23:59:59.050Z",
        "2026-03-01T00:00:00.005Z",
        "2038-01-19T03:14:08.000Z",
        "2100-02-28T23:59:59.999Z",
        "2100-03-01T00:00:00.000Z",
        "2400-02-29T23:59:59.999Z",
        "9999-12-31T23:59:59.999Z",
    ],
)
def test_both_write_a_known_moment(redis: Redis, text: str) -> None:
    moment = round(datetime.fromisoformat(text).timestamp() * 1000)
    assert rfc3339(moment) == text
    assert lua(redis, "rfc3339(tonumber(ARGV[1]))", moment).decode() == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(milliseconds, min_size=1, max_size=50))
def test_both_write_any_moment_alike(redis: Redis, moments: list[int]) -> None:
    loop = "local r = {} for i, ms in ipairs(ARGV) do r[i] = rfc3339(tonumber(ms)) end return r"
    answers = [answer.decode() for answer in lua(redis, f"(function() {loop} end)()", *moments)]
    assert answers == [rfc3339(moment) for moment in moments]


entry_ids = st.tuples(st.integers(0, 2**42), st.integers(0, 2**20)).map(
    lambda numbers: f"{numbers[0]}-{numbers[1]}"
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entry_ids | st.sampled_from(["9-9", "10-1", "9-10"]), entry_ids | st.just("9-9"))
def test_both_order_entry_ids_alike(redis: Redis, one: str, other: str) -> None:
    answer = lua(redis, "before(ARGV[1], ARGV[2]) and 1 or 0", one, other)
    assert answer == (order_of(one) < order_of(other))
