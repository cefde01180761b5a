"""The rejection of an entry that another program removed while it was in work. Pure."""

from pydantic_core import from_json

from fanmill.ports import Overdue, Rejection


def lost_entry(overdue: Overdue) -> Rejection:
    """Return the rejection of a lost entry; its ids are None if it was never admitted."""
    known = from_json(overdue.record_prefix) if overdue.record_prefix else {}
    event = known.get("event", {})
    return Rejection(
        entry_id=overdue.entry_id,
        reason="entry-lost",
        place="intake",
        error="another program removed the entry from the ledger before its work was complete",
        document_id=known.get("document_id"),
        event_id=event.get("id"),
        source=event.get("source"),
        traceparent=overdue.traceparent,
    )
