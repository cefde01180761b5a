"""Between events and bytes: nothing is lost, nothing unknown is refused."""

from datetime import UTC, datetime, timedelta, timezone
from json import dumps, loads
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import ingested, raw_body, raw_event
from fanmill_contracts import (
    DocumentIngested,
    MalformedEvent,
    UnsupportedVersion,
    decode,
    decode_ingested,
    encode,
)

texts = st.text(st.characters(exclude_categories=["Cs"]))
short = st.text(st.characters(exclude_categories=["Cs"]), max_size=1024)
identifiers = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Zl", "Zp"],
        exclude_characters="\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    ),
    min_size=1,
    max_size=256,
)
moments = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001  zones come from the strategy
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | short
)
languages = st.from_regex(r"\A[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,3}\Z").filter(
    lambda tag: len(tag) <= 35
)


@st.composite
def events(draw: st.DrawFn) -> DocumentIngested:
    optional: dict[str, st.SearchStrategy[Any]] = {
        "title": short,
        "url": short,
        "language": languages,
        "published_at": moments,
        "author": short,
        "publisher": short,
        "event_id": identifiers,
    }
    return DocumentIngested.create(
        draw(identifiers),
        draw(texts),
        source=draw(identifiers),
        metadata=draw(
            st.dictionaries(
                st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=128),
                scalars,
                max_size=8,
            )
        ),
        **{name: draw(st.none() | values) for name, values in optional.items()},
    )


@given(events())
def test_decoding_gives_back_what_was_encoded(event: DocumentIngested) -> None:
    body = encode(event)
    again = decode_ingested(body)
    assert again == event
    assert decode(body) == event
    assert encode(again) == body
    # 1, 1.0 and True are equal in Python and three values in JSON.
    kinds = {key: type(value) for key, value in event.data.metadata.items()}
    assert {key: type(value) for key, value in again.data.metadata.items()} == kinds


@given(events())
def test_text_and_bytes_decode_alike(event: DocumentIngested) -> None:
    assert decode_ingested(encode(event).decode()) == event


@given(events(), st.dictionaries(texts.map(lambda name: f"x-{name}"), scalars, max_size=4))
def test_unknown_members_change_nothing(event: DocumentIngested, unknown: dict[str, Any]) -> None:
    content = loads(encode(event))
    content["data"].update(unknown)
    assert decode_ingested(dumps({**unknown, **content})) == event


@given(moments)
def test_a_time_keeps_its_moment_and_is_held_in_utc(moment: datetime) -> None:
    event = decode_ingested(raw_body(time=moment.isoformat()))
    assert event.time == moment
    assert event.time is not None
    assert event.time.tzinfo is UTC


@given(st.binary(max_size=200))
def test_bytes_that_are_no_event_are_malformed_and_nothing_else(body: bytes) -> None:
    with pytest.raises(MalformedEvent):
        decode_ingested(body)


@given(
    st.recursive(
        scalars | st.sampled_from(["1.0", "fanmill.document.ingested.v1"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["document_id", "text", "metadata", "time", "x"]), inner
            )
        ),
        max_leaves=8,
    ),
    st.sampled_from(["specversion", "id", "source", "type", "data", "time", "subject"]),
)
def test_any_value_in_any_member_is_taken_or_refused_by_name(value: Any, member: str) -> None:
    body = dumps({**raw_event(), member: value}).encode()
    try:
        event = decode_ingested(body)
    except (MalformedEvent, UnsupportedVersion) as error:
        named = error.field.partition(".")[0]
    else:
        assert decode_ingested(encode(event)) == event
        named = member
    assert named in (member, "event", "data")


def test_fields_of_a_later_release_are_ignored() -> None:
    later = raw_body(
        data={"content_ref": {"uri": "s3://b/k", "sha256": "0" * 64}, "licence": "CC0"},
        priority=3,
        tracestate="a=b",
    )
    assert decode_ingested(later).data == decode_ingested(raw_body()).data


def test_an_encoded_event_is_a_cloudevent_with_its_document_as_subject() -> None:
    content = loads(encode(ingested("doc-7", "Ein Text", event_id="event-7")))
    assert {key: content[key] for key in ("specversion", "id", "source", "type", "subject")} == {
        "specversion": "1.0",
        "id": "event-7",
        "source": "/tests",
        "type": "fanmill.document.ingested.v1",
        "subject": "doc-7",
    }
    assert content["data"] == {"document_id": "doc-7", "text": "Ein Text", "metadata": {}}


def test_events_without_an_id_of_their_own_get_different_ones() -> None:
    assert len({ingested().id for _ in range(100)}) == 100


def test_an_event_cannot_be_changed() -> None:
    event = ingested()
    with pytest.raises(ValueError, match="frozen"):
        event.data.text = "another"  # type: ignore[misc]


def test_only_the_reader_of_the_ledger_refuses_other_events_of_fanmill() -> None:
    body = encode(ingested()).replace(b"ingested.v1", b"processed.v1")
    with pytest.raises(MalformedEvent, match=r"data\."):
        decode(body)
    with pytest.raises(MalformedEvent, match=r"type is 'fanmill\.document\.processed\.v1'"):
        decode_ingested(body)
