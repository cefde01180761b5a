"""Child processes of `fanmill up` and `fanmill run`: started, looked after, stopped in order."""

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
"""A child that ends at once is not started more often than this."""


def dies_with_parent() -> Callable[[], None]:
    """Return what a new child calls so that Linux ends it with its parent, kill -9 included.

    Nothing is lost by it: the ledger sends out again what the child held.
    """
    # Found before the fork: importing after it could meet a lock that nobody holds any more.
    prctl = ctypes.CDLL(None).prctl

    def call() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    return call


class Child:
    """One fanmill process under this one.

    Args:
        role: `intake` or `worker`: the command it runs.
        arguments: Of the command.
        environment: Settings as variables, added to ours.
        log_path: Where its log goes; None for our own stderr.
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
        """Its process id, 0 before the first start."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start it in a session of its own: a Ctrl-C on the terminal reaches us alone."""
        self._started = monotonic()
        self.restarts += 1
        output = self._log_path.open("ab") if self._log_path else None
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own arguments
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
        """Return whether it runs."""
        return self._process is not None and self._process.poll() is None

    def look_after(self) -> bool:
        """Start it again if it has ended; return whether that was needed."""
        if self.alive() or monotonic() - self._started < _RESTART_SECONDS:
            return False
        code = None if self._process is None else self._process.returncode
        log.error("process ended, starting it again", child=self.role, pid=self.pid, exit_code=code)
        self.start()
        return True

    def terminate(self) -> None:
        """Ask it to finish what it holds and end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds: float) -> bool:
        """Wait for its end; kill it and its children afterwards. False when that was needed."""
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            log.warning("process did not end in time, killed", child=self.role, pid=self.pid)
            self.kill()
            return False
        return True

    def kill(self) -> None:
        """End it and its own children at once; the ledger still has what they held."""
        if self._process is None:
            return
        # The group outlives its leader: also when that one has ended, others may run.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Children:
    """An intake and workers: the intake stops first, then the workers finish."""

    def __init__(self, intake: Child, workers: Sequence[Child]) -> None:
        self._intake = intake
        self._workers = workers

    def start(self) -> None:
        """Start all."""
        for child in (self._intake, *self._workers):
            child.start()

    def look_after(self) -> int:
        """Start again what has ended; return how many."""
        return sum(child.look_after() for child in (self._intake, *self._workers))

    def stop(self, grace_seconds: float) -> bool:
        """Stop reading, let the workers finish; return whether all ended by themselves."""
        deadline = monotonic() + grace_seconds
        self._intake.terminate()
        clean = self._intake.wait(max(1.0, deadline - monotonic()))
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            clean &= worker.wait(max(1.0, deadline - monotonic()))
        return clean

    def kill(self) -> None:
        """End all at once."""
        for child in (self._intake, *self._workers):
            child.kill()
