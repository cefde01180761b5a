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
    assert Frequency("new", 20, 100, 1, 10_000).bursts
    assert not Frequency("new, but so is all", 20, 100, 0, 10).bursts
    assert not Frequency("of a share that few documents tell", 20, 100, 2, 25).bursts


def test_what_the_window_is_measured_by_has_its_own_error() -> None:
    short, long = Frequency("x", 30, 100, 10, 100), Frequency("x", 30, 100, 1000, 10_000)
    assert short.usual_share == long.usual_share
    assert short.deviation < long.deviation
    assert Frequency("x", 5, 0, 5, 10).deviation == 0.0
    assert Frequency("x", 5, 10, 0, 0).deviation == Frequency("x", 5, 10, 0, 0).usual_share == 0.0


def test_terms_that_burst_become_tags_by_falling_score() -> None:
    plain = Tagging(language="en", language_confidence=1.0)
    frequencies = [Frequency("a", 6, 100, 0, 10_000), Frequency("b", 60, 100, 0, 10_000)]
    tags = with_trends(plain, frequencies).tags
    assert [tag.value for tag in tags] == ["b", "a"]
    assert all(tag.namespace == "trend" and tag.reason for tag in tags)
    assert with_trends(plain, [Frequency("c", 1, 100, 0, 10_000)]) is plain
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


def test_the_command_lists_what_was_counted(redis: Redis, server: EmbeddedServer) -> None:
    trends = RedisTrends(redis, Keys(StreamNames("fanmill")), 50)
    trends.observe([("en", ["harbour bridge"])] * 3)
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
