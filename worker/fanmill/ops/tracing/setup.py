"""Providers of OpenTelemetry for one process, configured by the standard `OTEL_*` variables.

A process calls this after its last fork: exporters have threads, and no thread outlives a fork.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SimpleSpanProcessor,
)

import fanmill
from fanmill.ops.tracing.spans import OtelTracing, shut_down

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

DEFAULT_SERVICE: Final = "fanmill"
"""`service.name` without OTEL_SERVICE_NAME."""


def resource_of(role: str, namespace: str) -> Resource:
    """Return the description of this process; the variables of OpenTelemetry prevail."""
    own = Resource(
        {
            SERVICE_NAME: DEFAULT_SERVICE,
            "service.version": fanmill.__version__,
            "fanmill.role": role,
            "fanmill.namespace": namespace,
        }
    )
    given = Resource.create()
    if str(given.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
        return given.merge(own)
    return own.merge(given)


def tracer_provider(role: str, namespace: str) -> TracerProvider:
    """Return a provider with the exporter of OTEL_TRACES_EXPORTER: `otlp`, `console` or `none`."""
    provider = TracerProvider(resource=resource_of(role, namespace), shutdown_on_exit=False)
    processor = _processor(os.environ.get("OTEL_TRACES_EXPORTER", "").strip() or "otlp")
    if processor is not None:
        provider.add_span_processor(processor)
    return provider


def tracing(role: str, namespace: str, destination: str) -> OtelTracing:
    """Return the tracing of this process.

    Args:
        role: Role of the process, such as `intake`.
        namespace: Namespace of the service.
        destination: Name of the ledger.
    """
    return OtelTracing(tracer_provider(role, namespace), destination)


@contextmanager
def traced_publishers(namespace: str) -> Iterator[None]:
    """Let the publishers of this process make spans, and send these at the end."""
    provider = tracer_provider("publish", namespace)
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        shut_down(provider)


def _processor(exporter: str) -> SpanProcessor | None:
    if exporter == "none":
        return None
    if exporter == "console":
        return SimpleSpanProcessor(ConsoleSpanExporter())
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )

    return BatchSpanProcessor(OTLPSpanExporter())
