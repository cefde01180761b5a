"""No code file has more than 300 lines, and no function more than 60, docstrings included."""

import ast
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
MAX_FILE_LINES: Final = 300
MAX_FUNCTION_LINES: Final = 60

DATA: Final = {"contracts/fanmill_contracts/catalogue.py"}
"""Files that hold only data."""


def _code_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.lua"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def _functions(path: Path) -> dict[str, int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    }


def test_no_file_is_longer_than_300_lines() -> None:
    long = {
        name
        for name in _code_files()
        if len((ROOT / name).read_text(encoding="utf-8").splitlines()) > MAX_FILE_LINES
    }
    assert long - DATA == set()


def test_no_function_is_longer_than_60_lines() -> None:
    long = {
        f"{name}:{function}"
        for name in _code_files()
        if name.endswith(".py")
        for function, lines in _functions(ROOT / name).items()
        if lines > MAX_FUNCTION_LINES
    }
    assert long == set()
