import json
import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

import fork_server as processes
from fanmill.core.trends import Frequency, terms_of, with_trends
from fanmill.local.server import EmbeddedServer
from fanmill.stores.keys import Keys
from fanmill.stores.redis.trends import RedisTrends
from fanmill_contracts import StreamNames
from fanmill_contracts.tagging import Tagging

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
    tagging = with_trends(plain, frequencies)
    assert [tag.value for tag in tagging.tags["trend"]] == ["b", "a"]
    assert all(tag.reason for tag in tagging.tags["trend"])
    assert {tagging.producer_of(tag).name for tag in tagging.tags["trend"]} == {"trend"}
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


def test_the_command_lists_bursts_and_says_how_much_history_is_missing(
    redis: Redis, server: EmbeddedServer
) -> None:
    trends = RedisTrends(redis, Keys(StreamNames("fanmill")), 50)
    trends.observe([("en", ["harbour bridge"])] * 300)

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return processes.run(
            [sys.executable, "-m", "fanmill", "trends", "--redis-url", server.url, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "COLUMNS": "200"},
        )

    young = run("--since", "2h", "--json")
    assert (young.returncode, young.stdout) == (0, "")
    assert "en: too little history; 0 documents before the last 2h, at least 100" in young.stderr

    row = json.loads(run("--since", "2h", "--json", "--all").stdout)
    assert (row["term"], row["documents"], row["of"]) == ("harbour bridge", 300, 300)
    assert (row["bursts"], row["usual_share"], row["deviations"]) == (False, None, None)

    assert run("--since", "9w").returncode == 2


TABLE = [
    # recent, of, before, of: bursts
    pytest.param(8, 8, 0, 0, False, id="a stream without history"),
    pytest.param(40, 60, 0, 60, False, id="a new term in a young stream"),
    pytest.param(40, 60, 0, 99, False, id="a new term just below the minimum history"),
    pytest.param(40, 60, 0, 100, True, id="a new term at the minimum history"),
    pytest.param(400, 4000, 0, 900, False, id="a history below a quarter of the window"),
    pytest.param(400, 4000, 0, 1000, True, id="a history of a quarter of the window"),
    pytest.param(20, 100, 2000, 10_000, False, id="a steady term"),
    pytest.param(26, 100, 2000, 10_000, False, id="a steady term with its chance"),
    pytest.param(60, 100, 2000, 10_000, True, id="a usual term that trebles"),
    pytest.param(4, 100, 0, 10_000, False, id="a coincidence"),
    pytest.param(6, 100, 0, 10_000, True, id="a new term in an old stream"),
    pytest.param(0, 100, 2000, 10_000, False, id="a term that stops"),
]


@pytest.mark.parametrize(("recent", "of", "before", "of_before", "bursts"), TABLE)
def test_what_bursts(recent: int, of: int, before: int, of_before: int, bursts: bool) -> None:
    assert Frequency("x", recent, of, before, of_before).bursts is bursts


@pytest.mark.parametrize(
    ("history", "one_in"),
    [(100, 400), (1_000, 3_000), (20_000, 3_000)],
    ids=["a history of half the window", "of 5 windows", "of 100 windows"],
)
def test_chance_seldom_makes_a_steady_term_burst(history: int, one_in: int) -> None:
    chance = np.random.default_rng(1)
    terms = bursts = 0
    for share in (0.001, 0.01, 0.05, 0.2):
        recent = chance.poisson(200 * share, 5_000)
        before = chance.poisson(history * share, 5_000)
        terms += len(recent)
        bursts += sum(
            Frequency("x", float(one), 200, float(other), history).bursts
            for one, other in zip(recent, before, strict=True)
        )
    assert bursts <= terms / one_in
