"""Every form of a URL with real processes, and the ends of those that cannot work."""

import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from time import monotonic

import pytest
from redis import Redis
from redis.exceptions import RedisError

from fanmill.local.server import EmbeddedServer, find_binary
from fork_server import run
from tcp_proxy import TcpProxy

from .service import Service

pytestmark = pytest.mark.timeout(300)

PASSWORD = "a/b c@d"
ENCODED = "a%2Fb%20c%40d"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a self-signed certificate of 127.0.0.1, with its key in the same file."""
    openssl = which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = f"{openssl} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=fanmill"
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
         "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """Yield port and socket of a server with a password, users and 4 databases."""
    folder = tmp_path_factory.mktemp("server")
    with EmbeddedServer(folder / "any", durable=False) as free:
        port = free.port
    path = folder / "s"
    options = {
        "port": port, "unixsocket": path, "save": "", "dir": folder, "databases": 4,
        "requirepass": PASSWORD,
    }  # fmt: skip
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    with subprocess.Popen([find_binary(), *arguments], stdout=subprocess.DEVNULL) as process:
        with Redis(port=port, password=PASSWORD) as client:
            _until_answer(client)
            client.acl_setuser("mill", enabled=True, passwords=[f"+{PASSWORD}"], keys=["*"],
                               channels=["*"], categories=["+@all"])  # fmt: skip
        yield port, path
        process.terminate()


def _until_answer(client: Redis) -> None:
    deadline = monotonic() + 30
    while True:
        try:
            client.ping()
        except OSError:
            assert monotonic() < deadline
        except RedisError:
            assert monotonic() < deadline
        else:
            return


FORMS = (
    "redis://:{password}@localhost:{port}",
    "redis://mill:{password}@127.0.0.1:{port}/2?protocol=3&client_name=mill",
    "redis://127.0.0.1:{port}?db=1&username=mill&password={password}&protocol=2",
    "redis://:{password}@127.0.0.1:{port}/0?socket_timeout=20&health_check_interval=7"  # noqa: ISC004
    "&max_connections=9&socket_connect_timeout=3&socket_keepalive=yes",
    "unix://mill:{password}@{socket}?db=3&protocol=3&client_name=mill&socket_timeout=9",
    "rediss://:{password}@127.0.0.1:{tls}/0?ssl_cert_reqs=none&ssl_check_hostname=false",
    "rediss://mill:{password}@localhost:{tls}/2?ssl_ca_certs={ca}&ssl_cert_reqs=required",
)


@pytest.mark.parametrize("form", FORMS)
def test_intake_worker_and_status_accept_a_url(
    form: str, listening: tuple[int, Path], certificate: Path, tmp_path: Path
) -> None:
    port, path = listening
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with TcpProxy(port, tls=context) as tls:
        url = form.format(
            password=ENCODED,
            port=port,
            socket=path,
            tls=tls.port,
            ca=certificate.with_suffix(".crt"),
        )
        database = {"/1": 1, "=1": 1, "/2": 2, "=3": 3}
        number = next((db for mark, db in database.items() if _names(form, mark)), 0)
        with (
            Redis(port=port, password=PASSWORD, db=number) as redis,
            Service(url, tmp_path) as service,
        ):
            redis.flushall()
            service.await_ready(redis)
            service.publish(redis, range(5))
            service.await_completed(redis, 5, 60)
            status = _command(service, "status", "--json")
            assert status.returncode == 0, status.stderr
            assert '"completed":5' in status.stdout.replace(" ", "")
            assert PASSWORD not in service.logs()
            assert ENCODED not in service.logs()


def _names(form: str, mark: str) -> bool:
    place = form.partition("?")[0] if mark.startswith("/") else form
    return place.endswith(mark) if mark.startswith("/") else f"db{mark}" in form


def _command(service: Service, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(
        [sys.executable, "-m", "fanmill", *arguments],
        env=service.environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


REFUSED = (
    ("redis://:hunter/2@localhost:1/0", 2, "percent-encoded"),
    ("redis://localhost:99999", 2, "99999"),
    ("redis://localhost/zero", 2, "database"),
    ("redis://localhost?colour=red", 2, "unknown option 'colour'"),
    ("redis://localhost?socket_timeout=long", 2, "socket_timeout"),
    ("redis://localhost?ssl_cert_reqs=none", 2, "rediss://"),
    ("http://localhost", 2, "redis://"),
    ("unix://hunter2", 2, "unix:///PATH"),
    ("redis://:hunter2@127.0.0.1:{port}/0", 3, "password"),
    ("redis://127.0.0.1:{port}/0", 3, "password"),
    ("redis://nobody:hunter2@127.0.0.1:{port}/0", 3, "password"),
    ("rediss://127.0.0.1:{port}/0", 3, "TLS"),
)
"""URLs, exit codes and a part of the message."""


@pytest.mark.parametrize(
    ("role", "refused"),
    [("status", each) for each in REFUSED]
    # All roles read their settings in one place; one URL for each way to fail tells.
    + [(role, REFUSED[number]) for role in ("intake", "worker") for number in (3, 8, 11)],
)
def test_a_url_that_cannot_work_ends_a_process_with_a_sentence(
    role: str, refused: tuple[str, int, str], listening: tuple[int, Path], tmp_path: Path
) -> None:
    url, code, message = refused
    shown = url.format(port=listening[0])
    with Service(shown, tmp_path, roles=()) as service:
        done = _command(service, role)
    assert done.returncode == code, done.stderr
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert "hunter" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 4


def test_processes_end_when_their_password_is_changed(
    listening: tuple[int, Path], tmp_path: Path
) -> None:
    url = f"redis://mill:{ENCODED}@127.0.0.1:{listening[0]}/0"
    with (
        Redis(port=listening[0], password=PASSWORD) as redis,
        Service(url, tmp_path) as service,
    ):
        redis.flushall()
        service.await_ready(redis)
        passwords = [f"-{PASSWORD}", "+another"]
        redis.acl_setuser("mill", enabled=True, passwords=passwords)
        redis.client_kill_filter(user="mill", skipme=True)
        try:
            service.until(lambda: not service.alive(), 30)
            ends = {role: process.wait(30) for role, process in service.processes.items()}
        finally:
            redis.acl_setuser("mill", enabled=True, passwords=[f"+{PASSWORD}"])
        assert ends == {"intake": 3, "worker": 3}
        assert "refuses" in service.log("intake")
        assert "refuses" in service.log("worker")
