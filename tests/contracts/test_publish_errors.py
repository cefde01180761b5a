"""Publishing says what the server or the caller did wrong, in one family of errors."""

import asyncio
import pickle
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from redis import Redis

from builders import ingested, raw_event
from fanmill.local.server import EmbeddedServer, find_binary
from fanmill_contracts import (
    AsyncPublisher,
    ContractError,
    DocumentIngested,
    InvalidArgument,
    MalformedEvent,
    NotDurable,
    Publisher,
    ServerRefused,
    ServerUnreachable,
    StreamNames,
    UnsupportedVersion,
    decode_ingested,
)

Publish = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def publish(request: pytest.FixtureRequest, namespace: str) -> Publish:
    """Publish events through a publisher of either kind, made for the call."""

    def of_sync(url: str, *events: Any, many: bool = False, **how: Any) -> Any:
        with Publisher(url, **{"namespace": namespace, **how}) as publisher:
            return publisher.publish_many(*events) if many else publisher.publish(*events)

    def of_async(url: str, *events: Any, many: bool = False, **how: Any) -> Any:
        async def run() -> Any:
            async with AsyncPublisher(url, **{"namespace": namespace, **how}) as publisher:
                if many:
                    return await publisher.publish_many(*events)
                return await publisher.publish(*events)

        return asyncio.run(run())

    return of_sync if request.param == "sync" else of_async


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Server that a test may reconfigure if it restores the configuration."""
    with EmbeddedServer(tmp_path_factory.mktemp("own"), durable=True) as running:
        yield running


@pytest.fixture
def admin(own_server: EmbeddedServer) -> Iterator[Redis]:
    with Redis.from_url(own_server.url) as client:
        client.acl_log_reset()
        yield client


def written(redis: Redis, namespace: str) -> list[DocumentIngested]:
    entries: Any = redis.xrange(StreamNames(namespace).ingested)
    return [decode_ingested(fields[b"event"]) for _, fields in entries]


def test_a_mapping_in_the_form_of_a_cloudevent_is_published(
    publish: Publish, server: EmbeddedServer, redis: Redis, namespace: str
) -> None:
    content = raw_event(id="from-a-dict", data={"document_id": "d", "text": "A text."})
    publish(server.url, content)
    publish(server.url, [content, ingested("e")], many=True)
    assert [event.data.document_id for event in written(redis, namespace)] == ["d", "d", "e"]
    assert written(redis, namespace)[0].id == "from-a-dict"


@pytest.mark.parametrize(
    ("event", "kind", "told"),
    [
        ({}, MalformedEvent, "type is missing"),
        ({"document_id": "d", "text": "t"}, MalformedEvent, "type is missing"),
        (raw_event(specversion="0.3"), UnsupportedVersion, "specversion is '0.3'"),
        (raw_event(data={"document_id": "d", "text": b"t"}), MalformedEvent, "data.text is bytes"),
        ("{}", MalformedEvent, "event is of type builtins.str; expected a DocumentIngested, or a"),
        (b"{}", MalformedEvent, "event is of type builtins.bytes"),
        (None, MalformedEvent, "event is of type builtins.NoneType"),
        ([("type", "x")], MalformedEvent, "event is of type builtins.list"),
    ],
)
def test_anything_else_is_refused_with_the_form_expected(
    publish: Publish, server: EmbeddedServer, event: Any, kind: type[ContractError], told: str
) -> None:
    with pytest.raises(kind) as caught:
        publish(server.url, event)
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize("events", [5, None, Publisher])
def test_what_is_no_iterable_of_events_is_refused(publish: Publish, events: Any) -> None:
    with pytest.raises(InvalidArgument, match=r"events is of type .*; expected an iterable"):
        publish("redis://localhost:1/0", events, many=True)


def test_an_error_of_the_callers_iterable_keeps_its_type_and_the_events_before(
    publish: Publish, server: EmbeddedServer, redis: Redis, namespace: str
) -> None:
    def events() -> Iterator[DocumentIngested]:
        yield from (ingested(f"doc-{number}") for number in range(7))
        raise KeyError("the source broke")

    with pytest.raises(KeyError, match="the source broke") as caught:
        publish(server.url, events(), many=True)
    assert caught.value.__notes__ == ["7 events of this publish_many were written before"]
    assert len(written(redis, namespace)) == 7


def test_a_user_with_xadd_alone_publishes_and_the_server_logs_no_denial(
    publish: Publish, own_server: EmbeddedServer, admin: Redis, namespace: str
) -> None:
    stream = StreamNames(namespace).ingested
    admin.execute_command("ACL", "SETUSER", "raw", "on", ">pass", f"~{stream}", "-@all", "+xadd")
    url = f"redis://raw:pass@127.0.0.1:{own_server.port}/0"
    publish(url, ingested("a"))
    assert publish(url, [ingested(f"doc-{number}") for number in range(600)], many=True) == 600
    assert len(written(admin, namespace)) == 601
    log: Any = admin.acl_log()
    assert log == []
    with pytest.raises(NotDurable, match=r"give the user the right \+waitaof"):
        publish(url, ingested("b"), durable=True)
    with pytest.raises(ServerRefused, match=r"(?i)no permissions.*eval"):
        publish(url, ingested("c"), max_backlog=5)
    with pytest.raises(ServerRefused, match=r"(?i)permission"):
        publish(url, ingested("d"), namespace="another")


def test_a_full_server_refuses_and_the_number_accepted_is_true(
    publish: Publish, own_server: EmbeddedServer, admin: Redis, namespace: str
) -> None:
    def events() -> Iterator[DocumentIngested]:
        for number in range(600):
            if number == 512:
                admin.config_set("maxmemory", 1)
            yield ingested(f"doc-{number}")

    try:
        with pytest.raises(ServerRefused, match="maxmemory") as caught:
            publish(own_server.url, events(), many=True)
    finally:
        admin.config_set("maxmemory", 0)
    # Two round trips came through; nothing of the third did.
    assert caught.value.accepted == 512
    assert len(written(admin, namespace)) == 512
    assert "512 events of this call were written before" in str(caught.value)


def test_a_wrong_password_is_told_at_once_and_not_shown(
    publish: Publish, own_server: EmbeddedServer
) -> None:
    begin = monotonic()
    with pytest.raises(ServerRefused, match=r"WRONGPASS|invalid") as caught:
        publish(f"redis://someone:hushhush@127.0.0.1:{own_server.port}/0", ingested())
    assert monotonic() - begin < 20
    assert "hushhush" not in str(caught.value)


def test_a_database_that_does_not_exist_is_refused(
    publish: Publish, own_server: EmbeddedServer
) -> None:
    with pytest.raises(ServerRefused, match=r"(?i)out of range"):
        publish(f"redis://127.0.0.1:{own_server.port}/9999", ingested())


def test_a_server_that_is_away_is_reported_after_the_time_allowed(publish: Publish) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begin = monotonic()
    with pytest.raises(ServerUnreachable) as caught:
        publish(f"redis://127.0.0.1:{port}/0", ingested(), retry_seconds=0.5)
    assert 0.4 < monotonic() - begin < 20
    text = str(caught.value)
    assert text.startswith(f"publish: the server redis://127.0.0.1:{port}/0 is not reachable: ")
    assert caught.value.__cause__ is not None
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  our own
    assert str(again) == text


def test_tls_against_a_plain_port_fails_within_seconds_and_says_tls(
    publish: Publish, server: EmbeddedServer
) -> None:
    begin = monotonic()
    with pytest.raises(ServerUnreachable, match="TLS"):
        publish(f"rediss://127.0.0.1:{server.port}/0", ingested())
    assert monotonic() - begin < 60


def test_tls_with_something_that_answers_otherwise_is_not_repeated(publish: Publish) -> None:
    """A certificate or protocol that does not fit will not fit later either."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"-ERR no TLS here\r\n" * 10)
                connection.recv(100)

        talking = Thread(target=answer, daemon=True)
        talking.start()
        with pytest.raises(ServerUnreachable, match=r"(TLS|SSL)"):
            publish(f"rediss://127.0.0.1:{listener.getsockname()[1]}/0", ingested())
        talking.join(60)
        assert not talking.is_alive()


