"""The whereabouts of an id in words, and the steps of a document on its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from fanmill.core.entry_ids import is_entry_id, order_of
from fanmill.core.filters.record_values import milliseconds
from fanmill.ops.trace import Tracer
from fanmill.ops.trace_answer import Trace
from fanmill.ports import STAGES
from fanmill.screens.addresses import address
from fanmill.screens.forms import lasting
from fanmill.screens.reading import Reader
from fanmill.screens.records import Record, partitions_for

StepState = Literal["done", "now", "next", "left out", "failed"]


_VERDICTS: Final = {
    "unique": "and no earlier document is like it",
    "near": "a near duplicate of an earlier document",
    "exact": "an exact duplicate of an earlier document",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a document.

    Attributes:
        name: Its name.
        state: Whether it is over.
        at_ms: Its time in ms since 1970; None if no time was kept.
        detail: Its known facts.
        link: Address of more.
    """

    name: str
    state: StepState
    at_ms: int | None = None
    detail: str = ""
    link: str = ""


def trace(reader: Reader, wanted: str) -> tuple[int, Trace]:
    """Return the trace of the first partition that knows an id, and its number."""
    answers = []
    for partition in partitions_for(reader, wanted):
        found = Tracer(partition.redis, partition.keys).trace(wanted)
        if found.state != "never seen":
            return partition.number, found
        answers.append((partition.number, found))
    return answers[0]


def in_words(found: Trace) -> str:  # noqa: PLR0911  a sentence for each state
    """Return the state of a trace as a sentence."""
    match found.state:
        case "waiting":
            about = "" if found.exact else "about "
            soon = found.estimated_seconds
            when = "" if soon is None else f"; it is read in about {lasting(soon)}"
            place = f"{about}{found.position:,} of {found.waiting:,}"
            return f"It waits in the ledger at position {place}{when}."
        case "in flight":
            return f"It is in flight: {held(found)}."
        case "complete":
            return f"It is complete, {_VERDICTS.get(found.verdict or '', 'without a verdict')}."
        case "rejected":
            return f"It was rejected in {found.stage}: {found.reason}."
        case "replayed":
            then = "" if found.then is None else f" {in_words(found.then)}"
            return f"Its event was replayed as {found.replayed_as}.{then}"
        case "forgotten":
            return f"It is forgotten: {found.note or 'nothing is kept of it'}."
        case _:
            searched = "All" if found.searched_all else f"The first and last of {found.scanned:,}"
            return f"fanmill has never seen this id. {searched} waiting events were searched."


def held(found: Trace) -> str:
    """Return who has an event in work."""
    each = found.in_flight
    if each is None:
        return ""
    if each.attempt == 0 or each.since_ms is None:
        return f"waits for a worker of {each.stage} for {lasting(each.idle_seconds)}"
    by = f" by {each.worker}" if each.worker else ""
    return f"{each.stage}, attempt {each.attempt}{by}"


def advice(found: Trace) -> str:
    """Return what a person can do about a state."""
    match found.state:
        case "never seen":
            return (
                "Was it published to this server and namespace? fanmill publish FILE tells new "
                "events from repeated ones. To search all waiting events: "
                f"fanmill trace {found.id} --whole."
            )
        case "rejected":
            return "Look at the error, then replay or drop it."
        case "forgotten":
            return "To bring the document back, publish its event with --anew."
        case "waiting" | "in flight" if found.pauses:
            return f"Paused: {', '.join(found.pauses)}. Resume it on the screen of the ledger."
        case _:
            return ""


def rejection_address(rejected_id: str, partition: int) -> str:
    """Return the address of a rejection."""
    return address(f"rejections/{partition}", rejected_id)


def record_steps(record: Record) -> list[Step]:
    """Return the steps of a completed document with what its record tells."""
    judged = record["deduplication"]
    completed = milliseconds(record["completed_at"])
    received = record.get("received_at")
    received_ms = None if received is None else milliseconds(received)
    event = record["event"]
    took = (
        ""
        if received_ms is None
        else f"{lasting((completed - received_ms) / 1000)} after it was received"
    )
    return [
        Step("received", "done", received_ms, f"event {event['id']} of {event['source']}"),
        Step("admitted", "done"),
        Step("deduplicate", "done", None, judged["verdict"]),
        _stage("summarize", record.get("summary"), record),
        _stage("tag", record.get("tagging"), record),
        Step("completed", "done", completed, took),
    ]


def _stage(name: str, result: object, record: Record) -> Step:
    problems = sum(each["stage"] == name for each in record.get("problems") or ())
    if result is None:
        return Step(name, "left out", None, "left out for duplicates (FANMILL_ON_DUPLICATE)")
    if problems:
        return Step(name, "failed", None, f"{problems:,} of its plugins failed; see problems")
    return Step(name, "done")


def open_steps(found: Trace, partition: int) -> list[Step]:
    """Return the steps of an event that has no record yet, from its trace in a partition."""
    entry = found.entry_id
    at_ms = order_of(entry)[0] if entry and is_entry_id(entry) else None
    received = Step(
        "received", "done", at_ms, f"entry {entry}" if entry else "",
        address("trace", entry) if entry else "",
    )  # fmt: skip
    if found.state == "waiting":
        waits = Step("admitted", "next", None, in_words(found))
        return [
            received,
            waits,
            *(Step(each, "next") for each in STAGES),
            Step("completed", "next"),
        ]
    if found.state == "rejected":
        assert found.rejected_id is not None  # noqa: S101
        rejected_ms = order_of(found.rejected_id)[0] if is_entry_id(found.rejected_id) else None
        why = f"{found.reason} in {found.stage}: {found.error}"
        link = rejection_address(found.rejected_id, partition)
        return [received, Step("rejected", "failed", rejected_ms, why, link)]
    if found.state == "replayed":
        replayed = found.replayed_as or ""
        return [
            received,
            Step("replayed", "done", None, f"as {replayed}", address("trace", replayed)),
            *(open_steps(found.then, partition) if found.then is not None else ()),
        ]
    work = found.in_flight
    if work is None:
        return []
    missing = work.stage.split(", ")
    if missing == ["intake"]:
        admitted = Step("admitted", "now", None, held(found))
        return [
            received,
            admitted,
            *(Step(each, "next") for each in STAGES),
            Step("completed", "next"),
        ]
    other: StepState = "next" if "deduplicate" in missing else "done"
    return [
        received,
        Step("admitted", "done"),
        *(
            Step(each, "now", work.since_ms, held(found)) if each in missing else Step(each, other)
            for each in STAGES
        ),
        Step("completed", "next"),
    ]


def not_there(wanted: str, found: Trace) -> str:
    """Return that nothing is known of an id, and what to do."""
    shown = wanted if len(wanted) <= 100 else f"{wanted[:99]}…"  # noqa: PLR2004
    return f"{shown!r}: {in_words(found)} {advice(found)}"
