"""English of the project, as far as a program can check it; CONTRIBUTING.md has all its rules."""

import subprocess
from pathlib import Path
from typing import Final

import pytest

from docs.english import ROOT, Prose, faults, texts_of

CLEAN: Final = (
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "contracts",
    "deploy",
    "tests",
    "worker",
)
"""Folders and files without faults."""

SAMPLES: Final = "deploy/samples/"


def _files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *CLEAN], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = (name for name in listed.stdout.splitlines() if not name.startswith(SAMPLES))
    paths = [ROOT / name for name in names]
    return [path for path in paths if path.suffix in {".py", ".lua", ".md"} and path.is_file()]


def test_the_english_is_plain() -> None:
    found = [fault for path in _files() for prose in texts_of(path) for fault in faults(prose)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("module", "What is known of words."),
        ("value", "Most words of a summary."),
        ("value", "Words of a text. Of those, the first."),
        ("comment", "a file that stands beside the others"),
        ("message", "the index has not this document"),
        ("function", "Returns a list."),
        ("function", "Whether it is there."),
        ("function", "The list of words."),
        ("function", "Counting words."),
        ("test", "Of two copies the later is the duplicate."),
    ],
)
def test_a_fault_is_found(kind: str, text: str) -> None:
    assert faults(Prose("x.py", 1, kind, text))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("module", "Words of a language, by number."),
        ("function", "Return the words of a text; most of them are short."),
        ("function", "Process a batch."),
        ("test", "A worker judges an entry once more."),
        ("comment", "the most frequent word; at least two documents, at most 64"),
    ],
)
def test_plain_english_passes(kind: str, text: str) -> None:
    assert not faults(Prose("x.py", 1, kind, text))
