"""The run book against the code and the tests: semantics, keys, advice of `doctor`."""

import re

import pytest

from docs.generated import KEYS, ROOT, between
from docs.run_book import keys_table
from fanmill.settings import Settings

TEXT = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
TABLE = TEXT.partition("## What happens if")[2].partition("\n## ")[0]
ROWS = [line for line in TABLE.splitlines() if line.startswith("| **")]
COLUMNS = 5
TESTS = {
    path.relative_to(ROOT): path.read_text(encoding="utf-8")
    for path in (ROOT / "tests").rglob("test_*.py")
}

SITUATIONS = (
    "worker is killed",
    "child of a worker",
    "Intake is killed",
    "server is killed",
    "half open",
    "fails over",
    "Redis is full",
    "backlog is full",
    "removed by others",
    "kills its process",
    "too slow",
    "malformed",
    "same event comes twice",
    "equal documents",
    "clock",
    "ahead of the clock",
    "exhausted",
    "deployed",
    "Celery message",
    "Another program",
    "SIGTERM",
)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_table_has_each_situation(situation):
    assert any(situation in row.split("|")[1] for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("**")[1][:50])
def test_each_row_names_tests_that_exist(row):
    cells = [cell.strip() for cell in row.strip("|").split(" | ")]
    assert len(cells) == COLUMNS
    named = re.findall(r"`(test_\w+)`", cells[-1])
    assert named, "a row without a test is a guess"
    for name in named:
        files = [path for path, source in TESTS.items() if f"\ndef {name}(" in source]
        assert len(files) == 1, f"{name} is in {files or 'no file'}"


def test_the_settings_of_the_table_exist():
    named = {name.lower() for name in re.findall(r"FANMILL_([A-Z_]+)", TABLE)}
    assert named <= set(Settings.model_fields)


def test_the_keys_are_those_of_the_code():
    assert between(TEXT, KEYS) == keys_table(), "run: make docs"


def test_the_checks_of_the_table_exist():
    """The first column of "Findings of `doctor`" has names that `doctor` prints."""
    table = TEXT.partition("| `doctor` says | Do |")[2].partition("\n\n")[0]
    names = set(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))
    checks = {check for name in names for check in re.findall(r"`([a-z ]+)`", name)}
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "worker" / "fanmill" / "ops" / "doctor").glob("*.py")
    )
    assert checks
    for check in checks:
        assert f'"{check}"' in sources, check
