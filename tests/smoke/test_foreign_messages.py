"""Messages and commands of other programs on the same server."""

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from gzip import compress
from json import dumps
from pathlib import Path
from pickle import dumps as pickled
from typing import Any

import pytest
from redis import Redis

from fanmill.local.server import EmbeddedServer
from fanmill.ports import STAGES

from .service import Service

pytestmark = pytest.mark.timeout(300)

SECRET = "SECRET-CONTENT"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(tmp_path / "one", durable=False) as server:
        yield server


def message(body: bytes = b'[["b", ["1-0"], 1], {}, {}]', **change: Any) -> bytes:
    """Return a message in Celery's form with some fields changed."""
    fields: dict[str, Any] = {
        "body": b64encode(body).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {"task": "fanmill.tag", "id": "1"},
        "properties": {"body_encoding": "base64", "delivery_tag": "1", "delivery_info": {}},
    }
    return dumps({**fields, **change}).encode()


GARBAGE = (
    b"",
    SECRET.encode(),
    b"\xff\xfe" + SECRET.encode(),
    b"null",
    b"7",
    b"[]",
    b"{}",
    dumps(SECRET).encode(),
    b"[" * 100_000,
    b'{"__type__": "uuid", "__value__": "SECRET-CONTENT"}',
    message(headers={"task": SECRET, "id": "1"}),
    message(headers={"task": [SECRET], "id": "1"}),
    message(headers={"task": "fanmill.tag", "id": 1}),
    message(headers=[SECRET]),
    message(properties=SECRET),
    message(properties={}),
    message(body=SECRET.encode()),
    message(body=dumps([[SECRET], {}, {}]).encode()),
    message(body=dumps([["b", [SECRET], 1], {}, {}]).encode()),
    message(body=dumps([["b", ["1-0"], True], {}, {}]).encode()),
    message(body=dumps([["b", ["1-0"], 1], {"other": SECRET}, {}]).encode()),
    message(compress(SECRET.encode()), headers={"task": "fanmill.tag", "id": "1",
                                                "compression": "application/x-gzip"}),
    message(pickled(SECRET), **{"content-type": "application/x-python-serialize"}),
    message(**{"content-type": "application/x-yaml"}),
)  # fmt: skip


def test_no_message_ends_a_worker_or_shows_in_its_log(
    own_server: EmbeddedServer, tmp_path: Path
) -> None:
    with Redis(port=own_server.port) as redis, Service(own_server.url, tmp_path) as service:
        service.await_ready(redis)
        worker = service.processes["worker"].pid
        for stage in STAGES:
            redis.lpush(f"fanmill.{stage}", *GARBAGE)
        service.publish(redis, range(20))
        service.await_completed(redis, 20, 60)
        service.until(lambda: not any(redis.llen(f"fanmill.{stage}") for stage in STAGES), 30)
        assert service.processes["worker"].pid == worker
        assert service.alive()
        log = service.log("worker")
        assert log.count("message skipped") == len(GARBAGE) * len(STAGES)
        assert SECRET not in log
        assert "Traceback" not in log


def test_remote_control_of_another_program_has_no_effect(
    own_server: EmbeddedServer, tmp_path: Path
) -> None:
    with (
        Redis(port=own_server.port) as redis,
        Service(own_server.url, tmp_path, {"FANMILL_NAMESPACE": "eu"}) as service,
    ):
        service.await_ready(redis)
        celery = [sys.executable, "-m", "celery", "-b", own_server.url, "control"]
        for command in ("pool_restart", "cancel_consumer fanmill.tag", "shutdown"):
            subprocess.run(
                [*celery, *command.split()], capture_output=True, timeout=60, check=False
            )
        service.publish(redis, range(5))
        service.await_completed(redis, 5, 60)
        assert service.alive()


def test_nothing_is_left_under_names_that_others_share(
    own_server: EmbeddedServer, tmp_path: Path
) -> None:
    with Redis(port=own_server.port) as redis:
        with Service(own_server.url, tmp_path, {"FANMILL_NAMESPACE": "eu"}) as service:
            service.await_ready(redis)
            service.publish(redis, range(5))
            service.await_completed(redis, 5, 60)
        keys: Any = redis.keys("*")
        ours = ("eu:", "eu.", "_kombu.binding.eu.", "_kombu.binding_permanent.eu.")
        left = [key for key in keys if not key.decode().startswith(ours)]
        assert left in ([], [b"_kombu.binding_deadlines"])


def test_two_namespaces_on_one_server_do_not_affect_each_other(
    own_server: EmbeddedServer, tmp_path: Path
) -> None:
    with (
        Redis(port=own_server.port) as redis,
        Service(own_server.url, tmp_path, {"FANMILL_NAMESPACE": "eu"}) as one,
        Service(own_server.url, tmp_path, {"FANMILL_NAMESPACE": "eu.x"}) as two,
    ):
        one.await_ready(redis)
        two.await_ready(redis)
        one.publish(redis, range(30))
        two.publish(redis, range(20))
        one.await_completed(redis, 30, 60)
        two.await_completed(redis, 20, 60)
        two.terminate()
        one.publish(redis, range(30, 40))
        one.await_completed(redis, 40, 60)
        assert len(two.completed(redis)) == 20
