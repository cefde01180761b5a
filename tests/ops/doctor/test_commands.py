"""Commands on servers that refuse: the message has the cause and the remedy, as `doctor` has."""

import sys

from redis import Redis

from fork_server import run

from .conftest import free_port
from .examining import url_of


def stderr_of(url: str, *arguments: str) -> str:
    done = run(
        [sys.executable, "-m", "fanmill", *arguments, "--redis-url", url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def test_a_missing_right_is_no_absent_server(starting):
    with starting() as port, Redis(port=port) as admin:
        admin.execute_command("ACL SETUSER", "mill", "on", ">right", "~other:*", "+@all")
        message = stderr_of(url_of(port, "mill:right@"), "results")
    assert "fanmill doctor" in message
    assert "is it running" not in message


def test_a_replica_is_no_absent_server(starting):
    with starting() as port, Redis(port=port) as admin:
        admin.hset("fanmill:document:a", mapping={"state": "received", "revisions": "1"})
        admin.execute_command("REPLICAOF", "127.0.0.1", free_port())
        message = stderr_of(url_of(port), "forget", "a", "--yes", "--note", "asked")
    assert "read-only replica" in message
    assert "REPLICAOF NO ONE" in message


def test_an_absent_server_is_asked_for():
    assert "is it running?" in stderr_of(url_of(free_port()), "status")
