"""The command line in a folder of its own, with settings of the defaults."""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli_runner import CliRunner
from dedup_texts import text
from fanmill.cli.app import app
from fork_server import popen


@dataclass(frozen=True)
class Shell:
    """Runs `fanmill` in a folder."""

    folder: Path
    environment: dict[str, str]

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command in a process of its own."""
        return popen(
            [sys.executable, "-m", "fanmill", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __call__(self, *arguments: str, code: int = 0, **environment: str) -> Any:
        """Run a command in this process; return the JSON on stdout, or else the text on stderr."""
        runner = CliRunner(env={**dict.fromkeys(os.environ), **self.environment, **environment})
        with contextlib.chdir(self.folder):
            result = runner.invoke(app, list(arguments), prog_name="fanmill")
        assert result.exit_code == code, (result.stderr, result.exception)
        return json.loads(result.stdout) if result.stdout else result.stderr


@pytest.fixture
def shell(tmp_path):
    own = {name: value for name, value in os.environ.items() if not name.startswith("FANMILL_")}
    return Shell(tmp_path, own)


@pytest.fixture
def rows():
    """Return rows of documents: texts, two of them equal."""
    found = [{"id": f"d{n}", "text": text(("row", n), 100), "lang": "en"} for n in range(40)]
    found[30]["text"] = found[5]["text"]
    return found


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
