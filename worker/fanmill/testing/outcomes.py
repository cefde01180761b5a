"""The two ends of an entry in memory: a record or a rejection."""

from typing import Any

from pydantic_core import from_json, to_json

from fanmill.core.entry_ids import order_of, received_at, rfc3339
from fanmill.ports import (
    MAX_WHOLE_INVALID,
    ORIGINAL_BEGINNING_BYTES,
    STAGES,
    RejectedEntry,
    Rejection,
    StageResult,
)
from fanmill.stores.event_field import event_field
from fanmill.stores.rejection_event import rejection_objects
from fanmill.testing.failure_groups import enter_group
from fanmill.testing.server import Document, MemoryServer, Work
from fanmill_contracts import DocumentProcessed, DocumentRejected, DocumentResult, limits


def received(server: MemoryServer, entry_id: str) -> str:
    """Return the time of an entry as JSON: null if its id is later than the server's clock."""
    time = received_at(entry_id, int(server.now() * 1000))
    return "null" if time is None else f'"{time}"'


def complete(server: MemoryServer, result: StageResult, work: Work) -> None:
    """Announce and keep the record of an entry whose last stage result has come."""
    now = server.now()
    time = rfc3339(int(now * 1000))
    in_order = [work.results[stage] for stage in STAGES if stage in work.results]
    record: dict[str, Any] = from_json(work.record_prefix)
    record |= {"revision": work.revision, "completed_at": time}
    for done in in_order:
        record |= from_json(done.members)
    record["problems"] = [each for done in in_order for each in from_json(done.problems)]
    event: dict[str, Any] = from_json(work.event_prefix)
    event |= {"time": time, "data": record}
    server.processed.append(DocumentProcessed.model_validate_json(to_json(event)))
    # Forgotten while its event was in flight: this is all there is.
    document = server.documents.setdefault(
        result.document_id, Document(result.entry_id, revisions=work.revision)
    )
    if document.entry is None or order_of(document.entry) < order_of(result.entry_id):
        document.entry = result.entry_id
        document.record = DocumentResult.model_validate_json(to_json(record))
        document.fingerprint = b"".join(done.fingerprint for done in in_order)
        server.completions.pop(result.document_id, None)
        server.completions[result.document_id] = now
    if document.newest == result.entry_id:
        document.state, document.rejection = "complete", None


def reject(server: MemoryServer, rejection: Rejection) -> bool:
    """Move an entry to the rejected stream; False if it ended before."""
    entry_id = rejection.entry_id
    work = server.work.get(entry_id)
    if work is None and entry_id not in server.pending:
        return False
    attempts = rejection.attempts
    if work is not None and rejection.place != "intake":
        # The only attempt may have been uncounted; a rejection still counts at least one.
        attempts = max(1, work.attempts.get(rejection.place, attempts))
    time = rfc3339(int(server.now() * 1000))
    event, data = map(from_json, rejection_objects(rejection))
    data |= {
        "attempts": attempts,
        "received_at": from_json(received(server, entry_id)),
        "rejected_at": time,
    }
    event |= {"data": data, "time": time}
    rejected = DocumentRejected.model_validate_json(to_json(event))
    invalid = len(server.rejected) - len(server.failed)
    crowded = rejection.place == "intake" and invalid >= MAX_WHOLE_INVALID
    limit = ORIGINAL_BEGINNING_BYTES if crowded else limits.MAX_EVENT_BYTES
    original, cut_bytes = _kept(server.ledger.get(entry_id, {}), limit)
    size = sum(map(len, original.values()))
    rejected_id = server.next_id()
    server.rejected[rejected_id] = RejectedEntry(
        rejected_id,
        rejected,
        original,
        size,
        cut_bytes,
        enter_group(server, rejection, rejected_id),
    )
    if rejection.place != "intake":
        server.failed.add(rejected_id)
    if not rejection.unverified:
        _mark(server, rejection, rejected_id)
    server.remove(entry_id)
    return True


def _mark(server: MemoryServer, rejection: Rejection, rejected_id: str) -> None:
    identity = (rejection.source or "", rejection.event_id or "")
    if rejection.reason == "entry-lost" and server.events.get(identity) == rejection.entry_id:
        del server.events[identity]
    document = server.documents.get(rejection.document_id or "")
    if document is not None and document.newest == rejection.entry_id:
        document.state, document.rejection = "rejected", rejected_id


def _kept(fields: dict[str, bytes], limit: int) -> tuple[dict[str, bytes], int | None]:
    # Redis also bounds the other fields; the twin keeps them whole.
    name = event_field(fields)
    if name is None or len(fields[name]) <= limit:
        return dict(fields), None
    body = fields[name]
    return {**fields, name: body[:ORIGINAL_BEGINNING_BYTES]}, len(body)
