"""The page about scaling shows the figures of the last measurement, and sizes made from them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.scaling.page import PAGE, figures, put, written


def test_the_page_and_its_plots_are_made_from_the_last_measurement() -> None:
    found = figures()
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page, found), "run: make docs"
    # In a process of its own: the charts of reports change the theme of the library.
    program = (
        "import json; from bench.scaling.page import figures, plots; "
        "print(json.dumps({str(path): text for path, text in plots(figures()).items()}))"
    )
    drawn = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        check=True,
    ).stdout
    drawings = json.loads(drawn)
    assert drawings
    for name, drawing in drawings.items():
        assert Path(name).read_text(encoding="utf-8") == drawing, "run: make docs"
        assert f"scaling/{Path(name).name}" in page


def test_all_cases_were_measured() -> None:
    found = figures()
    assert [(case["partitions"], case["workers"]) for case in found["cases"]] == [
        (1, 1), (1, 2), (1, 4), (1, 8), (2, 2), (2, 4), (2, 8), (3, 4), (3, 8),
    ]  # fmt: skip
    for case in found["cases"]:
        assert case["backlog"]["rate"] > 0
        assert case["backlog"]["cpus_used"] <= 1.05 * found["machine"]["cpus"]
        for load in ("steady", "burst"):
            assert 0 < case[load]["p50_ms"] <= case[load]["p99_ms"]
    assert found["drain"]["documents"] >= 10_000


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="is missing"):
        put("# Scaling", ("<!-- a -->", "<!-- b -->"), "")
