"""The command line as a user meets it: its output and its exit code."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Any

import pytest

from cli_runner import CliRunner
from fanmill.cli.app import app
from fanmill.local.server import EmbeddedServer
from fork_server import popen, run
from polling import DEADLINE_SECONDS, until

PROCESSES = ("run", "up", "intake", "worker")


@dataclass(frozen=True, slots=True)
class Done:
    """Result of a command."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        """The JSON lines on stdout."""
        return [loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Runs `fanmill` against one server and namespace, in a folder of its own.

    A call runs the command in this process: starting Python takes longer than most commands.
    Commands that start processes or take signals get a process of their own.
    """

    folder: Path
    environment: dict[str, str]

    def __call__(self, *arguments: str, stdin: bytes = b"") -> Done:
        if arguments[:1] and arguments[0] in PROCESSES:
            return self.process(*arguments, stdin=stdin)
        runner = CliRunner(env={**dict.fromkeys(os.environ), **self.environment})
        with contextlib.chdir(self.folder):
            result = runner.invoke(app, list(arguments), input=stdin, prog_name="fanmill")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.stdout, result.stderr)

    def process(self, *arguments: str, stdin: bytes = b"") -> Done:
        """Run a command in a process of its own."""
        done = run(
            [sys.executable, "-m", "fanmill", *arguments],
            cwd=self.folder,
            env=self.environment,
            input=stdin,
            capture_output=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command that stays, with its stderr in the file `stderr`."""
        with (self.folder / "stderr").open("ab") as err, (self.folder / "stdout").open("ab") as out:
            return popen(
                [sys.executable, "-m", "fanmill", *arguments],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )


def wait_until(what: Callable[[], object], why: str) -> None:
    """Wait until `what` is true, with a deadline."""
    until(what, DEADLINE_SECONDS, why)


@pytest.fixture(name="wait_until")
def _wait_until() -> Callable[[Callable[[], object], str], None]:
    return wait_until


@pytest.fixture
def environment(server: EmbeddedServer, namespace: str) -> dict[str, str]:
    ours = {
        "FANMILL_REDIS_URL": server.url,
        "FANMILL_NAMESPACE": namespace,
        "FANMILL_WORKER_CONCURRENCY": "1",
        # Tables as on a wide terminal, whatever this one is.
        "COLUMNS": "200",
    }
    inherited = {name: value for name, value in os.environ.items() if "FANMILL_" not in name}
    return {**inherited, **ours}


@pytest.fixture
def fanmill(tmp_path: Path, environment: dict[str, str]) -> CommandLine:
    return CommandLine(tmp_path, environment)


@pytest.fixture
def service(fanmill: CommandLine) -> Iterator[CommandLine]:
    """An intake and a worker that run while the test does."""
    processes = [fanmill.start("intake"), fanmill.start("worker")]
    try:
        wait_until(
            lambda: len(fanmill("status", "--json").rows[0]["processes"]) == len(processes),
            "intake and worker are there",
        )
        yield fanmill
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            assert process.wait(DEADLINE_SECONDS) == 0, "SIGTERM ends a process in order"
