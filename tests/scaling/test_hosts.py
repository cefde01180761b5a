"""Hosts made of network namespaces: they reach each other, can be cut off, and leave nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.scaling.hosts import (
    Hosts,
    LoopbackHost,
    NamespaceHost,
    namespaces_available,
    remove_namespaces,
)
from polling import until

NAMESPACES = Path("/run/netns")
CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], 7500), 1).recv(1)"
SERVE = """
import socket, sys
listening = socket.create_server((sys.argv[1], 7500))
while True:
    listening.accept()[0].sendall(b"x")
"""


def reaches(hosts: Hosts, host: str, address: str) -> bool:
    command = hosts[host].command([sys.executable, "-c", CONNECT, address])
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_hosts_reach_each_other_until_one_is_cut_off(tmp_path: Path) -> None:
    if not namespaces_available():
        pytest.skip("network namespaces need root and the program ip")
    with Hosts(namespaces=True) as hosts:
        server = hosts["server"]
        assert isinstance(server, NamespaceHost)
        command = [sys.executable, "-c", SERVE, server.address]
        running = hosts.start("server", "server", command, {}, tmp_path / "log")
        until(lambda: reaches(hosts, "one", server.address), what="the server is reached")
        server.cut()
        assert not reaches(hosts, "one", server.address)
        server.mend()
        until(lambda: reaches(hosts, "one", server.address), what="the server is reached again")
        mine = server.namespace
        assert (NAMESPACES / mine).exists()
    assert not (NAMESPACES / mine).exists()
    assert running.process.returncode is not None


def test_namespaces_of_a_run_that_was_killed_go_at_the_next() -> None:
    if not namespaces_available():
        pytest.skip("network namespaces need root and the program ip")
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    left = f"fmb-{ended.pid}-left"
    subprocess.run(["ip", "netns", "add", left], check=True)
    remove_namespaces(of_dead_runs=True)
    assert not (NAMESPACES / left).exists()


def test_a_host_on_loopback_runs_commands_as_they_are() -> None:
    host = LoopbackHost("any")
    assert (host.address, host.command(["ls"])) == ("127.0.0.1", ["ls"])
