"""pytest-celery's nodes as local processes: no Docker, no root, loopback alone.

`LocalProcess` answers like `docker.models.containers.Container` in what
`pytest_docker_tools.wrappers.Container` and pytest-celery ask of it, so that
their containers, nodes, clusters and set-up work unchanged on top of it.
"""

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
from pytest_celery import CeleryTestNode, CeleryTestWorker, CeleryWorkerContainer, RedisContainer
from pytest_celery.api.container import CeleryTestContainer

from fanmill.local.server import find_binary
from polling import until

from .process import HERE, LOOPBACK, START_SECONDS, LocalProcess, free_port


class LocalContainer(CeleryTestContainer):
    """Base of all our containers: it runs a local process."""

    @property
    def process(self) -> LocalProcess:
        """The process behind it."""
        process: LocalProcess = self._container
        return process

    def teardown(self) -> None:
        """End the process and all that it has started."""
        self.process.remove()

    def starting(self) -> None:
        """Return when it is ready; its log is looked at more often than once a second.

        Raises:
            AssertionError: It ended, or was not ready in time; with its log.
        """

        def ready() -> bool:
            assert self.process.status == "running", f"{self.name} ended:\n{self.logs()}"
            return self.ready_prompt is None or self.ready_prompt in self.logs()

        until(ready, START_SECONDS, lambda: f"{self.name} ready; its log:\n{self.logs()}")


class LocalRedisContainer(LocalContainer, RedisContainer):
    """pytest-celery's Redis container on fanmill's own server program, with AOF."""

    _port = 0

    @classmethod
    def command(cls, *args: str, debugpy: bool = False, **_: Any) -> list[str]:
        """Return the stock command on our server, with an append-only file, as for production."""
        stock = super().command(*args, debugpy=debugpy)[1:]
        stock[stock.index("--appendonly") + 1] = "yes"
        return [str(find_binary()), *stock]

    @classmethod
    def spawn(
        cls, folder: Path, name: str = "server", *, appendfsync: str = "everysec"
    ) -> "LocalRedisContainer":
        """Start a server on a free port."""
        port = free_port()
        arguments = (
            *("--bind", LOOPBACK, "--port", str(port), "--dir", str(folder)),
            *("--appendfsync", appendfsync),
        )
        container = cls(LocalProcess(name, cls.command(*arguments), folder))
        container._port = port
        container.starting()
        return container

    @property
    def hostname(self) -> str:
        """The loopback interface."""
        return LOOPBACK

    @property
    def port(self) -> int:
        """Port of the server."""
        return self._port

    @property
    def url(self) -> str:
        """For workers: the same as for us."""
        return f"{self.prefix()}{LOOPBACK}:{self._port}/{self.vhost}"

    @property
    def host_url(self) -> str:
        """For us."""
        return self.url


class LocalWorkerContainer(LocalContainer, CeleryWorkerContainer):
    """A fanmill worker: `fanmill worker`, or Celery's own command on an app of the tests."""

    @classmethod
    def command(
        cls, *args: str, app: str = "", name: str = "worker", concurrency: int = 1, **_: Any
    ) -> list[str]:
        """Return the command of a worker.

        Args:
            args: Queues; all of them when there are none.
            app: A module of the tests for Celery's own command, '' for `fanmill worker`.
            name: For Celery's own command; the other one makes its own.
            concurrency: The same.
        """
        if not app:
            queues = ["--queues", ",".join(args)] if args else []
            return [sys.executable, "-m", "fanmill", "worker", *queues]
        return [
            *(sys.executable, "-m", "celery", "--app", app, "worker", "--loglevel", "INFO"),
            *("--concurrency", str(concurrency), "--hostname", f"{name}@%h"),
            *("--without-gossip", "--without-mingle"),
        ]

    @property
    def ready_prompt(self) -> str:
        """Log line of a worker that is ready for work."""
        return "worker ready"

    @classmethod
    def spawn(
        cls, name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> "LocalWorkerContainer":
        """Start a worker; it is not ready yet."""
        paths = os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH", ""))))
        return cls(LocalProcess(name, command, folder, {**environment, "PYTHONPATH": paths}))


class LocalRoleContainer(LocalContainer):
    """`fanmill intake` or `fanmill sink`; no node of Celery, but handled like one."""

    @classmethod
    def spawn(
        cls,
        role: str,
        name: str,
        folder: Path,
        environment: Mapping[str, str],
        *,
        from_zero: bool = False,
    ) -> "LocalRoleContainer":
        """Start a process; its name is in the process registry when it is ready."""
        command = [sys.executable, "-m", "fanmill", role]
        return cls(LocalProcess(name, command, folder, environment, from_zero=from_zero))


class LocalNode(CeleryTestNode):
    """A node over a local process, with what a smoke test does to one."""

    @property
    def process(self) -> LocalProcess:
        """The process behind it."""
        return self.container.process

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def alive(self) -> bool:
        """Return whether it runs."""
        return self.process.status == "running"

    def terminate(self, seconds: float = START_SECONDS) -> int:
        """Send SIGTERM and return the exit code."""
        self.kill("SIGTERM")
        return self.process.wait(seconds)


class LocalWorker(LocalNode, CeleryTestWorker):
    """A worker node on a local process."""

    def hostname(self) -> str:
        """Return its name, as this machine calls itself."""
        return f"{self.worker_name}@{socket.gethostname()}"

    def get_running_processes_info(
        self, columns: list[str] | None = None, filters: dict[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """Return what is known of the worker and its pool, the worker first."""
        names = columns or ["pid", "name", "username", "cmdline", "create_time"]
        processes = [psutil.Process(self.pid), *self.process.children()]
        rows = [process.as_dict(names) for process in processes]
        return [
            row
            for row in rows
            if all(row.get(key) == value for key, value in (filters or {}).items())
        ]

    def pool(self) -> list[psutil.Process]:
        """Return its pool processes, the oldest first."""
        return self.process.children()
