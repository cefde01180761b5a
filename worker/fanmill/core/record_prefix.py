"""Members that a record begins with: those known from its event alone."""

from pydantic_core import to_json

from fanmill_contracts import DocumentIngested


def record_prefix(event: DocumentIngested, *, redacts: bool) -> str:
    """Return the first members of the record of an event, as one JSON object.

    With `redacts`, title and URL show no personal data.
    """
    members: dict[str, object] = {
        "document_id": event.data.document_id,
        "event": {"id": event.id, "source": event.source},
    }
    for name, value in (("title", event.data.title), ("url", event.data.url)):
        if value is not None:
            members[name] = _redacted(value) if redacts else value
    return to_json(members).decode()


def _redacted(value: str) -> str | None:
    # An intake that redacts nothing does not load the patterns of personal data.
    from fanmill.core.pii.redact import redact_line  # noqa: PLC0415 - see above

    return redact_line(value)
