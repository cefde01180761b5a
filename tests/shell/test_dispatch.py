"""Messages on a real server: what is in them, how long they wait."""

import subprocess
from collections.abc import Iterator
from json import loads
from pathlib import Path
from typing import Any

import pytest
from kombu import Queue
from redis import Redis

from builders import RedisStores, ingested, taken_in
from celery_apps import app_of
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.local.server import find_binary
from fanmill.ports import STAGES, Batch
from fanmill.settings import Settings
from fanmill.shell.dispatch import CeleryDispatcher
from fanmill.shell.queues import queue_name
from fanmill.steps import Functions, Services, deduplicate
from fanmill.stores.keys import Keys
from polling import until

SECRET = "Nobody but the ledger may hold this sentence."


@pytest.fixture
def dispatcher(settings: Settings, redis: Redis) -> Iterator[CeleryDispatcher]:
    app = app_of(settings)
    yield CeleryDispatcher(app, redis, settings.namespace)
    app.close()


def received(settings: Settings, stage: str) -> list[tuple[Any, dict[str, Any]]]:
    """Take all messages off a queue the way a worker does: arguments and headers."""
    app = app_of(settings)
    found = []
    with app.connection_for_read() as connection, connection.channel() as channel:
        queue = Queue(f"{settings.namespace}.{stage}", channel=channel)
        while (message := queue.get(no_ack=True)) is not None:
            found.append((message.payload[0], message.headers))
    app.close()
    return found


def test_a_message_holds_references_and_how_often_they_were_sent(
    dispatcher: CeleryDispatcher, settings: Settings
) -> None:
    dispatcher.dispatch("tag", Batch("batch-1", ("1-0", "2-0"), 3))
    ((arguments, headers),) = received(settings, "tag")
    assert arguments == ["batch-1", ["1-0", "2-0"], 3]
    assert headers["task"] == "fanmill.tag"
    assert headers["id"] == "batch-1-tag-3"
    assert headers["ignore_result"] is True


def test_each_stage_is_sent_to_its_queue_in_the_order_of_sending(
    dispatcher: CeleryDispatcher, settings: Settings, redis: Redis
) -> None:
    for number in range(3):
        for stage in STAGES:
            dispatcher.dispatch(stage, Batch(f"{stage}-{number}", ("1-0",)))
    for stage in STAGES:
        assert redis.llen(f"{settings.namespace}.{stage}") == 3
        batches = [arguments[0] for arguments, _ in received(settings, stage)]
        assert batches == [f"{stage}-0", f"{stage}-1", f"{stage}-2"]


def test_no_text_is_in_any_message(
    dispatcher: CeleryDispatcher, settings: Settings, redis: Redis, keys: Keys
) -> None:
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    ids = taken_in(
        stores, ingested("secret-1", SECRET, title=SECRET), ingested("secret-2", SECRET + "!")
    )
    services = Services(
        stores.ledger,
        stores.index,
        dispatcher,
        Functions(Fingerprinter, lambda _: {}, lambda _: {}),
    )
    batch = Batch("batch-1", tuple(ids))
    dispatcher.dispatch("deduplicate", batch)
    deduplicate(services, batch)
    for stage in STAGES:
        messages: Any = redis.lrange(queue_name(settings.namespace, stage), 0, -1)
        (message,) = messages
        assert len(message) < 2000
        ((arguments, headers),) = received(settings, stage)
        everything = f"{message!r} {arguments} {headers}"
        assert "sentence" not in everything
        assert "secret-" not in everything
        assert arguments[1] == ids


def test_a_message_that_waits_is_seen_to_wait(
    dispatcher: CeleryDispatcher, settings: Settings, redis: Redis
) -> None:
    assert dispatcher.oldest_waiting_seconds("tag") == 0.0
    dispatcher.dispatch("tag", Batch("first", ("1-0",)))
    waited = until(lambda: dispatcher.oldest_waiting_seconds("tag"))
    dispatcher.dispatch("tag", Batch("second", ("2-0",)))
    # The oldest one counts, and it goes on waiting.
    assert dispatcher.oldest_waiting_seconds("tag") >= waited
    until(lambda: dispatcher.oldest_waiting_seconds("tag") > waited + 0.02)
    assert dispatcher.oldest_waiting_seconds("summarize") == 0.0
    oldest: Any = redis.rpop(f"{settings.namespace}.tag")
    assert loads(oldest)["headers"]["id"] == "first-tag-1"


@pytest.mark.parametrize(
    "message", [b"", b"nonsense", b"[]", b"1", b"{}", b'{"headers":null}', b'{"headers":{}}',
                b'{"headers":{"fanmill_sent_ms":"x"}}', b"\xff",
                b'{"headers":{"fanmill_sent_ms":1e999}}', b"[" * 5000,
                b'{"headers":{"fanmill_sent_ms":NaN}}', b'{"headers":{"fanmill_sent_ms":true}}']
)  # fmt: skip
def test_a_message_of_another_program_holds_nothing_back(
    dispatcher: CeleryDispatcher, settings: Settings, redis: Redis, message: bytes
) -> None:
    redis.rpush(f"{settings.namespace}.tag", message)
    assert dispatcher.oldest_waiting_seconds("tag") == 0.0


def test_a_message_of_another_clock_never_waits_less_than_no_time(
    dispatcher: CeleryDispatcher, settings: Settings, redis: Redis
) -> None:
    redis.rpush(f"{settings.namespace}.tag", b'{"headers":{"fanmill_sent_ms":99999999999999}}')
    assert dispatcher.oldest_waiting_seconds("tag") == 0.0


@pytest.fixture(params=["", "hunter2"])
def socket_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a server that listens only on a socket, with or without a password."""
    path = tmp_path / "s"
    options = ["--requirepass", request.param] if request.param else []
    with subprocess.Popen(
        [
            find_binary(),
            "--port",
            "0",
            "--unixsocket",
            str(path),
            "--save",
            "",
            "--dir",
            str(tmp_path),
            *options,
        ],
        stdout=subprocess.DEVNULL,
    ) as process:
        until(path.exists)
        yield f"unix://{f':{request.param}@' if request.param else ''}{path}?db=3"
        process.terminate()


def test_a_server_behind_a_socket_is_reached_by_ledger_and_queues_alike(socket_url: str) -> None:
    settings = Settings(redis_url=socket_url, namespace="sock")
    with Redis.from_url(socket_url) as client:
        assert client.ping()
        dispatcher = CeleryDispatcher(app_of(settings), client, "sock")
        dispatcher.dispatch("tag", Batch("batch-1", ("1-0",)))
        # In the same database: the redelivery looks there.
        assert client.llen("sock.tag") == 1
    ((arguments, _),) = received(settings, "tag")
    assert arguments == ["batch-1", ["1-0"], 1]
