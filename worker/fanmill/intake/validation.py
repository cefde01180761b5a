"""From a ledger entry to an admission or a rejection. Pure; validation happens here and once."""

from pydantic_core import to_json

from fanmill.core.entry_ids import received_at
from fanmill.core.pii.redact import redact_line
from fanmill.ports import Admission, Entry, Rejection
from fanmill_contracts import DocumentIngested, InvalidEvent, MalformedEvent, decode_ingested
from fanmill_contracts.events import FANMILL_SOURCE, PROCESSED_TYPE
from fanmill_contracts.streams import EVENT_FIELD


def validate(entry: Entry, *, redacts: bool = False) -> Admission | Rejection:
    """Return what the entry's event is admitted with, or why it is rejected.

    With `redacts`, the record's title and URL show no personal data.
    """
    try:
        event = _event(entry)
    except InvalidEvent as error:
        return Rejection(
            entry_id=entry.id,
            reason=error.reason,
            place="intake",
            error=str(error),
        )
    except Exception as error:  # noqa: BLE001  whatever it is, it harms this event alone
        return Rejection(
            entry_id=entry.id,
            reason="intake-failed",
            place="intake",
            error=f"{type(error).__name__}: {error}",
        )
    return Admission(
        entry_id=entry.id,
        document_id=event.data.document_id,
        source=event.source,
        event_id=event.id,
        record_prefix=_record_prefix(entry.id, event, redacts=redacts),
        event_prefix=_event_prefix(entry.id, event),
    )


def _event(entry: Entry) -> DocumentIngested:
    if entry.body is None:
        raise MalformedEvent(
            EVENT_FIELD, "missing", "one field of this name, holding a CloudEvent as JSON"
        )
    return decode_ingested(entry.body)


def _record_prefix(entry_id: str, event: DocumentIngested, *, redacts: bool) -> str:
    members: dict[str, object] = {
        "document_id": event.data.document_id,
        "event": {"id": event.id, "source": event.source},
        "received_at": received_at(entry_id),
    }
    if event.data.title is not None:
        members["title"] = redact_line(event.data.title) if redacts else event.data.title
    if event.data.url is not None:
        members["url"] = redact_line(event.data.url) if redacts else event.data.url
    return _members(members)


def _event_prefix(entry_id: str, event: DocumentIngested) -> str:
    members: dict[str, object] = {
        "specversion": "1.0",
        "id": entry_id,
        "source": FANMILL_SOURCE,
        "subject": event.data.document_id,
        "datacontenttype": "application/json",
        "type": PROCESSED_TYPE,
    }
    if event.traceparent is not None:
        members["traceparent"] = event.traceparent
    return _members(members)


def _members(members: dict[str, object]) -> str:
    return to_json(members).decode()[1:-1]
