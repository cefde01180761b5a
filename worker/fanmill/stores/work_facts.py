"""Facts that the work of an entry in flight tells about it."""

from typing import Any

from pydantic_core import from_json


def record_facts(record_prefix: bytes | None) -> dict[str, Any]:
    """Return the members with which the record of an entry begins; empty where there are none."""
    if record_prefix is None:
        return {}
    try:
        members = from_json(record_prefix)
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def document_of(record_prefix: bytes | None) -> str | None:
    """Return the id of the document of an entry in flight; None where the entry is gone."""
    document = record_facts(record_prefix).get("document_id")
    return document if isinstance(document, str) else None


def traceparent_of(event_prefix: bytes | None) -> str | None:
    """Return the trace context in the first members of a processed event; None for none."""
    traceparent = record_facts(event_prefix).get("traceparent")
    return traceparent if isinstance(traceparent, str) else None
