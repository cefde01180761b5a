"""The HTTP server of `fanmill metrics`: `/metrics`, `/healthz` and `/readyz`."""

from __future__ import annotations

import socket
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from redis.exceptions import RedisError

from fanmill.ops.metrics.exporter import Exposition

DEFAULT_PORT: Final = 9620
"""Port of `fanmill metrics`."""

_TEXT: Final = "text/plain; charset=utf-8"
_INDEX: Final = b"fanmill metrics: /metrics, /healthz, /readyz\n"


class MetricsServer(ThreadingHTTPServer):
    """Answers scrapes and health checks; `serve_forever` runs it.

    Args:
        host: Address to listen on; `::` and `::1` are IPv6.
        port: Port to listen on; 0 for any free one.
        exporter: Makes the text of a scrape.
        ping: Returns when Redis answers; raises a `RedisError` otherwise.

    Raises:
        OSError: The address cannot be used.
    """

    daemon_threads = True

    def __init__(
        self, host: str, port: int, exporter: Exposition, ping: Callable[[], object]
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.exporter = exporter
        self.ping = ping
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        """The URL of `/metrics`."""
        host, port = self.server_address[:2]
        shown = f"[{host!s}]" if self.address_family == socket.AF_INET6 else str(host)
        return f"http://{shown}:{port}/metrics"


class _Handler(BaseHTTPRequestHandler):
    server: MetricsServer

    timeout = 10.0
    """Silence after which a connection is closed."""

    server_version = "fanmill"
    sys_version = ""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/metrics":
            body, content_type = self.server.exporter.expose(self.headers.get("Accept", ""))
            self._answer(HTTPStatus.OK, body, content_type)
        elif path == "/healthz":
            self._answer(HTTPStatus.OK, b"ok\n")
        elif path == "/readyz":
            self._answer(*self._readiness())
        elif path == "/":
            self._answer(HTTPStatus.OK, _INDEX)
        else:
            self._answer(HTTPStatus.NOT_FOUND, b"unknown path; " + _INDEX)

    do_HEAD = do_GET  # noqa: N815  the name is http.server's

    def _readiness(self) -> tuple[HTTPStatus, bytes]:
        try:
            self.server.ping()
        except RedisError as error:
            reason = " ".join(str(error).split())
            return HTTPStatus.SERVICE_UNAVAILABLE, f"redis does not answer: {reason}\n".encode()
        return HTTPStatus.OK, b"ok\n"

    def _answer(self, status: HTTPStatus, body: bytes, content_type: str = _TEXT) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  http.server's
        """Write nothing: a scrape every few seconds is no event."""
