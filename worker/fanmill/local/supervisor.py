"""The supervisor of `fanmill up` and `fanmill run`: starts, restarts and stops processes."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

import structlog

log = structlog.get_logger("fanmill.local")

_PR_SET_PDEATHSIG: Final = 1
_RESTART_SECONDS: Final = 1.0
"""Minimum time between two starts of a process that ends at once."""


def dies_with_parent() -> Callable[[], None]:
    """Return the function by which a new process asks Linux to end it with its parent.

    It ends even after a kill -9 of the parent. Nothing is lost: the ledger redelivers what
    the process held.
    """
    # Looked up before the fork: an import after it could wait for a lock of a thread that is gone.
    prctl = ctypes.CDLL(None).prctl

    def call() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    return call


class ServiceProcess:
    """A supervised intake, worker, sink or console.

    Args:
        role: Its command: `intake`, `worker`, `sink` or `console`.
        arguments: Arguments of the command.
        environment: Settings as variables, added to those of this process.
        log_path: File of its log; None for the stderr of this process.
    """

    def __init__(
        self,
        role: str,
        arguments: Sequence[str] = (),
        *,
        environment: Mapping[str, str],
        log_path: Path | None = None,
    ) -> None:
        self.role = role
        self._command = [sys.executable, "-m", "fanmill", role, *arguments]
        self._environment = {**os.environ, **environment}
        self._log_path = log_path
        self._process: subprocess.Popen[bytes] | None = None
        self._started = -_RESTART_SECONDS
        self.restarts = -1

    @property
    def pid(self) -> int:
        """The process id; 0 before the first start."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start it in a session of its own, so that a Ctrl-C reaches the supervisor only."""
        self._started = monotonic()
        self.restarts += 1
        output = self._log_path.open("ab") if self._log_path else None
        try:
            self._process = subprocess.Popen(  # noqa: S603  arguments of this module
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output or sys.stderr,
                stderr=output or sys.stderr,
                start_new_session=True,
                preexec_fn=dies_with_parent() if sys.platform == "linux" else None,  # noqa: PLW1509
            )
        finally:
            if output:
                output.close()

    def alive(self) -> bool:
        """Return whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def restart_if_ended(self) -> bool:
        """Restart the process if it has ended; return whether it had."""
        if self.alive() or monotonic() - self._started < _RESTART_SECONDS:
            return False
        code = None if self._process is None else self._process.returncode
        log.error("process ended, restarting", process=self.role, pid=self.pid, exit_code=code)
        self.start()
        return True

    def terminate(self) -> None:
        """Ask the process to finish its batches and end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the process; return False if it had to be killed."""
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            log.warning("process did not end in time, killed", process=self.role, pid=self.pid)
            self.kill()
            return False
        return True

    def kill(self) -> None:
        """Kill the process and its children; the ledger redelivers what they held."""
        if self._process is None:
            return
        # The group outlives its leader: its children may still run.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Supervisor:
    """Supervises an intake, workers, sinks and consoles; they stop in this order.

    Outcomes that a sink did not store when it stops wait in the streams.
    """

    def __init__(
        self,
        intake: ServiceProcess,
        workers: Sequence[ServiceProcess],
        sinks: Sequence[ServiceProcess] = (),
        consoles: Sequence[ServiceProcess] = (),
    ) -> None:
        self._intake = intake
        self._workers = workers
        self._sinks = sinks
        self._consoles = consoles

    @property
    def _all(self) -> tuple[ServiceProcess, ...]:
        return (self._intake, *self._workers, *self._sinks, *self._consoles)

    def start(self) -> None:
        """Start all processes."""
        for each in self._all:
            each.start()

    def restart_ended(self) -> int:
        """Restart the processes that have ended; return their number."""
        return sum(each.restart_if_ended() for each in self._all)

    def stop(self, grace_seconds: float) -> bool:
        """Stop all in their order; return whether all ended in time by themselves."""
        deadline = monotonic() + grace_seconds
        self._intake.terminate()
        clean = self._intake.wait(max(1.0, deadline - monotonic()))
        for group in (self._workers, self._sinks, self._consoles):
            for each in group:
                each.terminate()
            for each in group:
                clean &= each.wait(max(1.0, deadline - monotonic()))
        return clean

    def kill(self) -> None:
        """Kill all processes."""
        for each in self._all:
            each.kill()
