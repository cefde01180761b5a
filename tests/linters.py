"""Linters and validators, as tests call them."""

import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest


def tool(name: str) -> str:
    """Return the path of a program of this environment; the test is skipped without it."""
    path = which(name, path=str(Path(sys.executable).parent)) or which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def run(*command: str | Path) -> str:
    """Run a program and return its output; when it fails, its output is the failure."""
    ended = subprocess.run([str(part) for part in command], capture_output=True, text=True)  # noqa: PLW1510
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
