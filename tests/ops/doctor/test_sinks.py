"""The check of sinks: what is said of a sink that stores, fails, or does not run."""

from dataclasses import replace

import pytest

from fanmill.ops.doctor.result import CheckResult
from fanmill.ops.doctor.sinks import judge_sinks
from fanmill.ops.sinks import SinkView

WELL = SinkView("main", "sqlite:///a", 1, 12, 0.5, "", 0.0, 0, 0)


def _judged(*sinks: SinkView, unreadable: int = 0, wants_store: bool = True) -> CheckResult:
    return judge_sinks(sinks, unreadable, 100, wants_store=wants_store)


def test_no_sink_is_fine_without_a_store_and_worth_a_warning_with_one() -> None:
    assert _judged(wants_store=False).level == "ok"
    assert (_judged().level, _judged().advice) == ("warning", "fanmill sink")


def test_a_sink_that_stores_is_fine() -> None:
    assert (_judged(WELL).level, _judged(WELL).seen) == ("ok", "main: 12 to store")


@pytest.mark.parametrize(
    ("sink", "words"),
    [
        (replace(WELL, processes=0), "no process of the sink main runs; 12 outcomes wait"),
        (
            replace(WELL, trouble="the disk is full", trouble_seconds=75.0),
            "the sink main cannot store since 75 s, because the disk is full",
        ),
        (replace(WELL, unstored=100), "the limit is 100: intake has stopped reading"),
    ],
    ids=["no process", "trouble", "limit"],
)
def test_a_sink_that_does_not_store_is_an_error_with_advice(sink: SinkView, words: str) -> None:
    found = _judged(replace(WELL, name="other"), sink)
    assert found.level == "error"
    assert words in found.seen
    assert "fanmill" in found.advice


def test_outcomes_set_aside_and_a_long_queue_are_warnings() -> None:
    assert _judged(WELL, unreadable=3).level == "warning"
    assert _judged(WELL, unreadable=3).advice == "fanmill sinks unreadable"
    assert _judged(replace(WELL, unstored=81)).level == "warning"
