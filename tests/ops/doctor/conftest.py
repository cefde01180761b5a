"""Servers in the states the checks tell apart, and listeners that are no server."""

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from shutil import which
from threading import Thread
from time import monotonic, sleep

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, BusyLoadingError, RedisError
from redis.retry import Retry

from fanmill.local.server import find_binary

Starting = Callable[..., AbstractContextManager[int]]
Listening = Callable[[Callable[[socket.socket], None]], AbstractContextManager[int]]


@pytest.fixture
def starting(tmp_path: Path) -> Starting:
    """Starts a server of its own: `with starting("--requirepass", "x") as port`."""

    @contextmanager
    def start(*arguments: str, ready: bool = True) -> Iterator[int]:
        port = free_port()
        base = ("--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path), "--save", "")
        with (tmp_path / "server.log").open("ab") as log:
            process = subprocess.Popen(
                [str(find_binary()), *base, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            deadline = monotonic() + 20
            while not _answers(port, ready):
                assert process.poll() is None, (tmp_path / "server.log").read_text()
                assert monotonic() < deadline, "the server does not answer"
                sleep(0.02)
            yield port
        finally:
            process.kill()
            process.wait(30)

    return start


@pytest.fixture
def listening() -> Listening:
    """Listens on a port and hands each connection to a function: no Redis server."""

    @contextmanager
    def listen(serve: Callable[[socket.socket], None]) -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            Thread(target=_accept, args=(listener, serve), daemon=True).start()
            yield listener.getsockname()[1]

    return listen


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """File with a key and a self-signed certificate for the name `localhost`."""
    program = which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *(program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")),
        ],
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "certificate.pem").read_text())
    return both


def tls_in_front(port: int, certificate: Path) -> Callable[[socket.socket], None]:
    """Return a server of TLS that hands what it reads to a plain port, and back."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(connection: socket.socket) -> None:
        with (
            suppress(OSError),
            context.wrap_socket(connection, server_side=True) as outer,
            socket.create_connection(("127.0.0.1", port)) as inner,
        ):
            Thread(target=_copy, args=(inner, outer), daemon=True).start()
            _copy(outer, inner)

    return serve


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError, ValueError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError, ValueError):
        target.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, serve: Callable[[socket.socket], None]) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            Thread(target=_serve, args=(connection, serve), daemon=True).start()


def _serve(connection: socket.socket, serve: Callable[[socket.socket], None]) -> None:
    with connection, suppress(OSError):
        serve(connection)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int, ready: bool) -> bool:
    with Redis(port=port, socket_timeout=5.0, retry=Retry(NoBackoff(), 0)) as client:
        try:
            client.ping()
        except AuthenticationError:
            return True
        except BusyLoadingError:
            return not ready
        except RedisError:
            return False
        return True
