"""The plain route: any client, one XADD of one JSON field."""

import socket
from json import dumps

import pytest
from redis import Redis

from builders import Mill, RedisStores, raw_body, raw_event, rejected_with_originals
from fanmill.local.server import EmbeddedServer
from fanmill.stores.keys import Keys
from fanmill_contracts.streams import EVENT_FIELD


def resp(*arguments: str | bytes) -> bytes:
    """Write a command as Redis's protocol wants it, without any client library."""
    parts = [part.encode() if isinstance(part, str) else part for part in arguments]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts)


@pytest.fixture
def mill(redis: Redis, keys: Keys) -> Mill:
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return Mill(stores)


def test_an_event_from_a_bare_socket_becomes_a_record(
    server: EmbeddedServer, mill: Mill, keys: Keys
) -> None:
    body = raw_body(id="from-a-socket", data={"document_id": "sock-1", "text": "Grüße aus C."})
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(resp("XADD", keys.ingested, "*", EVENT_FIELD, body))
        answer = connection.recv(100)
    assert answer.startswith(b"$")
    mill.run()
    stored = mill.stores.records.get("sock-1")
    assert stored is not None
    assert stored.result is not None
    assert stored.result.event.id == "from-a-socket"
    assert stored.result.statistics is not None
    assert stored.result.statistics.words == 3


TYPE = "fanmill.document.ingested.v1"
BACKWARDS = {
    "data": {"text": "t", "document_id": "plain"},
    "type": TYPE,
    "source": "s",
    "id": "1",
    "specversion": "1.0",
}
BY_HAND = (
    f'\n {{"specversion":"1.0","id":"1","source":"s","type":"{TYPE}","data":'
    '{"document_id":"plain","text":"\\u6c34\\ud83c\\udf3e"}} \r\n'
)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(dumps(BACKWARDS), id="members in another order"),
        pytest.param(
            dumps(raw_event(data={"document_id": "plain", "text": "水车"}), indent=4),
            id="indented and escaped",
        ),
        pytest.param(BY_HAND, id="white space around, surrogate pairs"),
    ],
)
def test_any_spelling_of_the_json_is_taken(mill: Mill, redis: Redis, keys: Keys, body: str) -> None:
    redis.xadd(keys.ingested, {EVENT_FIELD: body})
    mill.run()
    stored = mill.stores.records.get("plain")
    assert stored is not None
    assert stored.state == "complete"


def test_further_fields_of_the_entry_are_ignored(mill: Mill, redis: Redis, keys: Keys) -> None:
    redis.xadd(keys.ingested, {"trace": "x", EVENT_FIELD: raw_body(), b"\xff": b"\x00"})
    mill.run()
    stored = mill.stores.records.get("doc-1")
    assert stored is not None
    assert stored.state == "complete"


def test_an_entry_without_the_field_is_rejected_with_its_bytes(
    mill: Mill, redis: Redis, keys: Keys
) -> None:
    redis.xadd(keys.ingested, {"payload": raw_body(), "kind": "document"})
    mill.run()
    (rejected,) = rejected_with_originals(mill.stores)
    assert rejected.event.data.reason == "malformed-event"
    assert rejected.event.data.error == (
        "event is missing; expected one field of this name, holding a CloudEvent as JSON"
    )
    assert rejected.original == {"payload": raw_body(), "kind": b"document"}


def test_an_entry_of_thousands_of_fields_harms_only_itself(
    mill: Mill, redis: Redis, keys: Keys
) -> None:
    redis.xadd(keys.ingested, {f"field-{number}": "x" for number in range(6000)})
    redis.xadd(keys.ingested, {EVENT_FIELD: raw_body(data={"document_id": "neighbour"})})
    mill.run()
    (rejected,) = rejected_with_originals(mill.stores)
    assert rejected.event.data.reason == "malformed-event"
    # Packed or not, no field is lost.
    kept = b"".join(name.encode() + value for name, value in rejected.original.items())
    assert [n for n in range(6000) if f"field-{n}".encode() not in kept] == []
    neighbour = mill.stores.records.get("neighbour")
    assert neighbour is not None
    assert neighbour.state == "complete"
    assert mill.stores.waiting() == []
    # And it comes back, to be rejected again.
    assert mill.stores.rejections.replay(rejected.id) is not None
    mill.run()
    assert mill.stores.rejections.count() == 1
    assert mill.stores.waiting() == []
