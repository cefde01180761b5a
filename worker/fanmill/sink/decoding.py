"""Outcomes of the outbox, decoded for a store. Pure.

Each record is decoded once, to plain values. The commit wrote it from checked members, so a full
validation would cost three times as much and find nothing; entries of other programs are caught
by their shape.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from fanmill.ports.erasing import Erasure
from fanmill.ports.outbox import OutboxEntry, OutboxStream
from fanmill.ports.store import CompletedEntry, Outcome, RejectedOutcome
from fanmill_contracts import DocumentRejected
from fanmill_contracts.events import DocumentProcessed

_DATA: Final = b',"data":'
_TYPE: Final = DocumentProcessed.model_fields["type"].default
_MAX_ERROR: Final = 300
_ERASURE: Final = b'{"type":"fanmill.erasure.v1",'
_ERASURES: Final[TypeAdapter[Erasure]] = TypeAdapter(Erasure)

_TEXTS: Final = ("document_id", "text_sha256", "completed_at")
"""Members of a record that are strings in every record."""


class Unreadable(Exception):
    """An entry of the outbox holds no outcome; the text says why, without texts of documents."""


def erasure_of(entry: OutboxEntry) -> Erasure | None:
    """Return the erasure of which an entry tells the sinks; None for an outcome.

    Raises:
        Unreadable: The entry is a damaged one.
    """
    if entry.stream != OutboxStream.LATE or entry.rejected_id or entry.event is None:
        return None
    if not entry.event.startswith(_ERASURE):
        return None
    try:
        return _ERASURES.validate_json(entry.event)
    except ValidationError as error:
        raise Unreadable(f"not an erasure: {error.error_count()} faults") from None


def outcome_of(entry: OutboxEntry) -> Outcome:
    """Return the outcome of an entry, without a fingerprint.

    Raises:
        Unreadable: The entry holds no event, or another one.
    """
    if entry.event is None:
        raise Unreadable("the entry has no field `event`")
    if entry.rejected_id:
        return _rejected(entry.rejected_id, entry.event)
    return _completed(entry.event)


def _rejected(rejected_id: str, event: bytes) -> RejectedOutcome:
    try:
        return RejectedOutcome(rejected_id, DocumentRejected.model_validate_json(event))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors(include_input=False, include_context=False, include_url=False)
        )
        raise Unreadable(f"not a rejected event: {faults}"[:_MAX_ERROR]) from None


def _completed(body: bytes) -> CompletedEntry:
    try:
        event = from_json(body)
    except ValueError as error:
        raise Unreadable(f"not JSON: {error}"[:_MAX_ERROR]) from None
    if not isinstance(event, dict) or event.get("type") != _TYPE:
        raise Unreadable(f"not an event of the type {_TYPE}")
    entry_id, record = event.get("id"), event.get("data")
    if not isinstance(entry_id, str) or not entry_id:
        raise Unreadable("id: not a string")
    if not isinstance(record, dict):
        raise Unreadable("data: not an object")
    _check_record(record)
    return CompletedEntry(entry_id, _record_json(event, body), record)


def _check_record(record: dict[str, Any]) -> None:
    for name in _TEXTS:
        if not isinstance(record.get(name), str) or not record[name]:
            raise Unreadable(f"data.{name}: not a string")
    if not isinstance(record.get("revision"), int) or isinstance(record["revision"], bool):
        raise Unreadable("data.revision: not a whole number")
    event, verdict = record.get("event"), record.get("deduplication")
    if not isinstance(event, dict) or not isinstance(event.get("source"), str):
        raise Unreadable("data.event.source: not a string")
    if not isinstance(verdict, dict) or not isinstance(verdict.get("verdict"), str):
        raise Unreadable("data.deduplication.verdict: not a string")


def _record_json(event: dict[str, Any], body: bytes) -> bytes:
    """Return the JSON of the record: cut out of the event where it is the last member.

    The members before it are flat, as the commit writes them, so the first such name is it: in a
    string the quotation marks would be escaped.
    """
    *others, last = event
    at = body.find(_DATA)
    flat = all(isinstance(event[name], str) for name in others)
    if last == "data" and flat and at >= 0 and body.endswith(b"}}"):
        return body[at + len(_DATA) : -1].strip()
    return to_json(event["data"])
