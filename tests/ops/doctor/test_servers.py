"""`examine` on real servers, each in a state of its own, and on ports without a server."""

import socket
from collections.abc import Iterator
from time import monotonic, sleep

import pytest
from redis import Redis

from fanmill.ops.doctor import CheckResult, examine, outcome
from fanmill.ops.repair import repair_stream
from fanmill.ops.status import look
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.stores.keys import GROUP, Keys
from fanmill.wiring import Wiring
from fanmill_contracts.connections import connect

from .conftest import free_port, tls_in_front

MAX_SECONDS = 10.0
QUEUES = {stage: f"none.{stage}" for stage in STAGES}
RIGHTS_WITH_GAPS = ("on", ">right", "~fanmill:*", "&*", "+@all", "-xadd", "-brpop", "-evalsha")
FEW_RIGHTS = ("on", ">right", "~*", "+hello", "+auth", "+time")


def examined(url: str, **settings: object) -> dict[str, CheckResult]:
    """Examine a server within the promised time and return the results by their check."""
    begun = monotonic()
    results = list(examine(Settings(redis_url=url, **settings), {}))
    assert monotonic() - begun < MAX_SECONDS
    for result in results:
        assert result.seen
        assert (result.level == "ok") == (result.advice == ""), result
    assert len(set(results)) == len(results)
    # The first of a name: later checks may meet the same obstacle.
    return {result.check: result for result in reversed(results)}


def only_server(url: str) -> CheckResult:
    """Examine a server that cannot be used; return why."""
    results = examined(url)
    assert set(results) == {"settings", "server"}
    assert outcome(results.values()) == "no-server"
    return results["server"]


def keys_of(namespace: str) -> Keys:
    return Keys(Settings(namespace=namespace).streams)


def url_of(port: int, login: str = "", scheme: str = "redis", database: int = 0) -> str:
    return f"{scheme}://{login}127.0.0.1:{port}/{database}"


def test_a_new_server_lacks_processes_and_an_append_only_file(server, namespace):
    results = examined(server.url, namespace=namespace)
    assert {name for name, result in results.items() if result.level == "error"} == {"processes"}
    assert "fanmill intake" in results["processes"].advice
    assert results["persistence"].level == "warning"
    assert results["ledger"].level == "warning"
    assert results["rights"] == CheckResult("rights", "ok", "user default")
    assert outcome(results.values()) == "failed"


def test_no_listener():
    result = only_server(url_of(free_port()))
    assert "refuses connections" in result.seen
    assert "fanmill up" in result.advice


def test_an_unknown_host():
    result = only_server("redis://no-such-host.invalid:6379/0")
    assert "host 'no-such-host.invalid' is unknown" in result.seen
    assert "getent hosts no-such-host.invalid" in result.advice


def test_a_missing_unix_socket(tmp_path):
    result = only_server(f"unix://{tmp_path}/none.sock")
    assert "does not exist" in result.seen
    assert "unixsocket" in result.advice


def test_a_unix_socket(starting, tmp_path):
    with starting("--unixsocket", str(tmp_path / "valkey.sock")):
        results = examined(f"unix://{tmp_path}/valkey.sock")
    assert results["server"].level == "ok", results["server"]
    assert "processes" in results


def test_a_listener_that_never_answers(listening):
    with listening(lambda connection: connection.recv(1) and sleep(30)) as port:
        result = only_server(url_of(port))
    assert "does not answer" in result.seen
    assert "redis-cli -h 127.0.0.1" in result.advice


def test_a_listener_that_answers_a_byte_a_second(listening):
    """No time-out of a socket ends this: the limit of the whole examination does."""

    def drip(connection: socket.socket) -> None:
        connection.recv(64)
        connection.sendall(b"+PONG\r\n")
        for _ in range(60):
            connection.sendall(b"-")
            sleep(0.5)

    with listening(drip) as port:
        results = examined(url_of(port))
    assert outcome(results.values()) == "no-server"


def test_a_listener_that_closes(listening):
    with listening(socket.socket.close) as port:
        result = only_server(url_of(port))
    assert "closes the connection" in result.seen


def test_a_web_server(listening):
    def answer(connection: socket.socket) -> None:
        with connection:
            connection.recv(64)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with listening(answer) as port:
        for scheme in ("redis", "rediss"):
            result = only_server(url_of(port, scheme=scheme))
            assert "web server" in result.seen, scheme
            assert "FANMILL_REDIS_URL" in result.advice


def test_tls_asked_of_a_plain_port(server):
    result = only_server(url_of(server.port, scheme="rediss"))
    assert "answers without TLS" in result.seen
    assert "redis:// in place of rediss://" in result.advice


def test_no_tls_asked_of_a_tls_port(server, listening, certificate):
    with listening(tls_in_front(server.port, certificate)) as port:
        result = only_server(url_of(port))
    assert "speaks TLS" in result.seen
    assert "rediss:// in place of redis://" in result.advice


def test_a_certificate_of_an_unknown_authority(server, listening, certificate):
    with listening(tls_in_front(server.port, certificate)) as port:
        result = only_server(f"rediss://localhost:{port}/0")
    assert "certificate is refused" in result.seen
    assert "ssl_ca_certs" in result.advice


