"""The folder under test, and the embedded server with the configuration of `deploy/redis`."""

import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError
from redis.retry import Retry

from fanmill.local.server import find_binary

Serving = Callable[..., AbstractContextManager[int]]

_DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.fixture(scope="session")
def deploy() -> Path:
    """Folder `deploy`."""
    return _DEPLOY


@pytest.fixture(scope="session")
def serving() -> Serving:
    """Context manager that runs a server: `with serving(folder, *arguments) as port`."""
    return _serving


@contextmanager
def _serving(folder: Path, *arguments: str) -> Iterator[int]:
    """Run a server with `redis.conf`, its place and port overridden; yield its port."""
    port = _free_port()
    # `dir` is read at its place in the file, where there is no container's /data.
    text = (_DEPLOY / "redis" / "redis.conf").read_text(encoding="utf-8")
    assert "\ndir /data\n" in text
    config = folder / "redis.conf"
    config.write_text(text.replace("\ndir /data\n", f"\ndir {folder}\n"), encoding="utf-8")
    log_path = folder / "server.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [
                str(find_binary()),
                str(config),
                *("--port", str(port), "--bind", "127.0.0.1"),
                *arguments,
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        deadline = monotonic() + 20
        while not _answers(port):
            assert process.poll() is None, f"the server ended:\n{log_path.read_text()}"
            assert monotonic() < deadline, f"the server did not answer:\n{log_path.read_text()}"
            sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with Redis(port=port, socket_timeout=5.0, retry=Retry(NoBackoff(), 0)) as client:
        try:
            client.ping()
        except (AuthenticationError, NoPermissionError):
            return True
        except RedisError:
            return False
        return True
