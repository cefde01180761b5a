"""The rejected event as JSON, without the members that only the store knows."""

from pydantic_core import to_json

from fanmill.ports import Rejection
from fanmill_contracts import limits
from fanmill_contracts.events import FANMILL_SOURCE, REJECTED_TYPE


def rejection_objects(rejection: Rejection) -> tuple[str, str]:
    """Return the envelope and the data of the rejected event, each as one JSON object.

    The store adds the attempts and the times, which its server knows, and puts the data
    into the envelope.
    """
    envelope = {
        "specversion": "1.0",
        "id": rejection.entry_id,
        "source": FANMILL_SOURCE,
        "datacontenttype": "application/json",
        "type": REJECTED_TYPE,
    }
    if rejection.document_id is not None and not rejection.unverified:
        envelope["subject"] = rejection.document_id
    data = {
        "document_id": rejection.document_id,
        "event_id": rejection.event_id,
        "source": rejection.source,
        "unverified": rejection.unverified,
        "reason": rejection.reason,
        "stage": rejection.place,
        # A message about broken text may hold it: half a surrogate pair is no UTF-8.
        "error": rejection.error[: limits.MAX_ERROR_CHARACTERS].encode(errors="replace").decode(),
    }
    return to_json(envelope).decode(), to_json(data).decode()
