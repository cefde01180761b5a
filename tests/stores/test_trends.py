"""Contract of `fanmill.ports.Trends`, in memory and on Redis."""

from collections.abc import Callable
from time import time

import pytest
from redis import Redis

from builders import ManualClock
from fanmill.core.trends import DECAY_SECONDS, HOUR_SECONDS, KEPT_HOURS, Frequency
from fanmill.ports import Trends
from fanmill.stores.keys import Keys
from fanmill.stores.redis import RedisTrends
from fanmill.testing import MemoryServer, MemoryTrends

MAX_TERMS = 50


class Aged:
    """Trends over a server on which hours pass when told."""

    def __init__(self, trends: Trends, later: Callable[[int], None]) -> None:
        self.trends = trends
        self.later = later

    def seen(self, number: int, *terms: str, language: str = "en") -> None:
        """Count the given number of documents in one batch."""
        self.trends.observe([(language, terms)] * number)

    def of(self, term: str, language: str = "en") -> Frequency:
        """Return what is known of one term."""
        (found,) = self.trends.frequencies(language, [term])
        return found


@pytest.fixture(params=["memory", "redis"])
def aged(request: pytest.FixtureRequest) -> Aged:
    if request.param == "memory":
        clock = ManualClock()

        def later(hours: int) -> None:
            clock.advance(hours * HOUR_SECONDS)

        return Aged(MemoryTrends(MemoryServer(clock.wall), MAX_TERMS), later)
    redis, keys = request.getfixturevalue("redis"), request.getfixturevalue("keys")
    return Aged(RedisTrends(redis, keys, MAX_TERMS), lambda hours: aging(redis, keys, hours))


def aging(redis: Redis, keys: Keys, hours: int) -> None:
    """Make all that was counted so much older: a server's clock cannot be set."""
    prefix = f"{keys.trends('')}*"
    names = sorted(name.decode() for name in redis.scan_iter(match=f"{prefix}:hour:*"))
    for name in names:
        base, _, rest = name.rpartition(":hour:")
        hour, _, behind = rest.partition(":")
        redis.rename(name, f"{base}:hour:{int(hour) - hours}{':' if behind else ''}{behind}")
    for name in redis.scan_iter(match=f"{prefix}:counts"):
        redis.hincrby(name, "scale", -hours * HOUR_SECONDS)
        redis.hincrby(name, "hour", -hours)


def test_nothing_counted_is_nothing_known(aged: Aged) -> None:
    assert aged.trends.frequencies("en", []) == []
    assert aged.of("harbour") == Frequency("harbour", 0, 0, 0, 0)
    assert aged.trends.top("en", 24, 10) == []
    assert aged.trends.languages() == []
    aged.trends.observe([])
    assert aged.trends.languages() == []


def test_documents_are_counted_by_language_and_terms_once_a_document(aged: Aged) -> None:
    aged.trends.observe([("en", ["harbour", "bridge"]), ("de", ["Hafen"]), ("en", ["harbour"] * 2)])
    aged.seen(1, "harbour")
    assert aged.trends.languages() == ["de", "en"]
    found = aged.trends.frequencies("en", ["never", "harbour", "bridge"])
    assert [(each.term, each.recent, each.recent_documents) for each in found] == [
        ("never", 0, 3),
        ("harbour", 3, 3),
        ("bridge", 1, 3),
    ]
    assert (aged.of("harbour", "de").recent, aged.of("Hafen", "de").recent) == (0, 1)


def test_the_window_is_not_counted_as_usual(aged: Aged) -> None:
    aged.seen(300, "harbour")
    found = aged.of("harbour")
    assert (found.before, found.before_documents) == (0, 0)
    assert found.usual_share == found.deviation == 0.0
    assert not found.bursts


