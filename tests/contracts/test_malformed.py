"""Events that nobody can use, kept as files, each with the error it must meet.

Other languages may test their producers against the same files.
"""

from json import loads
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fanmill_contracts import (
    DocumentIngested,
    EventTooLarge,
    InvalidEvent,
    MalformedEvent,
    UnsupportedVersion,
    decode_ingested,
)
from fanmill_contracts.schemas import schemas

FOLDER = Path(__file__).parent / "malformed"

JSON = "one JSON object in UTF-8"
REQUIRED = "a value (it is required)"
INGESTED = "'fanmill.document.ingested.v1'"

CASES: list[tuple[str, type[InvalidEvent], str, str, str]] = [
    ("array.json", MalformedEvent, "event", "an array", "one JSON object"),
    ("binary.bin", MalformedEvent, "event", "not JSON (", JSON),
    ("control-character-in-source.json", MalformedEvent, "source", "'/te\\nsts'", "controls"),
    (
        "control-sequence-in-document-id.json",
        MalformedEvent,
        "data.document_id",
        "'doc\\x9b2J'",
        "controls",
    ),
    ("data-as-string.json", MalformedEvent, "data", "a string", "dictionary"),
    ("deeply-nested.bin", MalformedEvent, "event", "not JSON (recursion limit", JSON),
    ("empty-id.json", MalformedEvent, "id", "''", "at least 1 character"),
    ("empty.bin", MalformedEvent, "event", "not JSON (EOF", JSON),
    ("id-number.json", MalformedEvent, "id", "17", "string"),
    ("infinite-number.bin", MalformedEvent, "data.metadata.score", "inf", "a finite number"),
    ("language-in-words.json", MalformedEvent, "data.language", "'British English'", "pattern"),
    ("latin-1.bin", MalformedEvent, "event", "not JSON (invalid unicode", JSON),
    ("lone-surrogate.bin", MalformedEvent, "event", "not JSON (", JSON),
    (
        "long-document-id.json",
        EventTooLarge,
        "data.document_id",
        "257 characters",
        "256 characters",
    ),
    ("naive-time.json", MalformedEvent, "time", "'2026-03-01T12:00:00'", "timezone"),
    ("nan.bin", MalformedEvent, "event", "not JSON (", JSON),
    ("nested-metadata.json", MalformedEvent, "data.metadata.headers", "an object", "a string"),
    ("next-version.json", UnsupportedVersion, "type", "'fanmill.document.ingested.v2'", INGESTED),
    ("no-data.json", MalformedEvent, "data", "missing", REQUIRED),
    ("no-document-id.json", MalformedEvent, "data.document_id", "missing", REQUIRED),
    ("no-id.json", MalformedEvent, "id", "missing", REQUIRED),
    ("no-specversion.json", MalformedEvent, "specversion", "missing", REQUIRED),
    ("no-text.json", MalformedEvent, "data.text", "missing", REQUIRED),
    ("no-type.json", MalformedEvent, "type", "missing", INGESTED),
    ("null-data.json", MalformedEvent, "data", "null", "dictionary"),
    ("null-text.json", MalformedEvent, "data.text", "null", "string"),
    ("old-cloudevents.json", UnsupportedVersion, "specversion", "'0.3'", "'1.0'"),
    ("other-type.json", MalformedEvent, "type", "'com.example.order.placed'", INGESTED),
    ("processed-event.json", MalformedEvent, "type", "'fanmill.document.processed.v1'", INGESTED),
    (
        "published-before-the-calendar.json",
        MalformedEvent,
        "data.published_at",
        "'0001-01-01T00:00:00+14:00'",
        "a time in the years 1 to 9999 of UTC",
    ),
    ("specversion-number.json", MalformedEvent, "specversion", "1.0", "'1.0'"),
    ("subject-of-another-document.json", MalformedEvent, "event", "an object", "as subject"),
    ("text-as-array.json", MalformedEvent, "data.text", "an array", "string"),
    (
        "time-beyond-the-calendar.json",
        MalformedEvent,
        "time",
        "'9999-12-31T23:59:59-14:00'",
        "a time in the years 1 to 9999 of UTC",
    ),
    ("time-as-number.json", MalformedEvent, "time", "1772366400", "RFC 3339"),
    ("time-as-digits.json", MalformedEvent, "data.published_at", "'1772366400'", "RFC 3339"),
    ("time-in-words.json", MalformedEvent, "time", "'yesterday'", "RFC 3339"),
    ("too-many-metadata-keys.json", EventTooLarge, "data.metadata", "65 items", "64 items"),
    ("truncated.bin", MalformedEvent, "event", "not JSON (EOF", JSON),
    ("two-events.bin", MalformedEvent, "event", "not JSON (trailing characters", JSON),
    (
        "xml-payload.json",
        MalformedEvent,
        "datacontenttype",
        "'application/xml'",
        "application/json",
    ),
]

