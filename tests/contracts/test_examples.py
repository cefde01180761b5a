"""Events of v1 as earlier versions wrote them: every later version must read them."""

from json import loads
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from fanmill_contracts import (
    DocumentIngested,
    DocumentProcessed,
    DocumentRejected,
    decode,
    decode_ingested,
    encode,
)
from fanmill_contracts.schemas import schemas

FOLDER = Path(__file__).parent / "v1"
EXAMPLES = sorted(path.name for path in FOLDER.iterdir())
MODELS = {
    "ingested": DocumentIngested,
    "processed": DocumentProcessed,
    "rejected": DocumentRejected,
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_old_event_still_reads_and_survives_a_round_trip(name: str) -> None:
    event = decode((FOLDER / name).read_bytes())
    assert isinstance(event, MODELS[name.partition("-")[0]])
    assert decode(encode(event)) == event


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_old_event_still_validates_against_its_schema(name: str) -> None:
    event = loads((FOLDER / name).read_text())
    schema = schemas()[f"{event['type']}.json"]
    assert [error.message for error in Draft202012Validator(schema).iter_errors(event)] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_an_event_is_encoded_to_validates_as_well(name: str) -> None:
    event = loads(encode(decode((FOLDER / name).read_bytes())))
    schema = schemas()[f"{event['type']}.json"]
    assert [error.message for error in Draft202012Validator(schema).iter_errors(event)] == []


def test_every_field_of_the_full_event_is_read() -> None:
    content = loads((FOLDER / "ingested-full.json").read_text())
    event = decode_ingested((FOLDER / "ingested-full.json").read_bytes())
    read = event.model_dump(mode="json")
    assert read.pop("time") == "2026-03-01T11:00:00.123000Z"
    assert read["data"].pop("published_at") == "2026-02-28T23:30:00Z"
    del content["time"], content["data"]["published_at"]
    assert read == content


def test_null_and_absent_options_mean_the_same() -> None:
    nulls = decode_ingested((FOLDER / "ingested-null-options.json").read_bytes())
    minimal = decode_ingested((FOLDER / "ingested-minimal.json").read_bytes())
    assert nulls == minimal


def test_a_record_of_a_skipped_duplicate_has_no_later_parts() -> None:
    event = decode((FOLDER / "processed-duplicate.json").read_bytes())
    assert isinstance(event, DocumentProcessed)
    assert event.data.deduplication.duplicate_of == "doc-0"
    assert (event.data.statistics, event.data.summary, event.data.tagging) == (None, None, None)
    assert event.data.problems == ()
