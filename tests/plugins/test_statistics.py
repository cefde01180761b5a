import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from fanmill.core.document import Document
from fanmill.core.plugin import Overrun
from fanmill.core.stages import Summarizer
from fanmill.core.statistics.compute import BUILT_IN
from fanmill.plugins import DocumentView, Measure, PluginError, StatisticSet, statistics
from fanmill.plugins.choice import choose
from fanmill.plugins.discovery import STATISTICS
from fanmill.plugins.time_limit import time_limit
from fanmill_contracts import JsonScalar
from fanmill_contracts.results import Problem
from fanmill_contracts.statistics import Statistics

MEASURES = (
    Measure("count", "integer", "letters", low=0),
    Measure("share", "number", "share of characters", low=0, high=1),
    Measure("first", "text", "letter"),
)


@statistics("vowels", "2", MEASURES)
def vowels(doc: DocumentView) -> Mapping[str, JsonScalar]:
    found = [letter for letter in doc.text if letter in "aeiou"]
    return {"count": len(found), "share": len(found) / len(doc.text), "first": found[0]}


def answering(answer: Any, name: str = "vowels") -> StatisticSet:
    return statistics(name, "2", MEASURES)(lambda _: answer)


@statistics("endless", "1", MEASURES, time_limit_seconds=0.2)
def endless(_: DocumentView) -> Mapping[str, JsonScalar]:
    while True:
        try:
            while True:
                pass
        except Exception:  # noqa: BLE001, S110
            pass


@statistics("exits", "1", MEASURES)
def exits(_: DocumentView) -> Mapping[str, JsonScalar]:
    raise SystemExit(3)


def summarized(*plugins: StatisticSet) -> tuple[Statistics, tuple[Problem, ...]]:
    summarize = Summarizer(plugins=plugins, limit=time_limit(5.0))
    members = summarize(Document("d", "A mill and a river."))
    assert members.summary is not None
    assert len(members.summary.sentences) == 1
    assert members.statistics is not None
    return members.statistics, members.problems


def test_values_of_another_package_are_in_the_record_under_name_and_version() -> None:
    found, problems = summarized(vowels)
    assert found.plugins == {"vowels-2": {"count": 5, "share": 5 / 19, "first": "i"}}
    assert found.sets[-1] == "vowels-2"
    assert problems == ()


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (endless, "took longer than 0.2 s (declared by the plugin)"),
        (exits, "SystemExit"),
        (answering({"share": 2.0}), "declared from 0 to 1"),
        (answering({"share": float("nan")}), "nan"),
        (answering({"count": 1.5}), "declared as integer"),
        (answering({"count": True}), "declared as integer"),
        (answering({"first": "x" * 2000}), "2000 characters"),
        (answering({"other": 1}), "undeclared"),
        (answering(3), "gave int, no mapping"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_set_that_fails_is_a_problem_and_costs_only_itself(
    broken: StatisticSet, error: str
) -> None:
    found, problems = summarized(broken, answering({"count": 1}, "other"))
    assert list(found.plugins) == ["other-2"]
    assert found.words == 5
    (problem,) = problems
    assert problem.stage == "summarize"
    assert problem.producer == broken.key
    assert error in problem.error


def test_a_statistic_left_out_is_null() -> None:
    found, _ = summarized(answering({"count": 1}))
    assert found.plugins["vowels-2"] == {"count": 1, "share": None, "first": None}


def test_a_plugin_that_returns_too_late_is_late_in_every_thread() -> None:
    def work() -> None:
        end = monotonic() + 0.05
        while monotonic() < end:
            pass

    outcome: list[str] = []

    def elsewhere() -> None:
        try:
            with time_limit(5.0)(0.01):
                work()
        except Overrun as overrun:
            outcome.append(str(overrun))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert outcome == ["took longer than 0.01 s (declared by the plugin)"]
    with time_limit(5.0)(60.0):  # the general limit applies
        work()


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: statistics("Vowels", "1", MEASURES), "statistics name is 'Vowels'"),
        (lambda: statistics("vowels", "", MEASURES), "has version ''"),
        (lambda: statistics("vowels", "1", MEASURES[:1] * 2), "declares a measure twice"),
        (lambda: statistics("vowels", "1", [Measure("a", "float", "")]), "type 'float'; known"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_declaration_is_refused(declare: Callable[[], Any], message: str) -> None:
    with pytest.raises(PluginError, match=message):
        declare()


@pytest.fixture
def offered() -> list[EntryPoint]:
    return [
        EntryPoint("gone", "no_such_module:it", STATISTICS.group),
        EntryPoint("vowels", f"{__name__}:vowels", STATISTICS.group),
    ]


def test_all_chooses_built_in_and_installed_sets(offered: list[EntryPoint]) -> None:
    chosen = choose(("all",), offered)
    assert chosen.built_in == BUILT_IN
    assert chosen.plugins == (vowels,)
    (problem,) = chosen.problems
    assert (problem.stage, problem.producer) == ("summarize", "entry point gone")
    assert "no_such_module" in problem.error


def test_a_set_that_cannot_be_loaded_is_a_problem_of_every_record(
    offered: list[EntryPoint],
) -> None:
    chosen = choose(("gone",), offered)
    found = Summarizer(plugins=chosen.plugins, problems=chosen.problems)(Document("d", "A mill."))
    assert found.problems == chosen.problems


def test_names_choose_sets(offered: list[EntryPoint]) -> None:
    chosen = choose(("quality", "vowels"), offered)
    assert chosen.built_in == {"quality"}
    assert chosen.plugins == (vowels,)
    assert choose((), offered).built_in == frozenset()


def test_an_unknown_name_is_refused_with_the_known_ones(offered: list[EntryPoint]) -> None:
    with pytest.raises(ValueError, match=r"'vowls' \(FANMILL_STATISTICS\); known: all, compos"):
        choose(("vowls",), offered)


def test_an_installed_package_adds_its_statistics_to_every_record(
    installed: Path, tmp_path: Path
) -> None:
    text, output = tmp_path / "letter.txt", tmp_path / "out.jsonl"
    text.write_text("A mill")
    subprocess.run(
        [sys.executable, "-m", "fanmill", "run", str(text), "--output", str(output)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(installed), "FANMILL_STATISTICS": "quality,vowels"},
    )
    (record,) = map(json.loads, output.read_text().splitlines())
    assert record["statistics"]["plugins"] == {"vowels-1": {"count": 2, "share": 2 / 6}}
    assert record["statistics"]["sets"][-1] == "vowels-1"
