"""A child process that answers like a Docker container, for pytest-celery's nodes."""

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

from fork_server import has_ended, popen
from polling import POLL_SECONDS, until

HERE: Final = Path(__file__).parent
LOOPBACK: Final = "127.0.0.1"
START_SECONDS: Final = 60.0
"""Maximum seconds until a process is ready; the machine may be busy with other work."""


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
        from_zero: Never a fork, for tests of memory.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str] | None = None,
        *,
        from_zero: bool = False,
    ) -> None:
        self.id = uuid4().hex
        self.name = name
        self.exit_codes: list[int] = []
        self._command = list(command)
        self._folder = folder
        self._from_zero = from_zero
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
            self._process = popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Not even a kill -9 of pytest leaves it running.
                dies_with_parent=sys.platform == "linux",
                from_zero=self._from_zero,
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
        """Ask the process to end, kill it after the timeout, and return its exit code."""
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
        """End the process and all that it has started, at once."""
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
        # The leader stays a zombie: its id stays ours.
        return self._process is None or has_ended(self._process)

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
