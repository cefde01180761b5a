"""The spans of a test, as a viewer of traces shows them."""

from dataclasses import dataclass
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PRODUCER = "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{PRODUCER}-01"


def id_of(span: ReadableSpan) -> str:
    """Return the id of a span."""
    return f"{span.get_span_context().span_id:016x}"


def trace_of(span: ReadableSpan) -> str:
    """Return the id of the trace of a span."""
    return f"{span.get_span_context().trace_id:032x}"


def parent_of(span: ReadableSpan) -> str | None:
    """Return the id of the parent of a span; None for the first of a trace."""
    return None if span.parent is None else f"{span.parent.span_id:016x}"


@dataclass(frozen=True)
class Spans:
    """The spans that ended."""

    exporter: InMemorySpanExporter

    def all(self) -> list[ReadableSpan]:
        """Return all spans, by the order of their ends."""
        return list(self.exporter.get_finished_spans())

    def of(self, document_id: str, name: str | None = None) -> list[ReadableSpan]:
        """Return the spans of a document, with one name if it is given."""
        return [
            span
            for span in self.all()
            if facts(span).get("fanmill.document.id") == document_id and name in {None, span.name}
        ]

    def one(self, document_id: str, name: str) -> ReadableSpan:
        """Return the only span of a document with a name."""
        (span,) = self.of(document_id, name)
        return span

    def tree(self, document_id: str) -> dict[str, list[str]]:
        """Return the names of the children of each span by its name; `?` is a foreign parent."""
        names = {id_of(span): span.name for span in self.all()}
        found: dict[str, list[str]] = {}
        for span in self.of(document_id):
            parent = parent_of(span)
            above = "" if parent is None else names.get(parent, "?")
            found.setdefault(above, []).append(span.name)
        return {name: sorted(children) for name, children in found.items()}


def facts(span: ReadableSpan) -> dict[str, Any]:
    """Return the attributes of a span."""
    return dict(span.attributes or {})
