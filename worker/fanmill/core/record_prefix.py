"""Members that a record begins with: those known from its event alone."""

from pydantic_core import to_json

from fanmill.core.pii.redact import redact_line
from fanmill_contracts import DocumentIngested


def record_prefix(event: DocumentIngested, *, redacts: bool) -> str:
    """Return the first members of the record of an event, as one JSON object.

    With `redacts`, title and URL show no personal data.
    """
    members: dict[str, object] = {
        "document_id": event.data.document_id,
        "event": {"id": event.id, "source": event.source},
    }
    if event.data.title is not None:
        members["title"] = redact_line(event.data.title) if redacts else event.data.title
    if event.data.url is not None:
        members["url"] = redact_line(event.data.url) if redacts else event.data.url
    return to_json(members).decode()