UNSEEN_BY_THE_SCHEMA = {
    # JSON Schema cannot compare two members, and leaves formats to the reader.
    "subject-of-another-document.json",
    "published-before-the-calendar.json",
    "time-beyond-the-calendar.json",
    "time-as-digits.json",
    "time-in-words.json",
    "naive-time.json",
}


def test_every_file_stands_in_the_table() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(case[0] for case in CASES)


@pytest.mark.parametrize(
    ("name", "kind", "field", "value", "limit"), CASES, ids=[case[0] for case in CASES]
)
def test_a_malformed_event_meets_its_error(
    name: str, kind: type[InvalidEvent], field: str, value: str, limit: str
) -> None:
    with pytest.raises(InvalidEvent) as caught:
        decode_ingested((FOLDER / name).read_bytes())
    error = caught.value
    assert type(error) is kind
    assert error.field == field
    assert error.value.startswith(value)
    assert limit in error.limit
    assert field in str(error)
    assert error.value in str(error)
    assert error.limit in str(error)


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.json")))
def test_the_schema_refuses_what_the_codec_refuses(name: str) -> None:
    event = loads((FOLDER / name).read_text())
    schema = schemas()["fanmill.document.ingested.v1.json"]
    assert Draft202012Validator(schema).is_valid(event) == (name in UNSEEN_BY_THE_SCHEMA)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"document_id": ""}, "data.document_id"),
        ({"document_id": "half \ud83d of a face"}, "data.document_id"),
        ({"title": "t" * 1025}, "data.title"),
        ({"language": "British English"}, "data.language"),
        ({"metadata": {"nested": {}}}, "data.metadata.nested"),
        ({"event_id": ""}, "id"),
        ({"source": "a\x00b"}, "source"),
        ({"source": "a\u202eb"}, "source"),
        ({"event_id": "a\x9bb"}, "id"),
        ({"document_id": "a\u2066b"}, "data.document_id"),
        ({"document_id": "a\u2028b"}, "data.document_id"),
        ({"document_id": b"a"}, "data.document_id"),
        ({"source": b"a"}, "source"),
        ({"title": b"a"}, "data.title"),
        ({"url": b"a"}, "data.url"),
        ({"language": b"en"}, "data.language"),
        ({"text": b"a"}, "data.text"),
        ({"text": "half \ud83d of a face"}, "data.text"),
        ({"title": "half \ud83d of a face"}, "data.title"),
        ({"metadata": {"key": "half \ud83d of a face"}}, "data.metadata.key"),
    ],
)
def test_building_an_event_names_fields_as_decoding_does(
    arguments: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidEvent) as caught:
        DocumentIngested.create(
            **{"document_id": "doc-1", "text": "", "source": "/tests", **arguments}
        )
    assert caught.value.field == field


def test_a_value_is_shortened_in_the_error_and_a_text_never_quoted_in_full() -> None:
    with pytest.raises(MalformedEvent) as caught:
        DocumentIngested.create("doc-1", "", source="/tests", language="x " * 17)
    assert len(caught.value.value) <= 60
    with pytest.raises(EventTooLarge) as large:
        DocumentIngested.create("doc-1", "", source="/tests", metadata={"k" * 1_000_000: 1})
    assert len(str(large.value)) < 300


CONTROLS = [
    *map(chr, range(32)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
]


@pytest.mark.parametrize("member", ["document_id", "source", "event_id"])
def test_no_id_holds_a_character_that_acts_on_a_terminal(member: str) -> None:
    for control in CONTROLS:
        arguments = {"document_id": "doc-1", "text": "", "source": "/tests", "event_id": "1"}
        with pytest.raises(MalformedEvent, match="without controls") as caught:
            DocumentIngested.create(**{**arguments, member: f"a{control}b"})
        assert control not in str(caught.value)


def test_bytes_are_refused_as_text_and_not_quoted() -> None:
    with pytest.raises(MalformedEvent) as caught:
        DocumentIngested.create("doc-1", b"secret", source="/tests")  # type: ignore[arg-type]
    assert (
        str(caught.value) == "data.text is bytes; expected text (str), not bytes; decode it first"
    )


def test_a_lone_surrogate_is_refused_where_the_event_is_built() -> None:
    with pytest.raises(MalformedEvent) as caught:
        DocumentIngested.create("doc-1", "half \ud83d of a face", source="/tests")
    assert str(caught.value) == (
        "data.text is a string; expected text without lone surrogates; there is one at offset 5"
    )
