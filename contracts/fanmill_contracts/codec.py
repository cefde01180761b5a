"""Between bytes in a stream and validated events, with errors that name the field.

Validation happens here and once: intake decodes with `decode_ingested`; what
runs later trusts what intake let through.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic_core import from_json

from fanmill_contracts import limits
from fanmill_contracts.envelope import Envelope
from fanmill_contracts.errors import EventTooLarge, MalformedEvent, UnsupportedVersion
from fanmill_contracts.events import (
    INGESTED_TYPE,
    PROCESSED_TYPE,
    REJECTED_TYPE,
    DocumentIngested,
    DocumentProcessed,
    DocumentRejected,
)
from fanmill_contracts.validation import kind_of, shown, validating

Event = DocumentIngested | DocumentProcessed | DocumentRejected

EventT = TypeVar("EventT", bound=Envelope)

MODELS: Final[dict[str, type[Event]]] = {
    INGESTED_TYPE: DocumentIngested,
    PROCESSED_TYPE: DocumentProcessed,
    REJECTED_TYPE: DocumentRejected,
}
"""Every event type this release reads."""


def encode(event: Event) -> bytes:
    """Return the event as compact structured JSON in UTF-8.

    Raises:
        EventTooLarge: An ingested event is over `MAX_EVENT_BYTES`.
        MalformedEvent: A string holds a lone surrogate, which UTF-8 cannot carry.
    """
    try:
        # Ours have members that are required and may be null: null is an answer there.
        body = event.model_dump_json(exclude_none=isinstance(event, DocumentIngested)).encode()
    except ValueError as error:
        raise MalformedEvent("event", "not encodable", "Unicode without surrogates") from error
    if isinstance(event, DocumentIngested) and len(body) > limits.MAX_EVENT_BYTES:
        raise EventTooLarge("event", f"{len(body):,} bytes", f"{limits.MAX_EVENT_BYTES:,} bytes")
    return body


def decode(body: bytes | str) -> Event:
    """Return the event of any known type that `body` holds.

    Raises:
        MalformedEvent: Not JSON, not a CloudEvent, a field missing or wrong.
        UnsupportedVersion: Another CloudEvents version or a later event version.
    """
    return _decode(body, MODELS)


def decode_ingested(body: bytes | str) -> DocumentIngested:
    """Return the `DocumentIngested` that a ledger entry holds.

    Raises:
        EventTooLarge: Over `MAX_EVENT_BYTES`, or a text over `MAX_TEXT_BYTES`,
            or another part over its limit.
        MalformedEvent: Not JSON, not a CloudEvent, a field missing or wrong.
        UnsupportedVersion: Another CloudEvents version or a later event version.
    """
    size = len(body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body)
    if size > limits.MAX_EVENT_BYTES:
        raise EventTooLarge("event", f"{size:,} bytes", f"{limits.MAX_EVENT_BYTES:,} bytes")
    return _decode(body, {INGESTED_TYPE: DocumentIngested})


def ingested(event: DocumentIngested | Mapping[str, Any]) -> DocumentIngested:
    """Return an event to publish, built from a mapping where it is not yet built.

    Args:
        event: An event, or a mapping in the form of a CloudEvent in structured JSON.

    Raises:
        MalformedEvent: Something else, a field is missing or of the wrong form.
        EventTooLarge: A part of the event is over its limit.
        UnsupportedVersion: Another CloudEvents version or a later event version.
    """
    if isinstance(event, DocumentIngested):
        return event
    if not isinstance(event, Mapping):
        kind = type(event)
        raise MalformedEvent(
            "event",
            f"of type {kind.__module__}.{kind.__qualname__}",
            "a DocumentIngested, or a mapping with specversion, type, id, source and data",
        )
    return _validated(dict(event), {INGESTED_TYPE: DocumentIngested})


def _decode(body: bytes | str, models: Mapping[str, type[EventT]]) -> EventT:
    try:
        content = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise MalformedEvent("event", f"not JSON ({error})", "one JSON object in UTF-8") from error
    if not isinstance(content, dict):
        raise MalformedEvent("event", kind_of(content), "one JSON object")
    return _validated(content, models)


def _validated(content: dict[str, Any], models: Mapping[str, type[EventT]]) -> EventT:
    version = content.get("specversion")
    if isinstance(version, str) and version != "1.0":
        raise UnsupportedVersion("specversion", shown(version), "'1.0'")
    name = content.get("type")
    if not isinstance(name, str) or name not in models:
        choices = " or ".join(repr(known) for known in models)
        family = [known.rpartition(".v")[0] for known in models]
        if isinstance(name, str) and name.rpartition(".v")[0] in family:
            raise UnsupportedVersion("type", shown(name), choices)
        raise MalformedEvent("type", _missing_or(content, "type"), choices)
    with validating():
        return models[name].model_validate(content)


def _missing_or(content: dict[str, object], key: str) -> str:
    return shown(content[key]) if key in content else "missing"
