"""Initial values for tests of the ledger: an entry that was read, and a rejection."""

from builders import (
    Stores,
)
from fanmill.ports import Entry, Rejection
from fanmill_contracts import RejectionReason
from fanmill_contracts.terms import Stage

LONG = 3600.0


def read_one(stores: Stores, body: bytes, consumer: str = "reader") -> Entry:
    stores.add(body)
    (entry,) = stores.ledger.read(consumer, 1, 0)
    return entry


def refusal(
    entry_id: str,
    *,
    place: Stage = "tag",
    reason: RejectionReason = "stage-failed",
    document_id: str = "doc-1",
    attempts: int = 1,
    error: str = "ValueError: no",
) -> Rejection:
    return Rejection(
        entry_id, reason, place, error, document_id, event_id="event-1", attempts=attempts
    )
