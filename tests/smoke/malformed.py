"""Events that cannot be taken, each with the reason of its rejection and a word of its error."""

import json
from dataclasses import dataclass
from typing import Any, Final

from fanmill_contracts import RejectionReason, limits
from fanmill_contracts.events import INGESTED_TYPE
from fanmill_contracts.streams import EVENT_FIELD


@dataclass(frozen=True)
class Malformed:
    """Malformed event as the fields of a ledger entry."""

    fields: dict[str | bytes, bytes | str]
    reason: RejectionReason
    word: str


def _event(data: dict[str, Any] | None = None, **members: Any) -> str:
    event = {
        "specversion": "1.0",
        "id": "bad",
        "source": "/smoke",
        "type": INGESTED_TYPE,
        "data": {"document_id": "bad", "text": "a text", **(data or {})},
        **members,
    }
    return json.dumps({key: value for key, value in event.items() if value is not ...})


def _of(body: str | bytes, reason: RejectionReason, word: str) -> Malformed:
    return Malformed({EVENT_FIELD: body}, reason, word)


MALFORMED: Final[dict[str, Malformed]] = {
    "no field event": Malformed({"body": "{}", "kind": "x"}, "malformed-event", "event is missing"),
    "thousands of fields": Malformed(
        {f"field-{number}": "x" for number in range(9000)}, "malformed-event", "event is missing"
    ),
    "nothing in it": _of("", "malformed-event", "not JSON"),
    "not JSON": _of("{'id': 1}", "malformed-event", "not JSON"),
    "cut off": _of(_event()[:-20], "malformed-event", "not JSON"),
    "not UTF-8": _of(b'{"id": "\xff\xfe"}', "malformed-event", "not JSON"),
    "half a character": _of(_event().replace("a text", "\\ud800"), "malformed-event", "not JSON"),
    "nested too deep": _of("[" * 100_000, "malformed-event", "not JSON"),
    "a list": _of("[1, 2]", "malformed-event", "an array"),
    "another event": _of(_event(type="com.example.paid"), "malformed-event", "type"),
    "no document id": _of(_event({"document_id": None}), "malformed-event", "data.document_id"),
    "no source": _of(_event(source=...), "malformed-event", "source"),
    "a number for a text": _of(_event({"text": 7}), "malformed-event", "data.text"),
    "a line break in an id": _of(_event(id="a\nb"), "malformed-event", "id"),
    "nested metadata": _of(_event({"metadata": {"a": {}}}), "malformed-event", "metadata"),
    "about another document": _of(_event(subject="other"), "malformed-event", "document_id"),
    "a time without zone": _of(_event(time="2026-01-02T03:04:05"), "malformed-event", "time"),
    "a later version": _of(
        _event(type="fanmill.document.ingested.v2"), "unsupported-version", "type"
    ),
    "another CloudEvents": _of(_event(specversion="2.0"), "unsupported-version", "specversion"),
    "a text too long": _of(
        _event({"text": "x" * (limits.MAX_TEXT_BYTES + 1)}), "event-too-large", "data.text"
    ),
    "an event too long": _of("x" * (limits.MAX_EVENT_BYTES + 1), "event-too-large", "event"),
    "an id too long": _of(_event(id="x" * 257), "event-too-large", "id"),
}
