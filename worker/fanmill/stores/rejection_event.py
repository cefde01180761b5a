"""The rejected event as JSON, without the members that only the store knows."""

from pydantic_core import to_json

from fanmill.core.failure_group import fingerprint
from fanmill.core.trace_context import trace_id
from fanmill.ports import Rejection
from fanmill_contracts import limits
from fanmill_contracts.events import FANMILL_SOURCE, REJECTED_TYPE


def group_of(rejection: Rejection) -> str:
    """Return the fingerprint of the failure group of a rejection."""
    return fingerprint(rejection.reason, rejection.place, rejection.exception, rejection.frame)


def group_facts(rejection: Rejection) -> str:
    """Return the facts that all rejections of a failure group have in common, as JSON."""
    facts = {
        "reason": rejection.reason,
        "stage": rejection.place,
        "exception": rejection.exception,
        "frame": rejection.frame,
    }
    return to_json(facts).decode()


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
    if trace_id(rejection.traceparent) is not None:
        envelope["traceparent"] = rejection.traceparent or ""
    data = {
        "document_id": rejection.document_id,
        "event_id": rejection.event_id,
        "source": rejection.source,
        "unverified": rejection.unverified,
        "reason": rejection.reason,
        "stage": rejection.place,
        # A message about broken text may hold it: half a surrogate pair is no UTF-8.
        "exception": rejection.exception or None,
        "frame": rejection.frame or None,
        "group": group_of(rejection),
        "replay_of": rejection.replay_of,
        "error": rejection.error[: limits.MAX_ERROR_CHARACTERS].encode(errors="replace").decode(),
    }
    return to_json(envelope).decode(), to_json(data).decode()