@pytest.mark.parametrize(
    "query",
    [
        "protocol=2",
        "protocol=3",
        "socket_timeout=3",
        "socket_connect_timeout=1.5",
        "health_check_interval=10",
        "client_name=press",
        "max_connections=3",
        "socket_keepalive=no",
        "db=0",
    ],
)
def test_every_option_of_a_url_works_on_a_server(
    publish: Publish, own_server: EmbeddedServer, query: str
) -> None:
    assert publish(f"redis://127.0.0.1:{own_server.port}?{query}", [ingested()], many=True) == 1


@pytest.fixture(scope="module")
def unix_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Path of the socket of a server that listens on no port."""
    # Paths of sockets are at most about 100 bytes long.
    with TemporaryDirectory() as folder:
        path = f"{folder}/valkey.sock"
        arguments = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", folder]
        with subprocess.Popen(
            [find_binary(), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            end = monotonic() + 30
            while not Path(path).is_socket():
                assert monotonic() < end
                assert process.poll() is None
                sleep(0.02)
            yield path
            process.terminate()


def test_a_unix_socket_works(publish: Publish, unix_socket: str, namespace: str) -> None:
    publish(f"unix://{unix_socket}", ingested())
    publish(f"unix://{unix_socket}?db=3&socket_timeout=5&protocol=3", ingested())
    with Redis(unix_socket_path=unix_socket) as client:
        assert len(written(client, namespace)) == 1
    with Redis(unix_socket_path=unix_socket, db=3) as client:
        assert len(written(client, namespace)) == 1


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"max_backlog": 0}, "max_backlog is 0; expected None (no limit) or a number of at least"),
        ({"max_backlog": -1}, "max_backlog is -1"),
        ({"durable_timeout_ms": 0}, "durable_timeout_ms is 0; expected at least 1 millisecond"),
        ({"retry_seconds": -1}, "retry_seconds is -1"),
        ({"max_connections": 0}, "max_connections is 0; expected at least 1"),
        ({"namespace": "a b"}, "namespace is 'a b'; expected 1 to 64"),
        (
            {"url": "redis://h?socket_timeout=2", "durable": True},
            "durable_timeout_ms is 5000; expected less than the socket_timeout of the URL (2.0 s)",
        ),
        ({"url": "http://h"}, "url is 'http://...'; expected redis://"),
    ],
)
@pytest.mark.parametrize("kind", [Publisher, AsyncPublisher])
def test_arguments_are_checked_before_anything_is_sent(
    kind: type[Any], how: dict[str, Any], told: str
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        kind(**how)
    assert str(caught.value).startswith(told)
    assert isinstance(caught.value, ValueError)
