"""From a ledger entry to an admission or a rejection."""

from json import loads
from pathlib import Path

import pytest

from builders import SOURCE, raw_body, written
from fanmill.intake.validation import validate
from fanmill.ports import Admission, Entry, Rejection
from fanmill_contracts import decode_ingested

MALFORMED = sorted((Path(__file__).parents[1] / "contracts" / "malformed").iterdir())
EXAMPLES = sorted((Path(__file__).parents[1] / "contracts" / "v1").glob("ingested-*"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_a_valid_event_is_admitted_with_what_the_record_starts_from(path: Path) -> None:
    event = decode_ingested(path.read_bytes())
    admitted = validate(written("1772366400123-4", path.read_bytes()))
    assert isinstance(admitted, Admission)
    assert (admitted.entry_id, admitted.document_id) == ("1772366400123-4", event.data.document_id)
    assert (admitted.source, admitted.event_id) == (event.source, event.id)
    head = loads(admitted.record_prefix)
    assert head.pop("title", None) == event.data.title
    assert head.pop("url", None) == event.data.url
    assert head == {
        "document_id": event.data.document_id,
        "event": {"id": event.id, "source": event.source},
    }
    envelope = loads(admitted.event_prefix)
    assert envelope.pop("traceparent", None) == event.traceparent
    assert envelope == {
        "specversion": "1.0",
        "id": "1772366400123-4",
        "source": "/fanmill",
        "subject": event.data.document_id,
        "type": "fanmill.document.processed.v1",
    }


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path.name)
def test_a_malformed_event_is_rejected_at_intake_with_its_reason(path: Path) -> None:
    rejected = validate(written("1772366400123-4", path.read_bytes()))
    assert isinstance(rejected, Rejection)
    assert rejected.entry_id == "1772366400123-4"
    assert rejected.place == "intake"
    assert rejected.reason in ("malformed-event", "unsupported-version", "event-too-large")
    assert rejected.error


def test_an_entry_without_the_field_is_malformed() -> None:
    rejected = validate(Entry("1-0", None, 0))
    assert isinstance(rejected, Rejection)
    assert rejected.reason == "malformed-event"
    assert rejected.error.startswith("event is missing; expected one field of this name")


def test_ids_that_need_escapes_stay_what_they_are() -> None:
    strange = '"},{"a\\":1 \u00a0水'
    admitted = validate(written("1-0", raw_body(id=strange, data={"document_id": strange})))
    assert isinstance(admitted, Admission)
    head = loads(admitted.record_prefix)
    assert head["document_id"] == strange
    assert head["event"] == {"id": strange, "source": SOURCE}
    assert loads(admitted.event_prefix)["subject"] == strange
