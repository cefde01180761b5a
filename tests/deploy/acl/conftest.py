"""A server with the users of `deploy/redis/users.acl`, each with a password like its name."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, chdir, contextmanager
from hashlib import sha256
from json import loads
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from cli_runner import CliRunner
from fanmill.cli.app import app
from fanmill_contracts import DocumentIngested
from fork_server import popen

DEADLINE_SECONDS = 60.0


class Users:
    """The server, seen by each of its users."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder

    def url(self, name: str) -> str:
        return f"redis://{name}:{name}-password@{self.address}/0"

    def client(self, name: str) -> Redis:
        return Redis.from_url(self.url(name))

    def denials(self) -> list[tuple[str, str, str]]:
        """Return who was denied what, from the server's own log."""
        with self.client("inspector") as redis:
            log: Any = redis.acl_log()
        return [(entry["username"], entry["reason"], entry["object"]) for entry in log]

    def environment(self, name: str) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if "FANMILL_" not in key}
        ours = {"FANMILL_REDIS_URL": self.url(name), "FANMILL_WORKER_CONCURRENCY": "1"}
        return {**inherited, **ours}

    def fanmill(self, name: str, *arguments: str) -> list[Any]:
        """Run a command as a user, assert that it succeeds; return its lines of JSON."""
        code, out, err = self.run(name, *arguments)
        assert code == 0, f"fanmill {' '.join(arguments)} as {name}: {code}\n{out}{err}"
        return [loads(line) for line in out.splitlines()] if "--json" in arguments else []

    def run(self, name: str, *arguments: str) -> tuple[int, str, str]:
        """Run a command as a user; in this process, for starting Python takes longer."""
        runner = CliRunner(env={**dict.fromkeys(os.environ), **self.environment(name)})
        with chdir(self.folder):
            done = runner.invoke(app, list(arguments), prog_name="fanmill")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    @contextmanager
    def process(self, name: str, role: str) -> Iterator[None]:
        """Run an intake, a worker or a sink while the block does."""
        with (self.folder / f"{role}.log").open("wb") as log:
            process = popen(
                [sys.executable, "-m", "fanmill", role],
                env={
                    **self.environment(name),
                    "FANMILL_STORE_URL": f"sqlite:///{self.folder}/r.sqlite",
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(DEADLINE_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture(scope="module")
def _server(
    tmp_path_factory: pytest.TempPathFactory,
    deploy: Path,
    serving: Callable[..., AbstractContextManager[int]],
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("acl")
    users = (deploy / "redis" / "users.acl").read_text(encoding="utf-8")
    for name in names(deploy):
        digest = sha256(f"{name}-password".encode()).hexdigest()
        users = re.sub(rf"^(user {name} on )#\S+", rf"\1#{digest}", users, flags=re.MULTILINE)
    # A further user lets the tests look from outside.
    users += "user inspector on >inspector-password ~* &* +@all\n"
    (folder / "users.acl").write_text(users, encoding="utf-8")
    with serving(folder, "--aclfile", str(folder / "users.acl")) as port:
        yield f"127.0.0.1:{port}"


@pytest.fixture
def users(_server: str, tmp_path: Path) -> Iterator[Users]:
    """The users of an empty server; a test that leaves a denial in its log fails by asking."""
    users = Users(_server, tmp_path)
    with users.client("inspector") as redis:
        redis.flushall()
        redis.acl_log_reset()
    return users


def names(deploy: Path) -> list[str]:
    """Return the names of the users in the file that have a password."""
    text = (deploy / "redis" / "users.acl").read_text(encoding="utf-8")
    return re.findall(r"^user (\S+) on #", text, flags=re.MULTILINE)


def event(document_id: str = "a", text: str = "Barley and oats.") -> DocumentIngested:
    return DocumentIngested.create(document_id, text, source="/test")
