"""The state of one document, event or entry, in words."""

from __future__ import annotations

from dataclasses import dataclass

from fanmill.ops.trace import Tracer
from fanmill.ops.trace_answer import Trace
from fanmill.screens.addresses import document_address
from fanmill.screens.forms import lasting
from fanmill.screens.reading import PartitionReader, Reader


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way that an entry took.

    Attributes:
        trace: The state.
        text: The state in a sentence.
        tone: `good`, `warn`, `bad`, or empty.
        document: Address of the document; empty if it has no record.
        rejection: Address of its rejection; empty if it has none.
    """

    trace: Trace
    text: str
    tone: str
    document: str
    rejection: str


def follow(reader: Reader, wanted: str) -> list[Step]:
    """Return the state of an id and, if it was replayed, of the entries that followed it."""
    best: list[Step] = []
    for partition in reader.partitions:
        trace = Tracer(partition.redis, partition.keys).trace(wanted)
        steps = _steps(partition, trace)
        if trace.state not in {"never seen", "forgotten"}:
            return steps
        if not best or trace.state == "forgotten":
            best = steps
    return best


def _steps(partition: PartitionReader, trace: Trace | None) -> list[Step]:
    found = []
    while trace is not None:
        found.append(_step(partition, trace))
        trace = trace.then
    return found


def _step(partition: PartitionReader, trace: Trace) -> Step:
    text, tone = _words(trace)
    complete = trace.state == "complete" and trace.document_id is not None
    return Step(
        trace, text, tone,
        document_address(trace.document_id) if complete and trace.document_id else "",
        f"rejections/{partition.number}/{trace.rejected_id}" if trace.rejected_id else "",
    )  # fmt: skip


def _words(trace: Trace) -> tuple[str, str]:  # noqa: PLR0911  a sentence for each state
    match trace.state:
        case "complete":
            return f"Completed: {trace.verdict or 'without verdict'}.", "good"
        case "waiting":
            about = "" if trace.exact else "about "
            soon = ""
            if trace.estimated_seconds is not None:
                soon = f", read in about {lasting(trace.estimated_seconds)}"
            return f"Waits at {about}{trace.position:,} of {trace.waiting:,}{soon}.", "warn"
        case "in flight":
            held = trace.in_flight
            where = f" in {held.stage}" if held and held.stage else ""
            return f"In flight{where}.", "warn"
        case "rejected":
            return f"Rejected: {trace.reason} in {trace.stage}: {trace.error}", "bad"
        case "replayed":
            return f"Rejected, and replayed as entry {trace.replayed_as}.", "warn"
        case "forgotten":
            return f"Forgotten: {trace.note or 'nothing is kept of it'}.", ""
        case _:
            return "Never seen here. Look whether its producer published it.", ""
