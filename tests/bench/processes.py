"""Processes under measurement: started, held still, and asked for their CPU time."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil

from fanmill.local.supervisor import dies_with_parent


class Measured:
    """Process with its children.

    Args:
        name: `intake`, `worker` or `server`.
        pid: Id of the parent process.
    """

    def __init__(self, name: str, pid: int) -> None:
        self.name = name
        self.pid = pid

    def cpu_seconds(self) -> float:
        """Return user and system time of the process and its living children."""
        top = psutil.Process(self.pid)
        return sum(_cpu(process) for process in (top, *top.children(recursive=True)))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Pause the process (SIGSTOP) while the work is published, then let it run."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)


def cpu_seconds(processes: Iterable[Measured]) -> dict[str, float]:
    """Return the CPU time of each process by its name."""
    return {process.name: process.cpu_seconds() for process in processes}


@contextmanager
def running(command: Iterable[str], environment: Mapping[str, str], name: str) -> Iterator[Any]:
    """Run a Python program until the block ends; its log goes to `<name>.log` beside it."""
    with ExitStack() as stack:
        log = stack.enter_context((Path(environment["BENCH_FOLDER"]) / f"{name}.log").open("ab"))
        process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dies_with_parent() if sys.platform == "linux" else None,  # noqa: PLW1509
        )
        try:
            yield Measured(name, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
