"""`fanmill.ports.Tracing` on the SDK of OpenTelemetry.

Names follow the semantic conventions for messaging as far as they fit. Those have the status
Development: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/. Facts of
fanmill itself have the prefix `fanmill.`. No attribute holds any part of a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Thread
from time import time_ns
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from fanmill.core.trace_context import trace_id
from fanmill.ports import Facts, SpanRecord, Subject
from fanmill.ports.tracing import SpanName

FLUSH_SECONDS: Final = 5.0
"""Maximum wait for the last spans at the end of a process."""

_PROPAGATOR: Final = TraceContextTextMapPropagator()

_KINDS: Final[Mapping[SpanName, SpanKind]] = {
    "intake": SpanKind.CONSUMER,
    "deduplicate": SpanKind.CONSUMER,
    "summarize": SpanKind.CONSUMER,
    "tag": SpanKind.CONSUMER,
    "redeliver": SpanKind.INTERNAL,
    "reject": SpanKind.INTERNAL,
    "commit": SpanKind.INTERNAL,
}

_OPERATIONS: Final[Mapping[SpanName, str]] = {
    "intake": "receive",
    "deduplicate": "process",
    "summarize": "process",
    "tag": "process",
}
"""`messaging.operation.type` of the spans that are operations of messaging."""


class OtelSpan:
    """A span that has begun."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self.traceparent = traceparent_of(span)

    def end(self, facts: Facts, error: str = "") -> None:
        """End the span now."""
        _finish(self._span, facts, error, time_ns())


class OtelTracing:
    """Tracing with a provider of the SDK.

    Args:
        provider: The provider; `close` shuts it down.
        destination: Name of the ledger, for `messaging.destination.name`.
    """

    enabled = True

    def __init__(self, provider: TracerProvider, destination: str) -> None:
        self._provider = provider
        self._destination = destination
        self._tracer = provider.get_tracer("fanmill")

    def now_ns(self) -> int:
        """Return nanoseconds since 1970."""
        return time_ns()

    def begin(self, name: SpanName, subject: Subject, began_ns: int) -> OtelSpan:
        """Begin a span whose context others need before it ends."""
        return OtelSpan(self._started(name, subject, began_ns, context_of(subject.parent)))

    def record(self, spans: Iterable[SpanRecord]) -> None:
        """Keep spans that have ended."""
        for span in spans:
            self._record(span, context_of(span.subject.parent))

    def close(self) -> None:
        """Send what was kept, within `FLUSH_SECONDS`."""
        shut_down(self._provider)

    def _record(self, record: SpanRecord, context: Context) -> None:
        span = self._started(record.name, record.subject, record.began_ns, context)
        inside = trace.set_span_in_context(span, context)
        for child in record.children:
            self._record(child, inside)
        _finish(span, record.facts, record.error, record.ended_ns)

    def _started(self, name: SpanName, subject: Subject, began_ns: int, context: Context) -> Span:
        return self._tracer.start_span(
            name,
            context,
            _KINDS[name],
            self._attributes(name, subject),
            start_time=began_ns,
        )

    def _attributes(self, name: SpanName, subject: Subject) -> dict[str, str]:
        attributes = {
            "fanmill.entry.id": subject.entry_id,
            "fanmill.document.id": subject.document_id,
            "fanmill.source": subject.source,
        }
        if name in _OPERATIONS:
            attributes |= {
                "messaging.system": "redis",
                "messaging.destination.name": self._destination,
                "messaging.operation.name": name,
                "messaging.operation.type": _OPERATIONS[name],
                "messaging.message.id": subject.event_id,
            }
        return {key: value for key, value in attributes.items() if value is not None}


def context_of(traceparent: str | None) -> Context:
    """Return the context of a parent; an empty one, which begins a trace, without a valid one."""
    if trace_id(traceparent) is None:
        return Context()
    return _PROPAGATOR.extract({"traceparent": traceparent or ""}, Context())


def traceparent_of(span: Span) -> str:
    """Return the trace context for the children of a span."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span, Context()))
    return carrier["traceparent"]


def shut_down(provider: TracerProvider) -> None:
    """Send what a provider kept; a silent collector is given up after `FLUSH_SECONDS`."""
    # The provider itself would wait for up to 30 s.
    thread = Thread(target=provider.shutdown, name="otel-shutdown", daemon=True)
    thread.start()
    thread.join(FLUSH_SECONDS)


def _finish(span: Span, facts: Facts, error: str, ended_ns: int) -> None:
    if span.is_recording():
        for key, value in facts.items():
            span.set_attribute(f"fanmill.{key}", value)
        if error:
            # The message of an error may quote the document.
            span.set_attribute("error.type", error)
            span.set_status(Status(StatusCode.ERROR, error))
    span.end(ended_ns)
