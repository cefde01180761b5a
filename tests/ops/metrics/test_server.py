"""The HTTP server: paths, readiness, and the command that runs it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from fanmill.local.server import EmbeddedServer
from fanmill.ops.metrics.exporter import Exporter
from fanmill.ops.metrics.reading import Source
from fanmill.ops.metrics.server import MetricsServer
from fanmill.settings import Settings
from fork_server import popen
from ops.metrics.scrapes import OPENMETRICS, fetch
from polling import until


@contextmanager
def serving(
    exporter: Exporter, ping: object = lambda: True, host: str = "127.0.0.1"
) -> Iterator[str]:
    with MetricsServer(host, 0, exporter, ping) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.url.removesuffix("/metrics")
        server.shutdown()
        thread.join()


def get(url: str, method: str = "GET") -> tuple[int, bytes]:
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc, timeout=10)
    connection.request(method, address.path)
    answer = connection.getresponse()
    with closing(connection):
        return answer.status, answer.read()


def test_metrics_come_over_http_in_both_formats(exporter: Exporter) -> None:
    with serving(exporter) as url:
        assert fetch(f"{url}/metrics").value("fanmill_up") == 1
        found = fetch(f"{url}/metrics?x=1", OPENMETRICS)
        assert found.content_type.startswith("application/openmetrics-text")
        assert found.value("fanmill_up") == 1


def test_health_and_readiness(exporter: Exporter, source: Source) -> None:
    with serving(exporter, source.redis.ping) as url:
        assert get(f"{url}/healthz") == (200, b"ok\n")
        assert get(f"{url}/readyz") == (200, b"ok\n")
        assert get(f"{url}/metrics", "HEAD") == (200, b"")


def test_a_redis_that_is_away_makes_it_unready_and_not_unhealthy(exporter: Exporter) -> None:
    def ping() -> None:
        raise RedisConnectionError("connection refused")

    with serving(exporter, ping) as url:
        assert get(f"{url}/healthz")[0] == 200
        assert get(f"{url}/readyz") == (503, b"redis does not answer: connection refused\n")


@pytest.mark.parametrize("path", ["/x", "/metrics/x", "/%00", "/../etc/passwd"])
def test_an_unknown_path_is_not_found(exporter: Exporter, path: str) -> None:
    with serving(exporter) as url:
        status, body = get(f"{url}{path}")
    assert status == 404
    assert b"/metrics" in body


def test_a_connection_without_a_request_holds_up_no_other(exporter: Exporter) -> None:
    with serving(exporter) as url:
        port = int(url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)):
            assert get(f"{url}/healthz")[0] == 200


@contextmanager
def command(settings: Settings, *options: str) -> Iterator[subprocess.Popen[str]]:
    environment = {
        **os.environ,
        "FANMILL_REDIS_URL": settings.redis_url.get_secret_value(),
        "FANMILL_NAMESPACE": settings.namespace,
        "FANMILL_LOG_FORMAT": "json",
    }
    process = popen(
        [sys.executable, "-m", "fanmill", "metrics", *options],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_command_serves_until_sigterm(settings: Settings) -> None:
    with command(settings, "--port", "0") as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+/metrics", line)
        assert fetch(url).value("fanmill_up") == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_a_port_in_use_is_an_error_that_says_so(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with command(settings, "--port", str(port)) as process:
            _, error = process.communicate(timeout=60)
    assert process.returncode == 2
    assert f"cannot listen on '127.0.0.1', port {port}: Address already in use" in error
    assert "Traceback" not in error


def test_the_command_starts_without_redis_and_finds_it_later(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path, durable=False) as server:
        away = Settings(redis_url=server.url)
    with command(away, "--port", "0") as process:
        assert process.stderr is not None
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+/metrics", process.stderr.readline())
        assert fetch(url).value("fanmill_up") == 0
        port = int(away.redis_url.get_secret_value().rpartition(":")[2].partition("/")[0])
        assert get(url.replace("metrics", "readyz"))[0] == 503
        with EmbeddedServer(tmp_path, durable=False, port=port):
            until(lambda: fetch(url).value("fanmill_up") == 1, 20)
