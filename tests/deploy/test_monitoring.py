"""Alerts and dashboard: valid expressions over metrics that exist, and a run book for each."""

import importlib.util
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import promql_parser
import pytest
import yaml

from fanmill.ops.metrics.catalogue import CATALOGUE
from fanmill.settings import Settings

MONITORING = Path(__file__).parents[2] / "deploy" / "monitoring"
RUN_BOOK = MONITORING.parent / "README.md"
RULES: Any = yaml.safe_load((MONITORING / "rules.yaml").read_text(encoding="utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"] if "alert" in rule]
RECORDS = [rule for group in RULES["groups"] for rule in group["rules"] if "record" in rule]
DASHBOARD: Any = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))

MAX_WINDOWS = {"LateFast", "LateSlow", "RejectedFast", "RejectedSlow"}


def series_of_the_catalogue() -> dict[str, set[str]]:
    """Return the labels of each series that a scrape may have, by its name."""
    series = {}
    for metric in CATALOGUE:
        labels = {*metric.labels}
        if metric.kind == "histogram":
            series[f"{metric.full_name}_bucket"] = labels | {"le"}
            series[f"{metric.full_name}_sum"] = series[f"{metric.full_name}_count"] = labels
        else:
            series[metric.full_name] = labels
    return series


SERIES = series_of_the_catalogue()
KNOWN = {*SERIES, *(rule["record"] for rule in RECORDS)}

TARGET_LABELS = {"job", "instance", "pod"}


def dashboard_queries() -> list[tuple[str, str]]:
    """Return title and expression of all queries of the dashboard, Grafana's variables filled."""
    found = []
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            text = target["expr"].replace("$__rate_interval", "5m").replace("$job", "fanmill")
            found.append((panel["title"], text))
    return found


QUERIES = [
    *((rule["alert"], rule["expr"]) for rule in ALERTS),
    *((rule["record"], rule["expr"]) for rule in RECORDS),
    *dashboard_queries(),
]


def selectors(expression: Any) -> Iterator[Any]:
    """Yield every vector selector of a parsed expression."""
    if isinstance(expression, promql_parser.VectorSelector):
        yield expression
        return
    for name in ("expr", "lhs", "rhs", "param", "vector_selector"):
        inner = getattr(expression, name, None)
        if inner is not None and not isinstance(inner, str | float):
            yield from selectors(inner)
    for inner in getattr(expression, "args", None) or ():
        yield from selectors(inner)


def faults(expression: str) -> list[str]:
    """Return what is wrong with an expression: names and labels that no scrape has.

    Raises:
        ValueError: It does not parse.
    """
    found = []
    chosen = list(selectors(promql_parser.parse(expression)))
    if not chosen:
        found.append("no series")
    for selector in chosen:
        if selector.name not in KNOWN:
            found.append(f"unknown metric {selector.name}")
            continue
        labels = {matcher.name for matcher in selector.matchers.matchers} - TARGET_LABELS
        if unknown := labels - SERIES.get(selector.name, set()):
            found.append(f"{selector.name} has no labels {sorted(unknown)}")
    return found


@pytest.mark.parametrize(
    ("name", "expression"), QUERIES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(QUERIES)]
)
def test_an_expression_uses_metrics_of_the_catalogue(name: str, expression: str) -> None:
    assert faults(expression) == []


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("rate(fanmill_nothing_total[5m]) > 0", "unknown metric fanmill_nothing_total"),
        ("sum(max(fanmill_waiting_event)) / fanmill_up", "unknown metric fanmill_waiting_event"),
        (
            'fanmill_up / fanmill_queue_messages{queue="x"}',
            "fanmill_queue_messages has no labels ['queue']",
        ),
        ("vector(1)", "no series"),
        ("absent(fanmill_gone)", "unknown metric fanmill_gone"),
    ],
)
def test_the_check_finds_faults(expression: str, fault: str) -> None:
    assert faults(expression) == [fault]


def test_the_check_refuses_what_is_no_expression() -> None:
    with pytest.raises(ValueError, match=r"\w"):
        faults("rate(fanmill_up[5m")


@pytest.mark.parametrize("alert", ALERTS, ids=[rule["alert"] for rule in ALERTS])
def test_an_alert_has_a_severity_and_a_section_of_the_run_book(alert: Any) -> None:
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert alert["annotations"]["summary"].endswith(".")
    page, _, anchor = alert["annotations"]["runbook"].partition("#")
    assert page == "deploy/README.md"
    headings = re.findall(r"^#+ (.+)$", RUN_BOOK.read_text(encoding="utf-8"), re.MULTILINE)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
    assert anchor == alert["alert"].lower()


def test_each_section_of_the_run_book_on_an_alert_has_its_alert() -> None:
    headings = re.findall(r"^### (Fanmill\w+)$", RUN_BOOK.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(rule["alert"] for rule in ALERTS)


def test_each_alert_has_tests_in_which_it_must_and_must_not_fire() -> None:
    tests: Any = yaml.safe_load((MONITORING / "rules_test.yaml").read_text(encoding="utf-8"))
    fires, silent = set(), set()
    for test in tests["tests"]:
        for case in test["promql_expr_test"]:
            (name,) = re.findall(r'alertname="(\w+)"', case["expr"])
            (fires if case["exp_samples"] else silent).add(name)
    assert fires == silent == {rule["alert"] for rule in ALERTS}


def test_ratios_have_two_windows_and_a_floor_of_traffic() -> None:
    for alert in ALERTS:
        if alert["alert"].removeprefix("Fanmill") in MAX_WINDOWS:
            windows = set(re.findall(r":ratio(\w+)", alert["expr"]))
            assert windows in ({"1h", "5m"}, {"6h", "30m"})
            assert "> 1 / 60" in alert["expr"]


def test_the_objective_of_lateness_is_a_bound_of_the_histogram_and_the_target_age() -> None:
    (bound,) = set(re.findall(r'le="([\d.]+)"', (MONITORING / "rules.yaml").read_text()))
    assert float(bound) == Settings.model_fields["target_age_seconds"].default


def test_the_dashboard_is_what_its_program_makes() -> None:
    path = MONITORING / "dashboard.py"
    spec = importlib.util.spec_from_file_location("dashboard", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Its dataclasses look for their own module.
    import sys

    sys.modules["dashboard"] = module
    try:
        spec.loader.exec_module(module)
        assert module.FILE.read_text(encoding="utf-8") == module.dashboard_json(), "run: make docs"
    finally:
        del sys.modules["dashboard"]


def test_charts_overlap_nowhere_and_show_most_metrics() -> None:
    cells: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        taken = {
            (x, y)
            for x in range(place.get("x", 0), place.get("x", 0) + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        cells |= taken
    shown = {
        selector.name
        for _, text in dashboard_queries()
        for selector in selectors(promql_parser.parse(text))
    }
    assert len(shown) >= 30


@pytest.mark.skipif(which("promtool") is None, reason="promtool is not installed")
def test_the_alerts_fire_when_they_must_and_only_then() -> None:
    for command in (("check", "rules", "rules.yaml"), ("test", "rules", "rules_test.yaml")):
        done = subprocess.run(
            ["promtool", *command], cwd=MONITORING, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
