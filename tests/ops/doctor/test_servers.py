"""`examine` on real servers, each in a state of its own."""

import socket
from collections.abc import Iterator
from time import monotonic, sleep

import pytest
from redis import Redis

from fanmill.ops.doctor import CheckResult, outcome

from .conftest import free_port
from .examining import examined, only_server, url_of

RIGHTS_WITH_GAPS = ("on", ">right", "~fanmill:*", "&*", "+@all", "-xadd", "-brpop", "-evalsha")
FEW_RIGHTS = ("on", ">right", "~*", "+hello", "+auth", "+time")


def test_a_new_server_lacks_processes_and_an_append_only_file(server, namespace):
    results = examined(server.url, namespace=namespace)
    assert {name for name, result in results.items() if result.level == "error"} == {"processes"}
    assert "fanmill intake" in results["processes"].advice
    assert results["persistence"].level == "warning"
    assert results["ledger"].level == "warning"
    assert results["rights"] == CheckResult("rights", "ok", "user default")
    assert outcome(results.values()) == "failed"


@pytest.fixture
def guarded_port(starting) -> Iterator[int]:
    with starting("--requirepass", "right") as port:
        yield port


@pytest.mark.parametrize(
    ("login", "seen"),
    [
        ("", "wants a password"),
        (":wrong@", "wrong password, or user 'default'"),
        ("nobody:wrong@", "user 'nobody' is unknown"),
    ],
)
def test_a_login_that_is_refused(guarded_port, login, seen):
    result = only_server(url_of(guarded_port, login))
    assert seen in result.seen
    assert "wrong@" not in result.seen + result.advice


def test_a_login_that_is_accepted(guarded_port):
    assert examined(url_of(guarded_port, ":right@"))["server"].level == "ok"


def test_a_database_out_of_range(server):
    result = only_server(url_of(server.port, database=7))
    assert "no database 7" in result.seen
    assert "databases" in result.advice


def test_missing_rights_are_named_with_the_line_that_grants_them(starting):
    with starting() as port, Redis(port=port) as admin:
        admin.execute_command("ACL SETUSER", "mill", *RIGHTS_WITH_GAPS)
        results = examined(url_of(port, "mill:right@"))
        advice = results["rights"].advice
        for rule in ("+evalsha", "+brpop", "+xadd", "'~fanmill.*'"):
            assert rule in advice
        granted = advice.partition("SETUSER ")[2].partition(";")[0].replace("'", "").split()
        # The advice mends what it is given for.
        admin.execute_command("ACL", "SETUSER", *granted)
        assert examined(url_of(port, "mill:right@"))["rights"].level == "ok"
        other = examined(url_of(port, "mill:right@"), namespace="other")
    assert "'~other:*'" in other["rights"].advice


def test_a_user_without_the_right_to_ask_gets_the_other_checks(starting):
    with starting() as port:
        with Redis(port=port) as admin:
            admin.execute_command("ACL SETUSER", "mill", *FEW_RIGHTS)
        results = examined(url_of(port, "mill:right@"))
    assert "+info" in results["rights"].advice or "ACL SETUSER mill" in results["rights"].advice
    assert results["clock"].level == "ok"
    assert outcome(results.values()) == "failed"


def test_a_replica_without_its_primary(starting):
    with starting("--replicaof", f"127.0.0.1 {free_port()}") as port:
        results = examined(url_of(port))
        assert results["replication"].level == "error"
        assert "read-only replica" in results["replication"].seen
        assert "link to it is down" in results["replication"].seen
        assert "REPLICAOF NO ONE" in results["replication"].advice
        with Redis(port=port) as admin:
            admin.config_set("replica-serve-stale-data", "no")
        assert "replica" in examined(url_of(port))["replication"].seen


def test_a_replica_with_its_primary(server, starting):
    with starting("--replicaof", f"127.0.0.1 {server.port}") as port, Redis(port=port) as redis:
        deadline = monotonic() + 20
        while redis.info("replication")["master_link_status"] != "up":
            assert monotonic() < deadline
            sleep(0.05)
        result = examined(url_of(port))["replication"]
    assert f"redis://127.0.0.1:{server.port}/0" in result.advice


def test_a_full_server_and_an_eviction_policy(starting):
    with starting("--maxmemory", "3mb") as port, Redis(port=port) as redis:
        redis.config_set("maxmemory", 1)
        memory = examined(url_of(port))["memory"]
        assert (memory.level, "full" in memory.seen) == ("error", True)
        assert "CONFIG SET maxmemory" in memory.advice
        redis.config_set("maxmemory-policy", "allkeys-lru")
        eviction = examined(url_of(port))["eviction policy"]
        assert (eviction.level, "noeviction" in eviction.advice) == ("error", True)


def test_an_append_only_file_and_how_often_it_is_synced(starting):
    with starting("--appendonly", "yes", "--appendfsync", "no") as port, Redis(port=port) as redis:
        assert "appendfsync everysec" in examined(url_of(port))["persistence"].advice
        redis.config_set("appendfsync", "always")
        assert examined(url_of(port))["persistence"].seen.endswith("fsync always")


def test_a_node_of_a_cluster(starting):
    with starting("--cluster-enabled", "yes", "--cluster-port", str(free_port())) as port:
        result = examined(url_of(port))["server mode"]
    assert result.level == "error"
    assert "cluster-enabled no" in result.advice


def test_a_server_that_loads_its_data(starting):
    """The server is told to take its time for each key it loads."""
    slow = (
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
        "--loading-process-events-interval-bytes",
        "1024",
    )
    with starting(*slow) as port, Redis(port=port) as redis:
        # Single commands: the delay of loading is counted by them.
        pipe = redis.pipeline(transaction=False)
        for number in range(20_000):
            pipe.set(f"key:{number}", "x" * 100)
        pipe.execute()
    with starting(*slow, "--key-load-delay", "1000", ready=False) as port:
        result = only_server(url_of(port))
    assert "loading its data" in result.seen
    assert "INFO persistence" in result.advice


def test_no_connection_left(starting):
    with starting() as port, Redis(port=port) as redis:
        redis.config_set("maxclients", 1)
        result = only_server(url_of(port))
    assert "no connection left" in result.seen
    assert "CONFIG SET maxclients" in result.advice


def test_a_script_that_does_not_end(starting):
    with starting("--busy-reply-threshold", "50") as port:
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(b"EVAL 'while true do end' 0\r\n")
        sleep(0.3)
        result = only_server(url_of(port))
        with Redis(port=port) as redis:
            redis.script_kill()
        connection.close()
    assert "busy with a script" in result.seen
    assert "SCRIPT KILL" in result.advice


def test_a_server_that_is_stopped_while_its_port_is_open(starting):
    with starting("--enable-debug-command", "yes") as port:
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(b"DEBUG SLEEP 12\r\n")
        result = only_server(url_of(port))
        connection.close()
    assert "does not answer" in result.seen
