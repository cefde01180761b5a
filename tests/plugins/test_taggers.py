import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fanmill.plugins.discovery import TAGGERS, discover
from fork_server import run

ROOT = Path(__file__).parents[2]

ONE = """
from fanmill.plugins import DocumentView, Tag, tagger

@tagger("{name}", "1")
def one(doc: DocumentView):
    return [Tag("test", "{name}")]
"""


PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Variable for the pytest of an author, who does not have the plugins of fanmill's own tests."""


def fanmill(
    *arguments: str, text: str = "", start: Callable[..., Any] = run, **environment: str
) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = start(
        [sys.executable, "-m", "fanmill", *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    return done


def test_a_folder_a_file_and_a_module_are_searched(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(ONE.format(name="a"))
    (tmp_path / "test_a.py").write_text("raise AssertionError")
    (tmp_path / "b.py").write_text(ONE.format(name="b"))
    alone = tmp_path / "other" / "c.py"
    alone.parent.mkdir()
    alone.write_text(ONE.format(name="c"))
    places = [str(tmp_path), str(alone), "fanmill.core.taggers.builtin:keyphrase"]
    found = discover(TAGGERS, places, entries=())
    assert [tagger.name for tagger, _ in found.plugins] == ["a", "b", "c", "keyphrase"]
    assert found.problems == []


def test_what_cannot_be_loaded_is_a_problem_and_the_rest_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("1 / 0")
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "good.py").write_text(ONE.format(name="good"))
    (tmp_path / "twin.py").write_text(ONE.format(name="good"))
    found = discover(TAGGERS, [str(tmp_path), "no.such.module"], entries=())
    assert [tagger.name for tagger, _ in found.plugins] == ["good"]
    errors = {Path(each.producer).name: each.error for each in found.problems}
    assert errors["bad.py"] == "ZeroDivisionError: division by zero"
    assert "holds no tagger" in errors["empty.py"]
    assert "exists already" in errors["twin.py"]
    assert "no.such.module" in errors


def test_an_installed_package_is_found_by_its_entry_point(installed: Path) -> None:
    where = {"PYTHONPATH": str(installed)}
    listed = fanmill("taggers", "--json", start=subprocess.run, **where)
    assert listed.returncode == 0, listed.stderr
    rows = {row["name"]: row for row in map(json.loads, listed.stdout.splitlines())}
    assert rows["invoice"]["origin"] == "entry point invoice"
    assert rows["invoice"]["measured_ms"] is not None
    tagged = fanmill("tag", "-", "--json", text="Invoice INV-0042: pay 120 euros.", **where)
    tags = json.loads(tagged.stdout)["tagging"]["tags"]
    assert [(tag["value"], tag["score"]) for tag in tags["kind"]] == [("invoice", 0.9)]
    assert [(tag["value"], tag["spans"]) for tag in tags["invoice-number"]] == [
        ("INV-0042", [[8, 16]])
    ]


@pytest.mark.parametrize("example", ["fanmill-tagger-invoice", "fanmill-statistics-vowels"])
def test_an_example_passes_its_own_tests(example: str) -> None:
    folder = ROOT / "deploy/examples" / example
    done = subprocess.run(
        [*PYTEST, "-c", str(folder / "pyproject.toml"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **ALONE, "PYTHONPATH": str(folder)},
    )
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_a_new_tagger_is_written_with_a_test_that_passes(tmp_path: Path) -> None:
    assert fanmill("tagger", "new", "bridge", "--folder", str(tmp_path)).returncode == 0
    done = subprocess.run(
        [*PYTEST, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, **ALONE},
    )
    assert "2 passed" in done.stdout, done.stdout
    tagged = fanmill(
        "tag", "-", "--json", text="A bridge.", FANMILL_TAGGER_PATHS=str(tmp_path / "bridge.py")
    )
    tags = json.loads(tagged.stdout)["tagging"]["tags"]["bridge"]
    assert [tag["spans"] for tag in tags] == [[[2, 8]]]
    again = fanmill("tagger", "new", "bridge", "--folder", str(tmp_path))
    assert again.returncode == 2
    assert "exists" in again.stderr


def test_a_tagger_that_runs_over_its_time_is_a_problem_of_the_record(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(
        "from fanmill.plugins import DocumentView, tagger\n"
        '@tagger("slow", "1")\n'
        "def slow(doc: DocumentView):\n"
        "    while True:\n"
        "        try:\n"
        "            sum(range(1000))\n"
        "        except Exception:\n"
        "            pass\n"
    )
    done = fanmill(
        *("tag", "-", "--json"),
        text="The bridge is open.",
        FANMILL_TAGGER_PATHS=str(tmp_path),
        FANMILL_TAGGER_TIME_LIMIT_SECONDS="2",
    )
    result = json.loads(done.stdout)
    assert done.returncode == 1
    assert [each["producer"] for each in result["problems"]] == ["slow"]
    assert "took longer than 2 s" in result["problems"][0]["error"]
    assert result["tagging"]["language"] == "en"


def test_the_list_says_which_taggers_fail_or_never_end(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(
        "from fanmill.plugins import DocumentView, tagger\n"
        '@tagger("slow", "1")\n'
        "def slow(doc: DocumentView):\n"
        "    while True:\n"
        "        pass\n"
        '@tagger("raises", "1")\n'
        "def raises(doc: DocumentView):\n"
        "    raise RuntimeError('no luck')\n"
    )
    done = fanmill(
        *("taggers", "--json"),
        FANMILL_TAGGER_PATHS=str(tmp_path),
        FANMILL_TAGGER_TIME_LIMIT_SECONDS="2",
    )
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1
    assert rows["slow"]["measured_ms"] is None
    assert "took longer than 2 s" in rows["slow"]["problem"]
    assert rows["raises"]["problem"] == "RuntimeError: no luck"
    assert rows["keyphrase"]["problem"] is None
    assert "no luck" in done.stderr


def test_a_tagger_can_be_switched_off_and_an_unknown_one_is_an_error() -> None:
    done = fanmill(
        "tag", "-", "--json", text="The bridge is open.", FANMILL_DISABLED_TAGGERS="keyphrase"
    )
    namespaces = json.loads(done.stdout)["tagging"]["tags"]
    assert "keyphrase" not in namespaces
    assert "language" in namespaces
    wrong = fanmill("taggers", FANMILL_DISABLED_TAGGERS="keyfrase")
    assert wrong.returncode == 2
    assert "unknown tagger 'keyfrase'" in wrong.stderr


def test_dolma_attributes_have_spans_with_scores() -> None:
    done = fanmill("tag", "-", "--dolma", text="Write to jane@example.org today.")
    attributes = json.loads(done.stdout)["attributes"]
    assert attributes["fanmill__pii__email"] == [[9, 25, 1.0]]
    assert attributes["fanmill__language__en"][0][:2] == [0, 32]
