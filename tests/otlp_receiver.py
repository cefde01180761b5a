"""A receiver of OTLP over HTTP, as a collector of OpenTelemetry is one."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector(ThreadingHTTPServer):
    """Keeps what processes send."""

    daemon_threads = True

    def __init__(self) -> None:
        self.spans: list[tuple[dict[str, str], Any]] = []
        """Attributes of the process, and a span."""
        self.metrics: list[Any] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that send traces and metrics here."""
        return {
            "FANMILL_OTEL_ENABLED": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.server_address[1]}",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
            "OTEL_METRIC_EXPORT_INTERVAL": "200",
        }


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if self.path == "/v1/traces":
            for sent in ExportTraceServiceRequest.FromString(body).resource_spans:
                process = {each.key: each.value.string_value for each in sent.resource.attributes}
                self.server.spans += [
                    (process, span) for scope in sent.scope_spans for span in scope.spans
                ]
        elif self.path == "/v1/metrics":
            for sent in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                self.server.metrics += [
                    metric for scope in sent.scope_metrics for metric in scope.metrics
                ]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Write nothing."""


@contextmanager
def collector() -> Iterator[Collector]:
    """Run a collector on loopback."""
    with Collector() as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()