def test_what_was_counted_decays_and_is_what_the_window_is_measured_by(aged: Aged) -> None:
    aged.seen(1000, "harbour")
    aged.later(DECAY_SECONDS // HOUR_SECONDS)
    aged.seen(100, "harbour", "ferry")
    harbour, ferry = aged.of("harbour"), aged.of("ferry")
    assert harbour.before == pytest.approx(367.9, rel=0.01)
    assert ferry.before == pytest.approx(0, abs=1)
    assert (harbour.recent, ferry.recent, ferry.recent_documents) == (100, 100, 100)
    assert ferry.bursts
    assert not harbour.bursts


def test_a_steady_stream_has_no_bursts_however_far_one_looks_back(aged: Aged) -> None:
    for _ in range(12):
        aged.seen(40, "harbour")
        aged.seen(60, "ferry")
        aged.later(30)
    aged.seen(40, "harbour")
    aged.seen(60, "ferry")
    for hours in (1, 2, 24, 72, KEPT_HOURS):
        found = aged.trends.top("en", hours, 10)
        assert {each.term for each in found} == {"harbour", "ferry"}
        assert all(each.deviation < 1 for each in found)
        assert {round(each.usual_share, 2) for each in found} == {0.4, 0.6}
        assert aged.trends.top("en", hours, 10, bursting=True) == []


def test_the_list_looks_back_over_all_hours_asked_for(aged: Aged) -> None:
    aged.seen(500, "harbour")
    aged.later(100)
    aged.seen(30, "ferry")
    aged.later(2)
    aged.seen(20, "harbour", "pier")
    assert [each.term for each in aged.trends.top("en", 2, 10)] == ["pier", "harbour"]
    assert [each.term for each in aged.trends.top("en", 3, 10)] == ["ferry", "pier", "harbour"]
    assert [each.term for each in aged.trends.top("en", 3, 1)] == ["ferry"]
    assert aged.trends.top("en", 3, 10)[0].bursts
    # All of it is the window: nothing is left to measure it by.
    assert not any(each.bursts for each in aged.trends.top("en", 10**6, 10))
    assert {each.recent_documents for each in aged.trends.top("en", 10**6, 10)} == {550}


@pytest.mark.parametrize(
    ("before", "hours", "bursting"),
    [
        pytest.param(0, 2, [], id="a stream without any history"),
        pytest.param(60, 2, [], id="a young stream"),
        pytest.param(99, 2, [], id="a stream just below the minimum"),
        pytest.param(110, 2, ["pier"], id="a stream just above the minimum"),
        pytest.param(2000, 2, ["pier"], id="an old stream"),
        pytest.param(2000, KEPT_HOURS, [], id="a window that contains the whole stream"),
    ],
)
def test_only_terms_that_burst_are_listed(
    aged: Aged, before: int, hours: int, bursting: list[str]
) -> None:
    if before:
        aged.seen(before // 2, "harbour")
        aged.seen(before - before // 2, "ferry")
    aged.later(3)
    aged.seen(50, "harbour")
    aged.seen(50, "ferry")
    aged.seen(40, "pier")
    found = aged.trends.top("en", hours, 10, bursting=True)
    assert [each.term for each in found] == bursting
    assert {each.term for each in aged.trends.top("en", hours, 10)} == {"harbour", "ferry", "pier"}


def test_rare_terms_do_not_displace_those_that_burst(aged: Aged) -> None:
    aged.seen(10_000, "harbour")
    aged.later(3)
    for number in range(20):
        aged.seen(4, f"coincidence {number}")
    aged.seen(8, "harbour", "pier")
    assert [each.term for each in aged.trends.top("en", 2, 1, bursting=True)] == ["pier"]


def test_hours_are_kept_for_eight_days(aged: Aged) -> None:
    aged.seen(5, "harbour")
    aged.later(KEPT_HOURS)
    aged.seen(1, "ferry")
    (found,) = aged.trends.top("en", KEPT_HOURS, 10)
    assert (found.term, found.recent_documents) == ("ferry", 1)
    assert found.before_documents == pytest.approx(5 * 0.3189, rel=0.02)


def test_the_rarest_and_oldest_terms_go_when_there_are_too_many(aged: Aged) -> None:
    for number in range(300):
        aged.trends.observe([("en", ["harbour", f"only {999 - number}"])])
    assert aged.of("harbour").recent == 300
    kept = [each.term for each in aged.trends.top("en", 2, 1000)]
    assert MAX_TERMS - 5 <= len(kept) <= MAX_TERMS * 1.1 + 1


def test_of_hours_past_a_tenth_is_kept(aged: Aged) -> None:
    terms = [f"only {number}" for number in range(40)]
    aged.trends.observe([("en", ["harbour", *terms]), ("en", ["harbour"])])
    aged.later(1)
    aged.seen(1, "ferry")
    assert len(aged.trends.top("en", 2, 1000)) == 42
    aged.later(1)
    aged.seen(1, "ferry")
    found = aged.trends.top("en", 3, 1000)
    assert len(found) == 1 + MAX_TERMS // 10
    assert {("harbour", 2), ("ferry", 2)} <= {(each.term, each.recent) for each in found}
    aged.seen(1, *terms)
    aged.later(3)
    aged.seen(1, "ferry")
    assert len(aged.trends.top("en", 4, 1000)) == 1 + MAX_TERMS // 10
    assert aged.trends.top("en", 4, 1000)[0].recent_documents == 3


def test_many_terms_are_looked_up_at_once(aged: Aged) -> None:
    aged.seen(2, "harbour")
    names = [f"term {number}" for number in range(20_000)]
    found = aged.trends.frequencies("en", [*names, "harbour"])
    assert len(found) == 20_001
    assert found[-1].recent == 2


def test_of_equal_counts_the_alphabet_does_not_decide(redis: Redis, keys: Keys) -> None:
    trends = RedisTrends(redis, keys, MAX_TERMS)
    recent = f"{keys.trends('en')}:hour:{int(time()) // HOUR_SECONDS}"
    redis.zadd(recent, {f"z {number}": 1.0 for number in range(MAX_TERMS + 5)})
    trends.observe([("en", ["a new one", "harbour"])])
    terms = {term.decode() for term in redis.zrange(recent, 0, -1)}
    assert {"a new one", "harbour"} <= terms
    assert len(terms) == MAX_TERMS


def test_a_scale_that_has_become_long_is_begun_anew(redis: Redis, keys: Keys) -> None:
    trends = RedisTrends(redis, keys, MAX_TERMS)
    trends.observe([("en", ["old"])])
    counts = f"{keys.trends('en')}:counts"
    redis.hincrby(counts, "scale", -30 * DECAY_SECONDS)
    trends.observe([("en", ["new"])])
    assert redis.zscore(f"{keys.trends('en')}:usual", "old") < 1e-6
    assert redis.zscore(f"{keys.trends('en')}:usual", "new") == 1.0
    assert int(redis.hget(counts, "scale")) > 1_600_000_000


def test_all_keys_expire(redis: Redis, keys: Keys) -> None:
    RedisTrends(redis, keys, MAX_TERMS).observe([("en", ["harbour"])])
    names = list(redis.scan_iter(match=f"{keys.trends('')}*"))
    assert len(names) == 4
    assert all(redis.ttl(name) > 0 for name in names)


def test_a_batch_in_several_languages_is_one_round_trip(redis: Redis, keys: Keys) -> None:
    trends = RedisTrends(redis, keys, MAX_TERMS)
    redis.script_flush()  # The first batch finds a server that does not know the script.
    for _ in range(2):
        trends.observe([(language, ["harbour"]) for language in ("en", "de", "fr")] * 20)
    assert [trends.frequencies(code, ["harbour"])[0].recent for code in ("de", "en", "fr")] == [
        40,
        40,
        40,
    ]
