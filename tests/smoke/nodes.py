"""pytest-celery's nodes as local processes: no Docker, no root, loopback alone.

`LocalProcess` answers like `docker.models.containers.Container` in what
`pytest_docker_tools.wrappers.Container` and pytest-celery ask of it, so that
their containers, nodes, clusters and set-up work unchanged on top of it.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final, Literal
from uuid import uuid4

import psutil
from pytest_celery import CeleryTestNode, CeleryTestWorker, CeleryWorkerContainer, RedisContainer
from pytest_celery.api.container import CeleryTestContainer

from fanmill.local.server import find_binary
from fanmill.local.supervisor import dies_with_parent
from polling import POLL_SECONDS, until

HERE: Final = Path(__file__).parent
LOOPBACK: Final = "127.0.0.1"
START_SECONDS: Final = 60.0
"""What a process may take to be ready; the machine may be busy with other things."""


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


class LocalProcess:
    """A child process that answers like a Docker container.

    It leads a process group of its own, which is the "container": `kill` with
    SIGKILL ends all of it as Docker does, other signals reach the leader alone.
    The leader is not reaped before the group is done with, so that its id
    cannot come to mean anybody else.

    Args:
        name: For people; the log is named after it.
        command: Program and arguments.
        folder: Working directory, holds the log.
        environment: Added to ours.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.id = uuid4().hex
        self.name = name
        self.exit_codes: list[int] = []
        self._command = list(command)
        self._folder = folder
        self._environment = {**os.environ, **(environment or {})}
        self._log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        # `wrappers.Container.ready` looks for networks and ports to wait for: there are none.
        self.attrs: dict[str, Any] = {
            "NetworkSettings": {"Networks": {}, "Ports": {}},
            "HostConfig": {"PortBindings": {}},
            "Config": {
                "Hostname": LOOPBACK,
                "Env": [f"{key}={value}" for key, value in (environment or {}).items()],
            },
        }
        self.start()

    def start(self) -> None:
        """Start it; its log goes on where it was."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Not even a kill -9 of pytest leaves it running.
                preexec_fn=dies_with_parent() if sys.platform == "linux" else None,  # noqa: PLW1509
            )

    @property
    def pid(self) -> int:
        """Id of the leader, 0 when it was removed."""
        return self._process.pid if self._process else 0

    @property
    def status(self) -> Literal["running", "exited"]:
        """Docker's word for its state."""
        return "running" if self._process is not None and not self._ended() else "exited"

    def reload(self) -> None:
        """Do nothing: `status` is always fresh."""

    def logs(self) -> bytes:
        """Return all it has written, over all its starts."""
        return self._log.read_bytes()

    def kill(self, signal: str | int | None = None) -> None:
        """Send a signal: SIGKILL (the default) to the whole group and wait for its end."""
        sign = _signal(signal or "SIGKILL")
        if self._process is None:
            return
        if sign == _signal("SIGKILL"):
            self._end()
        else:
            os.kill(self.pid, sign)

    def kill_leader(self) -> None:
        """Kill the leader alone with SIGKILL; what it started becomes an orphan."""
        os.kill(self.pid, signal.SIGKILL)
        until(self._ended, START_SECONDS, f"{self.name} dead")

    def wait(self, seconds: float) -> int:
        """Return the exit code, once the leader has ended by itself; end the group."""
        until(self._ended, seconds, f"{self.name} ended")
        return self._end()

    def stop(self, timeout: float = 10) -> int:
        """Ask it to end, end it after so many seconds, and return its exit code."""
        if self._process is None:
            return self.exit_codes[-1]
        if not self._ended():
            self.kill("SIGTERM")
            deadline = monotonic() + timeout
            while not self._ended() and monotonic() < deadline:
                sleep(POLL_SECONDS)
        return self._end()

    def restart(self, timeout: float = 10) -> None:
        """Stop it, unless it has ended, and start it again."""
        if self._process is not None:
            self.stop(timeout)
        self.start()

    def remove(self, **_: Any) -> None:
        """End it and all it has started, at once."""
        self._end()

    def exec_run(self, cmd: str | Sequence[str], **_: Any) -> tuple[int, bytes]:
        """Run a command beside it, in its folder and environment."""
        done = subprocess.run(
            cmd,
            shell=isinstance(cmd, str),
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout

    def children(self) -> list[psutil.Process]:
        """Return the processes the leader has started, oldest first."""
        try:
            found = psutil.Process(self.pid).children()
        except psutil.NoSuchProcess:
            return []
        return sorted(found, key=lambda child: (child.create_time(), child.pid))

    def _ended(self) -> bool:
        # WNOWAIT leaves the leader a zombie: its id stays ours.
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return self._process is None or os.waitid(os.P_PID, self.pid, options) is not None

    def _end(self) -> int:
        if self._process is None:
            return self.exit_codes[-1] if self.exit_codes else 0
        # The group exists as long as its leader is not reaped, dead or alive.
        os.killpg(self.pid, signal.SIGKILL)
        self.exit_codes.append(self._process.wait())
        self._process = None
        return self.exit_codes[-1]


def _signal(name: str | int) -> int:
    return name if isinstance(name, int) else int(getattr(signal, name))


class LocalContainer(CeleryTestContainer):
    """What all our containers have in common: a local process inside."""

    @property
    def process(self) -> LocalProcess:
        """The process behind it."""
        process: LocalProcess = self._container
        return process

    def teardown(self) -> None:
        """End it and all it has started."""
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
        """Where it listens."""
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
        """What fanmill logs when its worker takes work."""
        return "worker ready"

    @classmethod
    def spawn(
        cls, name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> "LocalWorkerContainer":
        """Start a worker; it is not ready yet."""
        paths = os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH", ""))))
        return cls(LocalProcess(name, command, folder, {**environment, "PYTHONPATH": paths}))


class LocalIntakeContainer(LocalContainer):
    """`fanmill intake`; no node of Celery, but handled like one."""

    @classmethod
    def spawn(
        cls, name: str, folder: Path, environment: Mapping[str, str]
    ) -> "LocalIntakeContainer":
        """Start an intake; when it is ready its name stands among the processes."""
        command = [sys.executable, "-m", "fanmill", "intake"]
        return cls(LocalProcess(name, command, folder, environment))


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
