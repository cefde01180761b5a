"""The rejected event as JSON, without the members that only the store knows."""

from pydantic_core import to_json

from fanmill.ports import Rejection
from fanmill_contracts import limits
from fanmill_contracts.events import FANMILL_SOURCE, REJECTED_TYPE


def rejection_prefix(rejection: Rejection) -> str:
    """Return a `DocumentRejected` in JSON that stops inside `data`.

    The store appends `,"attempts":N,"received_at":T,"rejected_at":T},"time":T}`: it
    counts the attempts and has the one clock.
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
    opened = to_json(envelope).decode().removesuffix("}")
    inner = to_json(data).decode().removesuffix("}")
    return f'{opened},"data":{inner}'