def test_a_certificate_for_another_name(server, listening, certificate):
    with listening(tls_in_front(server.port, certificate)) as port:
        result = only_server(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={certificate}")
    assert "certificate is refused" in result.seen
    assert "'127.0.0.1'" in result.advice


def test_a_trusted_certificate(server, listening, certificate, namespace):
    with listening(tls_in_front(server.port, certificate)) as port:
        results = examined(
            f"rediss://localhost:{port}/0?ssl_ca_certs={certificate}", namespace=namespace
        )
    assert results["server"].level == "ok", results["server"]
    assert "processes" in results


def test_a_fresh_tls_connection_is_never_taken_for_a_dirty_one(server, listening, certificate):
    """TLS 1.3 sends session tickets after the handshake, before any command."""
    with listening(tls_in_front(server.port, certificate)) as port:
        url = f"rediss://localhost:{port}/0?ssl_ca_certs={certificate}"
        for _ in range(30):
            with connect(url, retry_seconds=0) as client:
                assert client.ping()


def test_a_closed_tls_connection_is_noticed_and_replaced(server, listening, certificate):
    with (
        listening(tls_in_front(server.port, certificate)) as port,
        connect(f"rediss://localhost:{port}/0?ssl_ca_certs={certificate}", retry_seconds=5) as one,
        Redis(port=server.port) as admin,
    ):
        for _ in range(5):
            name = one.client_id()
            admin.client_kill_filter(_id=name)
            assert one.ping()


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


def test_a_ledger_of_another_type(redis, server, namespace):
    keys = keys_of(namespace)
    redis.set(keys.ingested, "x")
    result = examined(server.url, namespace=namespace)["ledger"]
    assert (result.level, "FANMILL_NAMESPACE" in result.advice) == ("error", True)


def test_a_ledger_without_its_group_and_with_it(redis, server, namespace):
    keys = keys_of(namespace)
    redis.xadd(keys.ingested, {"event": "{}"})
    assert "no consumer group" in examined(server.url, namespace=namespace)["ledger"].seen
    redis.xgroup_create(keys.ingested, GROUP, id="0")
    assert examined(server.url, namespace=namespace)["ledger"].level == "ok"


def test_ids_ahead_of_the_clock(redis, server, namespace):
    keys = keys_of(namespace)
    redis.xadd(keys.ingested, {"event": "{}"}, id="1763000000000000-0")
    result = examined(server.url, namespace=namespace)["ids"]
    assert result.level == "warning"
    assert "beyond the year 9999" in result.seen
    assert "fanmill intake --repair-stream" in result.advice


def test_the_advice_for_an_exhausted_stream_gets_out_of_it(redis, server, namespace):
    keys = keys_of(namespace)
    redis.xadd(keys.ingested, {"event": "{}"}, id=f"{2**64 - 1}-{2**64 - 1}")
    redis.xgroup_create(keys.ingested, GROUP, id="0")
    result = examined(server.url, namespace=namespace)["ledger"]
    assert (result.level, "exhausted" in result.seen) == ("error", True)
    assert "fanmill intake --repair-stream" in result.advice
    for _ in repair_stream(redis, keys):
        pass
    assert examined(server.url, namespace=namespace)["ledger"].seen.endswith("1 events")
    assert redis.xadd(keys.ingested, {"event": "{}"})


def test_rejections_and_backlog_at_their_ceilings(redis, server, namespace):
    keys = keys_of(namespace)
    for _ in range(3):
        rejected_id = redis.xadd(keys.rejected, {"event": "{}"})
        redis.zadd(keys.failed, {rejected_id: 1})
        redis.xadd(keys.ingested, {"event": "{}"})
    results = examined(server.url, namespace=namespace, max_rejected=3, max_backlog=3)
    assert results["rejections"].level == "error"
    assert "intake has stopped reading" in results["rejections"].seen
    assert results["backlog"].level == "error"
    assert "publishers are refused" in results["backlog"].seen


def test_invalid_events_do_not_stop_intake(redis, server, namespace):
    redis.xadd(keys_of(namespace).rejected, {"event": "{}"})
    result = examined(server.url, namespace=namespace, max_rejected=1)["rejections"]
    assert (result.level, result.seen) == ("warning", "1")


def test_entries_lost_unread(redis, server, namespace):
    """Counted by a real ledger, told by `doctor` and `status`."""
    wiring = Wiring(Settings(redis_url=server.url, namespace=namespace))
    wiring.ledger.open()
    for _ in range(5):
        redis.xadd(wiring.keys.ingested, {"event": "{}"})
    redis.xtrim(wiring.keys.ingested, maxlen=2, approximate=False)
    assert wiring.ledger.lost_unread() == 3
    result = examined(server.url, namespace=namespace)["losses"]
    assert (result.level, result.seen.startswith("3 entries")) == ("warning", True)
    assert look(redis, wiring.keys, QUEUES).lost_unread == 3


def test_an_index_on_a_server_that_is_away(server, namespace):
    index_url = url_of(free_port(), scheme="redis")
    result = examined(server.url, namespace=namespace, index_url=index_url)["index"]
    assert result.level == "error"
    assert "FANMILL_INDEX_URL" in result.advice


def test_an_index_is_examined_while_the_ledger_is_away(server):
    results = examined(url_of(free_port()), index_url=server.url)
    assert results["server"].level == "error"
    assert results["index"].level == "ok"


def test_the_checks_write_nothing(starting):
    with starting() as port, Redis(port=port) as redis:
        examined(url_of(port))
        assert redis.dbsize() == 0
