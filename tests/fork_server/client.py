"""Starts `python -m fanmill` for tests: `popen` and `run`, in place of those of `subprocess`.

A command gets a fork of the program in `server.py`, unless something is unlike the process from
which that program was started. Then the command starts from zero, as it does by `subprocess`.
"""

import atexit
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from fanmill.local.supervisor import dies_with_parent as ending_with_parent

from .server import LENGTH_BYTES

SERVER: Final = Path(__file__).with_name("server.py")

FORKED: Final = ("fanmill", "celery")
"""Modules whose command may be a fork."""

FROM_ZERO: Final = ("console", "health", "up", "watch")
"""Commands of which tests check what they load or start: never a fork."""

OWN_VARIABLES: Final = (
    "COLUMNS",
    "FANMILL_",
    "PYTEST_",
    "PYTHONPATH",
    "PYTHONUNBUFFERED",
    "SMOKE_",
)
"""Beginnings of names that no module reads while it is loaded; a fork may have its own."""

OPTIONS: Final = frozenset({"cwd", "stdin", "stdout", "stderr", "start_new_session", "text"})
"""Arguments of `Popen` that a fork obeys."""


class _Server:
    """The program, for this process; started at its first use.

    Args:
        modules: Modules that it loads; all that commands need where there are none.
    """

    def __init__(self, modules: Sequence[str]) -> None:
        ours, theirs = socket.socketpair()
        self.environment = _kept(os.environ)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(SERVER), *modules, str(theirs.fileno())],
                # Threads of numpy would not be there in a fork.
                env={**self.environment, "OPENBLAS_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._socket = ours
        self._answers = ours.makefile("rb")
        self._lock = Lock()
        atexit.register(self.close)

    def ask(self, request: Mapping[str, Any], streams: Sequence[int] = ()) -> int | None:
        """Return the answer to a request that takes file descriptors along."""
        body = json.dumps(request).encode()
        with self._lock:
            socket.send_fds(self._socket, [len(body).to_bytes(LENGTH_BYTES)], streams)
            self._socket.sendall(body)
            answer = self._answers.readline()
        if not answer:
            raise RuntimeError(f"the fork server has ended with {self._process.wait()}")
        status: int | None = json.loads(answer)
        return status

    def close(self) -> None:
        """End the program and all forks that still run."""
        self._answers.close()
        self._socket.close()
        self._process.wait()


@cache
def _server_of(_: int, modules: tuple[str, ...]) -> _Server:
    return _Server(modules)


def _server(modules: tuple[str, ...] = ()) -> _Server:
    # A fork of this process has no server of its parent's.
    return _server_of(os.getpid(), modules)


class Fork(subprocess.Popen[Any]):
    """A fork of the server, handled like a child of this process.

    The server is its parent, which keeps it a zombie until `poll` or `wait` has seen its end.

    Args:
        command: Python, `-m`, a module, and its arguments.
        modules: Modules that are loaded at its start; all that commands need where there are none.
        dies_with_parent: End it with the server, even after a kill -9.
        start_new_session: Make it the leader of a session.
        options: Further arguments of `Popen`.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        modules: tuple[str, ...] = (),
        dies_with_parent: bool = False,
        start_new_session: bool = False,
        **options: Any,
    ) -> None:
        self._server = _server(modules)
        self._wanted = {"dies_with_parent": dies_with_parent, "new_session": start_new_session}
        super().__init__(command, **options)

    def ended(self) -> bool:
        """Return whether it has ended; it stays a zombie."""
        return self._server.ask({"ended": self.pid, "keep": True}) is not None

    def _execute_child(self, args: Sequence[str], *rest: Any) -> None:
        """Start it: `Popen` has made the pipes, and takes them from here on."""
        _, _, _, _, folder, environment, _, _, _, *pipes = rest[:15]
        request = {
            **self._wanted,
            "module": args[2],
            "arguments": [str(each) for each in args[3:]],
            "folder": str(Path(folder or ".").absolute()),
            "environment": dict(os.environ if environment is None else environment),
        }
        # The child's ends of stdin, stdout, stderr; -1 for those of this process.
        ends = (pipes[0], pipes[3], pipes[5])
        streams = [own if end == -1 else end for own, end in enumerate(ends)]
        pid = self._server.ask(request, streams)
        assert pid is not None
        self.pid = pid
        self._child_created = True
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]

    def _internal_poll(self, *_: Any, **__: Any) -> int | None:
        # Another thread may be waiting for it.
        if self.returncode is None and self._waitpid_lock.acquire(blocking=False):
            try:
                if self.returncode is None:
                    pid, status = self._try_wait(os.WNOHANG)
                    if pid:
                        self.returncode = os.waitstatus_to_exitcode(status)
            finally:
                self._waitpid_lock.release()
        return self.returncode

    def _try_wait(self, flags: int) -> tuple[int, int]:
        if not flags & os.WNOHANG:
            descriptor = os.pidfd_open(self.pid)
            try:
                select.select([descriptor], [], [])
            finally:
                os.close(descriptor)
        status = self._server.ask({"ended": self.pid, "keep": False})
        return (0, 0) if status is None else (self.pid, status)


def popen(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    dies_with_parent: bool = False,
    from_zero: bool = False,
    **options: Any,
) -> subprocess.Popen[Any]:
    """Start a command: a fork where that is the same, otherwise a process from zero.

    Args:
        command: Program and arguments.
        env: Its environment; the one of this process by default.
        dies_with_parent: End it with this process, even after a kill -9.
        from_zero: Never a fork: for tests of memory, imports and start-up.
        options: Further arguments of `Popen`.
    """
    environment = dict(os.environ if env is None else env)
    if not from_zero and _may_fork(command, environment, options):
        return Fork(command, env=environment, dies_with_parent=dies_with_parent, **options)
    before = ending_with_parent() if dies_with_parent else None
    return subprocess.Popen(command, env=environment, preexec_fn=before, **options)  # noqa: PLW1509


def run(
    command: Sequence[str],
    *,
    input: Any = None,  # noqa: A002  as `subprocess.run` calls it
    capture_output: bool = False,
    timeout: float | None = None,
    check: bool = False,
    **options: Any,
) -> subprocess.CompletedProcess[Any]:
    """Run a command as `subprocess.run` does; see `popen`."""
    if input is not None:
        options["stdin"] = subprocess.PIPE
    if capture_output:
        options |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with popen(command, **options) as process:
        try:
            out, err = process.communicate(input, timeout)
        except BaseException:
            process.kill()
            raise
    done = subprocess.CompletedProcess(command, process.returncode, out, err)
    if check:
        done.check_returncode()
    return done


def has_ended(process: subprocess.Popen[Any]) -> bool:
    """Return whether a process of `popen` has ended; it stays a zombie, so its id stays its own."""
    if process.returncode is not None:
        return True
    if isinstance(process, Fork):
        return process.ended()
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, process.pid, options) is not None


def _may_fork(
    command: Sequence[str], environment: Mapping[str, str], options: Mapping[str, Any]
) -> bool:
    python, option, module, role = [*map(str, command), "", "", "", ""][:4]
    return (
        sys.platform == "linux"
        and (python, option) == (sys.executable, "-m")
        and module in FORKED
        and role not in FROM_ZERO
        and options.keys() <= OPTIONS
        and _kept(environment) == _server().environment
    )


def _kept(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a fork must share with the server."""
    return {
        name: value for name, value in environment.items() if not name.startswith(OWN_VARIABLES)
    }
