"""Each limit: what is exactly at it passes, one above fails and says so."""

from typing import Any

import pytest

from builders import ingested, raw_body
from fanmill_contracts import EventTooLarge, decode_ingested, encode, limits

MIB = 1024 * 1024


def of_size(size: int) -> bytes:
    """Return a valid event of so many bytes, filled up with white space that JSON ignores."""
    body = raw_body()
    return body[:-1] + b" " * (size - len(body)) + b"}"


def test_the_limits_are_those_of_the_contract() -> None:
    assert limits.MAX_TEXT_BYTES == 4 * MIB
    assert limits.MAX_EVENT_BYTES == 5 * MIB
    assert limits.MAX_ID_CHARACTERS == 256
    assert limits.MAX_METADATA_KEYS == 64


@pytest.mark.parametrize("character", ["a", "ü", "水", "🌾"])
def test_a_text_of_four_mebibytes_passes_and_one_byte_more_does_not(character: str) -> None:
    width = len(character.encode())
    full = character * (4 * MIB // width) + "a" * (4 * MIB % width)
    event = ingested(text=full)
    assert decode_ingested(encode(event)).data.text == full
    with pytest.raises(EventTooLarge) as caught:
        ingested(text=full + "a")
    assert (caught.value.field, caught.value.value, caught.value.limit) == (
        "data.text",
        "4,194,305 bytes",
        "4,194,304 bytes",
    )


def test_an_event_of_five_mebibytes_passes_and_one_byte_more_does_not() -> None:
    assert decode_ingested(of_size(5 * MIB)).id == "event-1"
    with pytest.raises(EventTooLarge) as caught:
        decode_ingested(of_size(5 * MIB + 1))
    assert str(caught.value) == "event has 5,242,881 bytes; the limit is 5,242,880 bytes"


def test_the_limit_of_an_event_counts_bytes_of_a_string_too() -> None:
    body = raw_body(data={"metadata": {}, "text": "水"}).decode()
    padding = "水" * ((5 * MIB) // 3)
    with pytest.raises(EventTooLarge, match="event has"):
        decode_ingested(body[:-1] + f',"unknown":"{padding}"}}')


def test_a_text_that_grows_by_its_escapes_over_the_event_limit_is_not_encoded() -> None:
    with pytest.raises(EventTooLarge) as caught:
        encode(ingested(text="\x01" * MIB))
    assert caught.value.field == "event"
    assert caught.value.limit == "5,242,880 bytes"


@pytest.mark.parametrize(
    ("member", "most"),
    [
        ("id", 256),
        ("source", 256),
        ("traceparent", 256),
        ("dataschema", 2083),
        ("data.document_id", 256),
        ("data.title", 1024),
        ("data.author", 1024),
        ("data.publisher", 1024),
        ("data.url", 2083),
    ],
)
@pytest.mark.parametrize("character", ["x", "水", "🌾"])
def test_lengths_are_counted_in_characters(member: str, most: int, character: str) -> None:
    def body(length: int) -> bytes:
        value = character * length
        place, _, name = member.rpartition(".")
        changes: dict[str, Any] = {place: {name: value}} if place else {name: value}
        return raw_body(**changes)

    decode_ingested(body(most))
    with pytest.raises(EventTooLarge) as caught:
        decode_ingested(body(most + 1))
    assert caught.value.field == member
    assert caught.value.value == f"{most + 1:,} characters"
    assert caught.value.limit == f"{most:,} characters"


def test_a_language_tag_has_35_characters_at_the_most() -> None:
    tag = "-".join(["abcdefgh"] * 3 + ["abcdefgh"])
    assert len(tag) == 35
    assert decode_ingested(raw_body(data={"language": tag})).data.language == tag
    with pytest.raises(EventTooLarge, match=r"data\.language has 36 characters"):
        decode_ingested(raw_body(data={"language": "a-" + tag[1:]}))


def test_metadata_has_64_keys_at_the_most() -> None:
    full = {f"key-{number}": number for number in range(64)}
    assert decode_ingested(raw_body(data={"metadata": full})).data.metadata == full
    with pytest.raises(EventTooLarge) as caught:
        ingested(metadata={**full, "one more": 1})
    assert (caught.value.field, caught.value.value, caught.value.limit) == (
        "data.metadata",
        "65 items",
        "64 items",
    )


def test_metadata_keys_and_values_have_their_own_limits() -> None:
    full = {"k" * 128: "v" * 4096}
    assert decode_ingested(raw_body(data={"metadata": full})).data.metadata == full
    with pytest.raises(EventTooLarge, match="129 characters; the limit is 128 characters"):
        ingested(metadata={"k" * 129: ""})
    with pytest.raises(EventTooLarge, match=r"data\.metadata\.key has 4,097 characters"):
        ingested(metadata={"key": "v" * 4097})


def test_an_event_full_to_every_limit_fits() -> None:
    event = decode_ingested(
        encode(
            ingested(
                "d" * 256,
                "水" * (4 * MIB // 3),
                event_id="水" * 256,
                title="水" * 1024,
                url="u" * 2083,
                author="水" * 1024,
                publisher="水" * 1024,
                metadata={f"{number:03}" + "k" * 125: "v" * 4096 for number in range(64)},
            )
        )
    )
    assert len(event.data.metadata) == 64
