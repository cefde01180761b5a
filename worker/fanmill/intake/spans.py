"""The spans of intake: an event's way from the ledger to the first queue, begun before admission.

The stages find the context of that span in the work of the entry. An event without a trace context
gets the one of this span, so that its processed event and its rejection name the trace.
"""

from collections.abc import Sequence
from dataclasses import replace

from pydantic_core import from_json, to_json

from fanmill.ports import Admission, BegunSpan, Facts, Rejection, Subject, Tracing


class IntakeSpans:
    """The spans of entries that are taken in together; empty while tracing is off."""

    def __init__(self, tracing: Tracing, delivery: int) -> None:
        self._tracing = tracing
        self._delivery = delivery
        self._began_ns = tracing.now_ns()
        self._spans: dict[str, BegunSpan] = {}

    def begin(self, judged: Sequence[Admission | Rejection]) -> list[Admission | Rejection]:
        """Begin a span for each entry; return what is judged, with the trace contexts."""
        if not self._tracing.enabled:
            return list(judged)
        return [self._begun(each) for each in judged]

    def _begun(self, judged: Admission | Rejection) -> Admission | Rejection:
        span = self._tracing.begin("intake", subject_of(judged), self._began_ns)
        self._spans[judged.entry_id] = span
        if isinstance(judged, Rejection):
            return replace(judged, traceparent=judged.traceparent or span.traceparent)
        if judged.traceparent is not None:
            return replace(judged, span=span.traceparent)
        members = {**from_json(judged.event_prefix), "traceparent": span.traceparent}
        return replace(
            judged,
            span=span.traceparent,
            traceparent=span.traceparent,
            event_prefix=to_json(members).decode(),
        )

    def end(self, entry_id: str, outcome: str, error: str = "") -> None:
        """End the span of an entry, if it has one."""
        span = self._spans.pop(entry_id, None)
        if span is not None:
            facts: Facts = {"outcome": outcome, "delivery": self._delivery}
            span.end(facts, error)


def subject_of(judged: Admission | Rejection, parent: str | None = None) -> Subject:
    """Return the document of a span; the ids of an invalid event are those that it claims.

    Args:
        judged: Admission or rejection of the entry.
        parent: Trace context of the parent; None for the one of the event.
    """
    return Subject(
        judged.entry_id,
        judged.document_id,
        judged.event_id,
        judged.source,
        parent or judged.traceparent,
    )
