"""Tracing: the spans of documents, as intake and the steps report them.

A span is a named time of a document in a trace (https://www.w3.org/TR/trace-context/). The parent
of a document's first span is the `traceparent` of its event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from fanmill_contracts.terms import Stage

SpanName = Stage | Literal["intake", "redeliver", "reject", "commit"]
"""Names of spans: `intake` from read to dispatch, `redeliver` for a further delivery, `reject` for
a document that intake gives up, `commit` for the last part of a stage."""

Facts = Mapping[str, str | int]
"""Facts on a span by name, such as `outcome`, `attempt` and `reason`; never a text."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The document of a span; ids that are not known are None."""

    entry_id: str
    document_id: str | None = None
    event_id: str | None = None
    source: str | None = None
    parent: str | None = None
    """Trace context of the parent; None, or an invalid one, begins a trace."""


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """A span that has ended."""

    name: SpanName
    subject: Subject
    began_ns: int
    ended_ns: int
    facts: Facts = field(default_factory=dict)
    error: str = ""
    """Reason of a failure; empty for none."""
    children: tuple[SpanRecord, ...] = ()
    """Spans whose parent this one is, whatever their subjects say."""


class BegunSpan(Protocol):
    """A span that has begun."""

    @property
    def traceparent(self) -> str:
        """Trace context for its children."""

    def end(self, facts: Facts, error: str = "") -> None:
        """End the span now."""


class Tracing(Protocol):
    """Receiver of spans."""

    @property
    def enabled(self) -> bool:
        """Whether spans are kept; callers need not make any otherwise."""

    def now_ns(self) -> int:
        """Return nanoseconds since 1970."""

    def begin(self, name: SpanName, subject: Subject, began_ns: int) -> BegunSpan:
        """Begin a span whose context others need before it ends."""

    def record(self, spans: Iterable[SpanRecord]) -> None:
        """Keep spans that have ended."""

    def close(self) -> None:
        """Send what was kept, within a few seconds; nothing is kept afterwards."""


class _NoSpan:
    traceparent = ""

    def end(self, facts: Facts, error: str = "") -> None:
        """Keep nothing."""


class NoTracing:
    """Tracing of a service without traces."""

    enabled = False

    def now_ns(self) -> int:
        """Return 0: nobody uses the time."""
        return 0

    def begin(self, name: SpanName, subject: Subject, began_ns: int) -> BegunSpan:
        """Return a span that keeps nothing."""
        del name, subject, began_ns
        return _NoSpan()

    def record(self, spans: Iterable[SpanRecord]) -> None:
        """Keep nothing."""

    def close(self) -> None:
        """Send nothing."""
