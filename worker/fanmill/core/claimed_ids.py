"""The ids that an event claims to have, as far as an invalid event lets them be read. Pure.

They tell an operator which document a rejection is about. Nothing verifies them: they
identify no document for a program.
"""

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from fanmill.core.trace_context import trace_id
from fanmill_contracts.envelope import Identifier

_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)


@dataclass(frozen=True, slots=True)
class ClaimedIds:
    """The ids read from an event that is not valid; None for each that is absent or unusable."""

    document_id: str | None = None
    event_id: str | None = None
    source: str | None = None
    traceparent: str | None = None


def claimed_ids(body: bytes) -> ClaimedIds:
    """Return the ids in an event of any form; all None for anything but the start of an object.

    Invalid UTF-8 and a truncated end are tolerated. The subject takes the place of a
    document id that is absent.
    """
    try:
        # Partial: an event over the limit comes without its end.
        content = from_json(body.decode(errors="replace"), allow_partial=True)
    except ValueError:
        return ClaimedIds()
    if not isinstance(content, dict):
        return ClaimedIds()
    data = content.get("data")
    document_id = _identifier(data.get("document_id")) if isinstance(data, dict) else None
    traceparent = content.get("traceparent")
    return ClaimedIds(
        document_id=document_id or _identifier(content.get("subject")),
        event_id=_identifier(content.get("id")),
        source=_identifier(content.get("source")),
        traceparent=traceparent if trace_id(traceparent) is not None else None,
    )


def _identifier(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        # A producer that sends 17 for "17": the commonest mistake.
        value = str(value) if abs(value) < 10**18 else None
    try:
        return _IDENTIFIER.validate_python(value, strict=True)
    except ValidationError:
        return None
