"""An intake and a worker as processes of their own, at any URL, for tests of connections."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from json import loads
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Final, Self

from redis import Redis

from fanmill.ops.process_registry import running_processes
from fanmill.stores.keys import Keys
from fanmill_contracts import DocumentIngested, Publisher, StreamNames
from fork_server import popen

START_SECONDS: Final = 60.0
"""Time for processes to start; the machine may be busy with other tests."""

_POLL_SECONDS: Final = 0.05

SWIFT: Final = {"FANMILL_TASK_TIME_LIMIT_SECONDS": "4", "FANMILL_REDELIVER_AFTER_SECONDS": "5"}
"""Settings that redeliver soon after a loss."""


def document(number: int) -> DocumentIngested:
    """Return a document unlike all others; the same number gives the same event."""
    return DocumentIngested.create(
        f"doc-{number:04d}", f"Number {number} has a text of its own.", source="/smoke",
        event_id=f"event-{number:04d}",
    )  # fmt: skip


class Service:
    """Processes of one namespace.

    Args:
        url: URL that intake and worker get.
        folder: Folder of their logs.
        settings: Further variables of both processes.
        roles: Commands to start.
        script: Python program to start in place of the commands, with the role as argument.
    """

    def __init__(
        self,
        url: str,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        roles: Iterable[str] = ("intake", "worker"),
        script: Path | None = None,
    ) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if "FANMILL_" not in name},
            "FANMILL_REDIS_URL": url,
            "FANMILL_WORKER_CONCURRENCY": "1",
            "FANMILL_LOG_FORMAT": "json",
            "PYTHONUNBUFFERED": "1",
            **(settings or {}),
        }
        self.streams = StreamNames(self.environment.get("FANMILL_NAMESPACE", "fanmill"))
        self.keys = Keys(self.streams)
        self._logs = {role: folder / f"{self.streams.namespace}-{role}.log" for role in roles}
        self._program = ["-m", "fanmill"] if script is None else [str(script)]
        self.processes = {role: self._start(role) for role in roles}

    def _start(self, role: str) -> subprocess.Popen[bytes]:
        with self._logs[role].open("wb") as output:
            return popen(
                [sys.executable, *self._program, role],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def restart(self, role: str) -> None:
        """Start the process of a role again after its end."""
        self.processes[role].wait()
        self.processes[role] = self._start(role)

    def log(self, role: str) -> str:
        """Return the log of a process."""
        return self._logs[role].read_text(errors="replace")

    def alive(self) -> bool:
        """Return whether all processes run."""
        return all(process.poll() is None for process in self.processes.values())

    def await_ready(self, redis: Redis) -> None:
        """Return when all processes have a heartbeat in the registry of the server."""

        def ready() -> bool:
            assert self.alive(), self.logs()
            roles = {process.role for process in running_processes(redis, self.keys)}
            return roles >= set(self.processes)

        self.until(ready, START_SECONDS)

    def logs(self) -> str:
        """Return the ends of all logs."""
        return "\n".join(f"--- {role}\n{self.log(role)[-3000:]}" for role in self.processes)

    def publish(self, redis: Redis, numbers: Iterable[int]) -> int:
        """Publish documents of these numbers over a client of its own."""
        with Publisher(client=redis, namespace=self.streams.namespace) as publisher:
            return publisher.publish_many(map(document, numbers))

    def completed(self, redis: Redis) -> Counter[str]:
        """Return how often each document is in the processed stream."""
        entries: Any = redis.xrange(self.streams.processed)
        return Counter(loads(fields[b"event"])["subject"] for _, fields in entries)

    def await_completed(self, redis: Redis, number: int, seconds: float) -> float:
        """Return the seconds until so many documents are complete, each once, none rejected."""
        started = monotonic()
        self.until(lambda: len(self.completed(redis)) >= number, seconds)
        took = monotonic() - started
        completed = self.completed(redis)
        assert (len(completed), set(completed.values())) == (number, {1})
        assert redis.xlen(self.streams.rejected) == 0
        return took

    def until(self, condition: Any, seconds: float) -> None:
        """Wait until the condition holds.

        Raises:
            AssertionError: It did not within so many seconds; the text holds the logs.
        """
        deadline = monotonic() + seconds
        while not condition():
            assert monotonic() < deadline, f"not within {seconds:g} s\n{self.logs()}"
            sleep(_POLL_SECONDS)

    def terminate(self, seconds: float = START_SECONDS) -> dict[str, tuple[int, float]]:
        """Send SIGTERM to all; return exit code and seconds until the end by role."""
        started = monotonic()
        for process in self.processes.values():
            process.terminate()
        ends: dict[str, tuple[int, float]] = {}
        while len(ends) < len(self.processes):
            assert monotonic() - started < seconds, self.logs()
            for role, process in self.processes.items():
                if role not in ends and process.poll() is not None:
                    ends[role] = (process.returncode, monotonic() - started)
            sleep(0.01)
        return ends

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
