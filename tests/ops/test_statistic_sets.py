# ruff: noqa: ARG002 (a set need not look at everything it is given)

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from time import monotonic
from typing import Any

import pytest

from fanmill.core.document import Document
from fanmill.core.stages import Summarizer
from fanmill.core.statistics.compute import BUILT_IN
from fanmill.core.statistics.plugin import Measure
from fanmill.ops.statistic_sets import GROUP, BrokenSet, choose, within
from fanmill_contracts.results import Problems, Summary
from fanmill_contracts.statistics import Statistics, Value


@dataclass
class Vowels:
    """A set as another package would offer it."""

    name: str = "vowels"
    version: str = "2"
    time_limit_seconds: float = 0.2
    measures: tuple[Measure, ...] = (
        Measure("count", "integer", "letters", low=0),
        Measure("share", "number", "share of characters", low=0, high=1),
        Measure("first", "text", "letter"),
    )
    answer: Mapping[str, Any] | None = None

    def compute(self, text: str, language: str) -> Mapping[str, Value]:
        if self.answer is not None:
            return self.answer
        found = [letter for letter in text if letter in "aeiou"]
        return {"count": len(found), "share": len(found) / len(text), "first": found[0]}


class Endless(Vowels):
    def compute(self, text: str, language: str) -> Mapping[str, Value]:
        while True:
            try:
                while True:
                    pass
            except TimeoutError:
                raise
            except Exception:  # noqa: BLE001, S110
                pass


class Exits(Vowels):
    def compute(self, text: str, language: str) -> Mapping[str, Value]:
        raise SystemExit(3)


def summarized(*plugins: Any) -> tuple[Statistics, Problems | None]:
    findings = Summarizer(plugins=plugins, guard=within)(Document("d", "A mill and a river."))
    statistics, problems = findings["statistics"], findings.get("problems")
    assert isinstance(findings["summary"], Summary)
    assert len(findings["summary"].sentences) == 1
    assert isinstance(statistics, Statistics)
    assert problems is None or isinstance(problems, Problems)
    return statistics, problems


def test_values_of_another_package_are_in_the_record_under_name_and_version() -> None:
    statistics, problems = summarized(Vowels())
    assert statistics.plugins == {"vowels-2": {"count": 5, "share": 5 / 19, "first": "i"}}
    assert statistics.sets[-1] == "vowels-2"
    assert problems is None


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (Endless(), "TimeoutError"),
        (Exits(), "SystemExit"),
        (Vowels(answer={"share": 2.0}), "declared from 0 to 1"),
        (Vowels(answer={"share": float("nan")}), "nan"),
        (Vowels(answer={"count": 1.5}), "declared as integer"),
        (Vowels(answer={"count": True}), "declared as integer"),
        (Vowels(answer={"first": "x" * 2000}), "2000 characters"),
        (Vowels(answer={"other": 1}), "undeclared"),
        (BrokenSet("lost", "no module"), "no module"),
    ],
    ids=str,
)
def test_a_set_that_fails_is_a_problem_and_costs_only_itself(broken: Any, error: str) -> None:
    statistics, problems = summarized(broken, Vowels(name="other"))
    assert list(statistics.plugins) == ["other-2"]
    assert statistics.words == 5
    assert problems is not None
    (problem,) = problems.root
    assert problem.stage == "summarize"
    assert problem.producer == f"{broken.name}-{broken.version}"
    assert error in problem.error


def test_a_statistic_left_out_is_null() -> None:
    statistics, _ = summarized(Vowels(answer={"count": 1}))
    assert statistics.plugins["vowels-2"] == {"count": 1, "share": None, "first": None}


def test_a_function_that_comes_back_too_late_is_late() -> None:
    def slow() -> int:
        end = monotonic() + 0.05
        while monotonic() < end:
            pass
        return 1

    outcome: list[str] = []

    def elsewhere() -> None:
        try:
            within(0.01, slow)
        except TimeoutError as error:
            outcome.append(str(error))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert "its limit is 0.01 s" in outcome[0]
    assert within(5, slow) == 1


@pytest.fixture
def offered() -> dict[str, EntryPoint]:
    return {
        "vowels": EntryPoint("vowels", f"{__name__}:Vowels", GROUP),
        "gone": EntryPoint("gone", "no_such_module:it", GROUP),
    }


def test_all_chooses_built_in_and_installed_sets(offered: dict[str, EntryPoint]) -> None:
    chosen = choose(("all",), offered)
    assert chosen.built_in == BUILT_IN
    assert [type(each).__name__ for each in chosen.plugins] == ["BrokenSet", "Vowels"]


def test_names_choose_sets(offered: dict[str, EntryPoint]) -> None:
    chosen = choose(("quality", "vowels"), offered)
    assert chosen.built_in == {"quality"}
    assert [each.name for each in chosen.plugins] == ["vowels"]
    assert choose((), offered).built_in == frozenset()


def test_an_unknown_name_is_refused_with_the_known_ones(offered: dict[str, EntryPoint]) -> None:
    with pytest.raises(ValueError, match=r"'vowls' \(FANMILL_STATISTICS\); known: all, compos"):
        choose(("vowls",), offered)
