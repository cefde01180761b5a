"""Probes of a container: fresh, silent and foreign processes, and a Redis that is away."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from fanmill.local.server import EmbeddedServer
from fanmill.ops.container import own_container
from fanmill.ops.health import check
from fanmill.ops.plain_client import ServerFailed, ask
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.stores.redis.controls import TARGETS
from fanmill.wiring import Wiring
from fanmill_contracts.addresses import ServerAddress

MAX_MODULES = 70
"""Modules that a probe may load beyond an empty Python; it loads about 60, ours included."""

HEAVY = {
    "dataclasses",
    "inspect",
    "hashlib",
    "pathlib",
    "stringprep",
    "celery",
    "kombu",
    "pydantic",
    "redis",
    "typer",
    "click",
    "rich",
    "numpy",
    "structlog",
}


@pytest.fixture
def probe(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return the probe of this test's namespace."""
    monkeypatch.setenv("FANMILL_REDIS_URL", settings.redis_url.get_secret_value())
    monkeypatch.setenv("FANMILL_NAMESPACE", settings.namespace)
    return check


def test_a_fresh_heartbeat_is_alive_and_ready(
    probe: Callable[..., int], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    heartbeat = Wiring(settings).heartbeat("intake")
    heartbeat.beat()
    assert probe("live") == probe("ready") == 0
    assert "alive: intake-" in capsys.readouterr().out
    heartbeat.stop()
    assert probe("live") == probe("ready") == 1
    assert "no intake, worker or sink of this container is alive" in capsys.readouterr().err


def test_a_pause_is_shown_and_no_failure(
    probe: Callable[..., int], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    wiring = Wiring(settings)
    wiring.heartbeat("intake").beat()
    for target in TARGETS:
        wiring.controls.pause(target, "ada@mill1", "a look")
    assert probe("live") == probe("ready") == 0
    assert capsys.readouterr().out.count(f"; paused: {', '.join(sorted(TARGETS))}\n") == 2
    for target in TARGETS:
        wiring.controls.resume(target, "ada@mill1")
    assert probe("ready") == 0
    assert "paused" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "a", "container": "another", "seen_ms": 2**53},
        {"name": "a", "container": own_container(), "seen_ms": 0},
        {"name": "a", "container": own_container(), "seen_ms": "soon"},
        {"name": "a", "seen_ms": 2**53},
        [1],
        None,
        "text",
    ],
)
def test_entries_of_others_of_the_dead_and_of_later_releases_do_not_count(
    probe: Callable[..., int], redis: Redis, keys: Keys, entry: object
) -> None:
    redis.hset(keys.processes, "a", json.dumps(entry))
    redis.hset(keys.processes, "b", b"\xff{")
    assert probe("live") == probe("ready") == 1


def test_without_redis_a_container_is_alive_and_not_ready(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"unix://{tmp_path}/none"
    assert check("live", url) == 0
    assert "redis does not answer" in capsys.readouterr().out
    assert check("ready", url) == 1
    assert "redis does not answer" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["http://x", "redis://host:0/0", "redis://h/x", ""])
def test_an_unusable_url_is_an_error_that_shows_no_secret(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = check("live", url or "redis://u:sec/ret@h/0")
    assert code == 2
    assert "FANMILL_REDIS_URL" in (error := capsys.readouterr().err)
    assert "sec" not in error


def test_user_and_password_are_used_and_a_database_is_selected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with EmbeddedServer(tmp_path, durable=False) as server:
        with Redis(port=server.port) as redis:
            redis.execute_command("ACL", "SETUSER", "mill", "on", ">p@ss", "~*", "+@all")
            redis.config_set("requirepass", "other")
        settings = Settings(redis_url=f"redis://mill:p%40ss@127.0.0.1:{server.port}/0")
        heartbeat = Wiring(settings).heartbeat("intake")
        heartbeat.beat()
        assert check("ready", settings.redis_url.get_secret_value()) == 0
        assert check("ready", f"redis://:other@127.0.0.1:{server.port}/0") == 0
        assert check("ready", f"redis://127.0.0.1:{server.port}/0") == 1
        assert check("ready", f"redis://mill:wrong@127.0.0.1:{server.port}/0") == 1
        assert check("ready", f"redis://mill:p%40ss@127.0.0.1:{server.port}/99") == 1
        assert "DB index is out of range" in capsys.readouterr().err


@pytest.mark.parametrize(
    "answer",
    [b"", b"$", b"-ERR no\r\n", b"HTTP/1.1 400 Bad Request\r\n", b"$5\r\nab", b"$99999999999\r\n"],
)
def test_a_server_that_is_no_redis_ends_the_probe(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answer)

        thread = Thread(target=serve)
        thread.start()
        address = ServerAddress.parse(f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        with pytest.raises(ServerFailed):
            ask(address, 2, [("TIME",)])
        thread.join()


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_any_value_comes_back_as_it_was_stored(server: EmbeddedServer, values: list[bytes]) -> None:
    with Redis(port=server.port) as redis:
        redis.delete("t-plain")
        if values:
            redis.rpush("t-plain", *values)
    address = ServerAddress.parse(server.url)
    assert ask(address, 5, [("LRANGE", "t-plain", "0", "-1")]) == [values]


def test_a_probe_loads_few_modules(server: EmbeddedServer) -> None:
    script = (
        "import sys; before = set(sys.modules);"
        "from fanmill.ops.health import check; check('live');"
        "print(*set(sys.modules) - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "FANMILL_REDIS_URL": server.url},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {"fanmill.ops.health", "socket"} <= loaded
    assert not HEAVY & loaded
    assert len(loaded) <= MAX_MODULES


@pytest.mark.parametrize("kind", ["live", "ready"])
def test_the_command_and_the_short_way_agree(kind: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fanmill", "health", kind]
    url = f"unix://{tmp_path}/none"
    short = subprocess.run(
        command,
        env={**os.environ, "FANMILL_REDIS_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    long = subprocess.run(
        [*command, "--redis-url", url], capture_output=True, text=True, check=False
    )
    assert (short.returncode, short.stdout, short.stderr) == (
        long.returncode,
        long.stdout,
        long.stderr,
    )
    assert short.returncode == (kind == "ready")
