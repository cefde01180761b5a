import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from fanmill.core.trends import Frequency, terms_of, with_trends
from fanmill.local.server import EmbeddedServer
from fanmill.stores.keys import Keys
from fanmill.stores.redis.trends import RedisTrends
from fanmill_contracts import StreamNames
from fanmill_contracts.results import Tagging

counts = st.floats(0, 1e6)


@given(counts, counts, counts, counts)
def test_a_deviation_is_never_negative_and_bursts_need_documents(
    recent: float, documents: float, usual: float, usual_documents: float
) -> None:
    frequency = Frequency("x", recent, documents, usual, usual_documents)
    assert frequency.deviation >= 0.0
    assert not (frequency.bursts and recent < 5)


def test_a_usual_term_does_not_burst_and_a_new_one_does() -> None:
    assert not Frequency("usual", 20, 100, 2000, 10_000).bursts
    assert Frequency("new", 20, 100, 21, 10_000).bursts
    assert not Frequency("new, but so is all", 20, 100, 20, 110).bursts


def test_terms_that_burst_become_tags_by_falling_score() -> None:
    plain = Tagging(language="en", language_confidence=1.0)
    frequencies = [Frequency("a", 6, 100, 6, 10_000), Frequency("b", 60, 100, 60, 10_000)]
    tags = with_trends(plain, frequencies).tags
    assert [tag.value for tag in tags] == ["b", "a"]
    assert all(tag.namespace == "trend" and tag.reason for tag in tags)
    assert with_trends(plain, [Frequency("c", 1, 100, 1, 10_000)]) is plain
    assert terms_of(plain) == ()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(tmp_path_factory.mktemp("server"), durable=False) as running:
        yield running


@pytest.fixture
def redis(server: EmbeddedServer) -> Iterator[Redis]:
    with Redis.from_url(server.url) as client:
        client.flushall()
        yield client


def test_documents_are_counted_by_language_and_the_new_term_is_on_top(redis: Redis) -> None:
    trends = RedisTrends(redis, Keys(StreamNames("t")), 1000)
    for number in range(40):
        trends.observe("en", ["harbour", f"only {number}"])
    trends.observe("de", ["Hafen"])
    (harbour,) = trends.frequencies("en", ["harbour"])
    assert (harbour.recent, harbour.recent_documents) == (40, 40)
    assert harbour.usual == pytest.approx(40, rel=1e-3)
    assert [each.recent for each in trends.frequencies("en", ["never", "only 3"])] == [0, 1]
    assert trends.top("en", 24)[0].term == "harbour"
    assert trends.languages() == ["de", "en"]
    assert trends.frequencies("en", []) == []


def test_the_rarest_terms_go_when_there_are_too_many(redis: Redis) -> None:
    trends = RedisTrends(redis, Keys(StreamNames("t")), 50)
    for number in range(300):
        trends.observe("en", ["harbour", f"only {number}"])
    sizes = [redis.zcard(key) for key in redis.scan_iter(match="t:trends:en:*", _type="zset")]
    assert sizes
    assert all(size <= 55 for size in sizes)
    assert trends.frequencies("en", ["harbour"])[0].recent == 300


def test_old_counts_decay_and_a_long_scale_is_begun_anew(redis: Redis) -> None:
    trends = RedisTrends(redis, Keys(StreamNames("t")), 50)
    trends.observe("en", ["old"])
    week = 7 * 24 * 3600
    redis.hincrby("t:trends:en:counts", "scale", -week)
    assert trends.frequencies("en", ["old"])[0].usual == pytest.approx(0.3679, abs=1e-3)
    redis.hincrby("t:trends:en:counts", "scale", -30 * week)
    trends.observe("en", ["new"])
    old, new = trends.frequencies("en", ["old", "new"])
    assert old.usual < 1e-6
    assert new.usual == pytest.approx(1.0, abs=1e-3)
    assert int(redis.hget("t:trends:en:counts", "scale")) > 1_600_000_000


def test_the_command_lists_what_was_counted(redis: Redis, server: EmbeddedServer) -> None:
    trends = RedisTrends(redis, Keys(StreamNames("fanmill")), 50)
    for _ in range(3):
        trends.observe("en", ["harbour bridge"])
    command = [sys.executable, "-m", "fanmill", "trends", "--redis-url", server.url, "--json"]
    done = subprocess.run(
        [*command, "--since", "2h"], capture_output=True, text=True, check=True, env={**os.environ}
    )
    row = json.loads(done.stdout)
    assert (row["term"], row["documents"], row["of"]) == ("harbour bridge", 3, 3)
    wrong = subprocess.run(
        [*command, "--since", "9w"], capture_output=True, text=True, check=False, cwd=Path.cwd()
    )
    assert wrong.returncode == 2
