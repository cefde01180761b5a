"""Connections that lead to a demoted server, or stay open and silent."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from fanmill.local.server import EmbeddedServer
from fanmill.ops.process_registry import running_processes
from tcp_proxy import TcpProxy

from .service import SWIFT, Service

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(tmp_path / "one", durable=False) as server:
        yield server


def client_of(server: EmbeddedServer) -> Redis:
    return Redis(port=server.port, socket_timeout=10)


def test_a_failover_with_open_connections_heals_within_30_s(
    own_server: EmbeddedServer, tmp_path: Path
) -> None:
    with (
        EmbeddedServer(tmp_path / "two", durable=False) as replica,
        TcpProxy(own_server.port) as proxy,
        client_of(own_server) as old,
        client_of(replica) as new,
        Service(proxy.url, tmp_path, SWIFT) as service,
    ):
        new.replicaof("127.0.0.1", own_server.port)
        service.await_ready(old)
        service.publish(old, range(30))
        service.await_completed(old, 30, 60)
        service.publish(old, range(30, 230))
        # The replica has all events; what was done with them since, it may lack.
        assert old.wait(1, 5000) == 1
        new.replicaof("NO", "ONE")
        old.replicaof("127.0.0.1", replica.port)
        proxy.target = replica.port
        service.publish(new, range(230, 260))
        took = service.await_completed(new, 260, 30)
        assert took < 30
        assert service.alive()


def test_connections_that_go_silent_heal_within_30_s(
    own_server: EmbeddedServer, tmp_path: Path
) -> None:
    with (
        TcpProxy(own_server.port) as proxy,
        client_of(own_server) as redis,
        Service(proxy.url, tmp_path, SWIFT) as service,
    ):
        service.await_ready(redis)
        service.publish(redis, range(30))
        service.await_completed(redis, 30, 60)
        assert proxy.silence() >= 4
        service.publish(redis, range(30, 70))
        took = service.await_completed(redis, 70, 60)
        print(f"silent connections: healed after {took:.1f} s")  # noqa: T201
        assert took < 30
        assert service.alive()
        service.await_ready(redis)


HANGING = """
import os, signal, time

def hang(*_):
    print("hanging", flush=True)
    while not os.path.exists(os.environ["HANGS_UNTIL"]):
        time.sleep(0.05)

signal.signal(signal.SIGUSR2, hang)
from fanmill.__main__ import main
main()
"""


def test_a_main_loop_that_hangs_has_no_heartbeat(
    own_server: EmbeddedServer, tmp_path: Path
) -> None:
    """A handler of a signal occupies the main thread; threads beside it go on."""
    script = tmp_path / "hanging.py"
    script.write_text(HANGING)
    with (
        client_of(own_server) as redis,
        Service(
            own_server.url, tmp_path, {"HANGS_UNTIL": str(tmp_path / "gate")}, script=script
        ) as service,
    ):
        service.await_ready(redis)
        for process in running_processes(redis, service.keys):
            os.kill(process.pid, signal.SIGUSR2)
        service.until(lambda: not running_processes(redis, service.keys), 60)
        assert service.alive()
        assert all("hanging" in service.log(role) for role in service.processes)
        (tmp_path / "gate").touch()
        service.await_ready(redis)


@pytest.mark.parametrize("state", ["away", "silent"])
def test_sigterm_without_a_server_ends_the_processes_soon(
    own_server: EmbeddedServer, tmp_path: Path, state: str
) -> None:
    with client_of(own_server) as redis, Service(own_server.url, tmp_path) as service:
        service.await_ready(redis)
        if state == "away":
            own_server.stop()
        else:
            os.kill(own_server.pid, signal.SIGSTOP)
        try:
            service.until(lambda: _noticed(service) or state == "silent", 20)
            ends: Any = service.terminate()
        finally:
            if state == "silent":
                os.kill(own_server.pid, signal.SIGCONT)
    assert {code for code, _ in ends.values()} == {0}
    # 3 s on a free machine; the machine of a test may be busy.
    assert max(seconds for _, seconds in ends.values()) < 3 + os.getloadavg()[0] / 2


def _noticed(service: Service) -> bool:
    return "server failed" in service.log("intake") and "Cannot connect" in service.log("worker")
