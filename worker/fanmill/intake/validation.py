"""From a ledger entry to an admission or a rejection. Pure; validation happens here and once."""

from pydantic_core import to_json

from fanmill.core.claimed_ids import claimed_ids
from fanmill.core.failure_group import exception_name, innermost_frame
from fanmill.core.record_prefix import record_prefix
from fanmill.ports import Admission, Entry, Rejection
from fanmill_contracts import (
    DocumentIngested,
    EventTooLarge,
    InvalidEvent,
    MalformedEvent,
    RejectionReason,
    decode_ingested,
    limits,
)
from fanmill_contracts.events import FANMILL_SOURCE, PROCESSED_TYPE
from fanmill_contracts.streams import EVENT_FIELD


def validate(entry: Entry, *, redacts: bool = False) -> Admission | Rejection:
    """Return what the entry's event is admitted with, or why it is rejected.

    With `redacts`, the record's title and URL show no personal data.
    """
    try:
        event = _event(entry)
    except InvalidEvent as error:
        return _rejection(entry, error.reason, str(error), error)
    except Exception as error:  # noqa: BLE001  whatever it is, it harms this event alone
        return _rejection(entry, "intake-failed", f"{type(error).__name__}: {error}", error)
    return Admission(
        entry_id=entry.id,
        document_id=event.data.document_id,
        source=event.source,
        event_id=event.id,
        record_prefix=record_prefix(event, redacts=redacts),
        event_prefix=_event_prefix(entry.id, event),
        traceparent=event.traceparent,
    )


def _rejection(entry: Entry, reason: RejectionReason, error: str, cause: Exception) -> Rejection:
    claimed = claimed_ids(entry.body or b"")
    return Rejection(
        entry_id=entry.id,
        reason=reason,
        place="intake",
        error=error,
        document_id=claimed.document_id,
        event_id=claimed.event_id,
        source=claimed.source,
        traceparent=claimed.traceparent,
        unverified=True,
        exception=exception_name(cause),
        frame=innermost_frame(cause),
    )


def _event(entry: Entry) -> DocumentIngested:
    if entry.body is None:
        raise MalformedEvent(
            EVENT_FIELD, "missing", "one field of this name, holding a CloudEvent as JSON"
        )
    if entry.size > limits.MAX_EVENT_BYTES:
        raise EventTooLarge(
            EVENT_FIELD, f"{entry.size:,} bytes", f"{limits.MAX_EVENT_BYTES:,} bytes"
        )
    return decode_ingested(entry.body)


def _event_prefix(entry_id: str, event: DocumentIngested) -> str:
    members: dict[str, object] = {
        "specversion": "1.0",
        "id": entry_id,
        "source": FANMILL_SOURCE,
        "subject": event.data.document_id,
        "type": PROCESSED_TYPE,
    }
    if event.traceparent is not None:
        members["traceparent"] = event.traceparent
    return to_json(members).decode()
