"""`examine` on addresses: nothing there, another protocol, TLS on one side only, TLS on both."""

import socket
from time import sleep

from redis import Redis

from fanmill.ops.doctor import outcome
from fanmill_contracts.connections import connect

from .conftest import free_port, tls_in_front
from .examining import examined, only_server, url_of


def test_no_listener():
    result = only_server(url_of(free_port()))
    assert "refuses connections" in result.seen
    assert "fanmill up" in result.advice


def test_an_unknown_host():
    result = only_server("redis://no-such-host.invalid:6379/0")
    assert "host 'no-such-host.invalid' is unknown" in result.seen
    assert "getent hosts no-such-host.invalid" in result.advice


def test_a_missing_unix_socket(tmp_path):
    result = only_server(f"unix://{tmp_path}/none.sock")
    assert "does not exist" in result.seen
    assert "unixsocket" in result.advice


def test_a_unix_socket(starting, tmp_path):
    with starting("--unixsocket", str(tmp_path / "valkey.sock")):
        results = examined(f"unix://{tmp_path}/valkey.sock")
    assert results["server"].level == "ok", results["server"]
    assert "processes" in results


def test_a_listener_that_never_answers(listening):
    with listening(lambda connection: connection.recv(1) and sleep(30)) as port:
        result = only_server(url_of(port))
    assert "does not answer" in result.seen
    assert "redis-cli -h 127.0.0.1" in result.advice


def test_a_listener_that_answers_a_byte_a_second(listening):
    """No time-out of a socket ends this: the limit of the whole examination does."""

    def drip(connection: socket.socket) -> None:
        connection.recv(64)
        connection.sendall(b"+PONG\r\n")
        for _ in range(60):
            connection.sendall(b"-")
            sleep(0.5)

    with listening(drip) as port:
        results = examined(url_of(port))
    assert outcome(results.values()) == "no-server"


def test_a_listener_that_closes(listening):
    with listening(socket.socket.close) as port:
        result = only_server(url_of(port))
    assert "closes the connection" in result.seen


def test_a_web_server(listening):
    def answer(connection: socket.socket) -> None:
        with connection:
            connection.recv(64)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with listening(answer) as port:
        for scheme in ("redis", "rediss"):
            result = only_server(url_of(port, scheme=scheme))
            assert "web server" in result.seen, scheme
            assert "FANMILL_REDIS_URL" in result.advice


def test_tls_asked_of_a_plain_port(server):
    result = only_server(url_of(server.port, scheme="rediss"))
    assert "answers without TLS" in result.seen
    assert "redis:// in place of rediss://" in result.advice


def test_no_tls_asked_of_a_tls_port(server, listening, certificate):
    with listening(tls_in_front(server.port, certificate)) as port:
        result = only_server(url_of(port))
    assert "speaks TLS" in result.seen
    assert "rediss:// in place of redis://" in result.advice


def test_a_certificate_of_an_unknown_authority(server, listening, certificate):
    with listening(tls_in_front(server.port, certificate)) as port:
        result = only_server(f"rediss://localhost:{port}/0")
    assert "certificate is refused" in result.seen
    assert "ssl_ca_certs" in result.advice


def test_a_certificate_for_another_name(server, listening, certificate):
    with listening(tls_in_front(server.port, certificate)) as port:
        result = only_server(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={certificate}")
    assert "certificate is refused" in result.seen
    assert "'127.0.0.1'" in result.advice


def test_a_trusted_certificate(server, listening, certificate, namespace):
    with listening(tls_in_front(server.port, certificate)) as port:
        results = examined(
            f"rediss://localhost:{port}/0?ssl_ca_certs={certificate}", namespace=namespace
        )
    assert results["server"].level == "ok", results["server"]
    assert "processes" in results


def test_a_fresh_tls_connection_is_never_taken_for_a_dirty_one(server, listening, certificate):
    """TLS 1.3 sends session tickets after the handshake, before any command."""
    with listening(tls_in_front(server.port, certificate)) as port:
        url = f"rediss://localhost:{port}/0?ssl_ca_certs={certificate}"
        for _ in range(30):
            with connect(url, retry_seconds=0) as client:
                assert client.ping()


def test_a_closed_tls_connection_is_noticed_and_replaced(server, listening, certificate):
    with (
        listening(tls_in_front(server.port, certificate)) as port,
        connect(f"rediss://localhost:{port}/0?ssl_ca_certs={certificate}", retry_seconds=5) as one,
        Redis(port=server.port) as admin,
    ):
        for _ in range(5):
            name = one.client_id()
            admin.client_kill_filter(_id=name)
            assert one.ping()
