"""The encoding of events on their way out, with the producer's trace context.

opentelemetry-api is no dependency. A program that has a current trace context has imported it,
hence it is looked for among the loaded modules. With its SDK, each event gets a span `publish`.
"""

import sys
from types import TracebackType
from typing import Any, Final, Self

from fanmill_contracts.codec import encode
from fanmill_contracts.events import DocumentIngested

_API: Final = "opentelemetry.trace"


class Sending:
    """The events of a round trip, from their encoding to the answer of the server.

    An event without `traceparent` gets the current trace context of the program, if it has one.
    The `with` statement ends the spans: an error counts for the events that were not accepted.

    Args:
        stream: Name of the ledger.
    """

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._spans: list[Any] = []
        self._accepted = 0

    def encoded(self, event: DocumentIngested) -> bytes:
        """Return an event as JSON.

        Raises:
            MalformedEvent, EventTooLarge: See `encode`.
        """
        span = self._begun(event)
        try:
            body = encode(event if span is None else _traced(event, span))
        except Exception as error:
            _end(span, error)
            raise
        self._spans.append(span)
        return body

    def _begun(self, event: DocumentIngested) -> Any:
        api: Any = sys.modules.get(_API)
        if api is None or event.traceparent is not None:
            return None
        return api.get_tracer("fanmill").start_span(
            "publish",
            kind=api.SpanKind.PRODUCER,
            attributes={
                "messaging.system": "redis",
                "messaging.destination.name": self._stream,
                "messaging.operation.name": "publish",
                "messaging.operation.type": "send",
                "messaging.message.id": event.id,
                "fanmill.document.id": event.data.document_id,
                "fanmill.source": event.source,
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sent = len(self._spans)
        if error is not None:
            # An error of a publisher counts the events of all round trips.
            sent = max(0, int(getattr(error, "accepted", 0)) - self._accepted)
        for at, span in enumerate(self._spans):
            _end(span, None if at < sent else error)
        self._accepted += len(self._spans)
        self._spans.clear()


def _traced(event: DocumentIngested, span: Any) -> DocumentIngested:
    context = span.get_span_context()
    if not context.is_valid:
        return event
    traceparent = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
    return event.model_copy(update={"traceparent": traceparent})


def _end(span: Any, error: BaseException | None) -> None:
    if span is None:
        return
    if error is not None:
        api: Any = sys.modules[_API]
        # Without its message, which may quote the event.
        span.set_attribute("error.type", type(error).__name__)
        span.set_status(api.Status(api.StatusCode.ERROR, type(error).__name__))
    span.end()
