"""Each user of `deploy/redis/users.acl` is refused what it must not do."""

from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError

from .conftest import names

LEDGER = "fanmill:document.ingested"
PROCESSED = "fanmill:document.processed"
REJECTED = "fanmill:document.rejected"

OF_NOBODY_BUT_ADMIN: tuple[tuple[Any, ...], ...] = (
    ("KEYS", "*"),
    ("FLUSHALL",),
    ("FLUSHDB",),
    ("CONFIG", "GET", "*"),
    ("CONFIG", "SET", "appendonly", "no"),
    ("SHUTDOWN",),
    ("CLIENT", "LIST"),
    ("MONITOR",),
    ("ACL", "LIST"),
    ("ACL", "SETUSER", "worker", "+@all"),
    ("SWAPDB", "0", "1"),
    ("REPLICAOF", "NO", "ONE"),
    ("SET", "anything", "1"),
    ("GET", "another:key"),
)

OF_READERS = (
    ("XADD", LEDGER, "*", "event", "{}"),
    ("XADD", PROCESSED, "*", "event", "{}"),
    ("HSET", "fanmill:document:a", "record", "{}"),
    ("DEL", "fanmill:document:a"),
    ("EVAL", "return 1", 0),
    ("XTRIM", PROCESSED, "MAXLEN", "0"),
)

OF_PRODUCERS = (
    ("XRANGE", LEDGER, "-", "+"),
    ("XREAD", "STREAMS", LEDGER, "0"),
    ("XDEL", LEDGER, "1-1"),
    ("XTRIM", LEDGER, "MAXLEN", "0"),
    ("DEL", LEDGER),
    ("XADD", PROCESSED, "*", "event", "{}"),
    ("XADD", REJECTED, "*", "event", "{}"),
    ("LPUSH", "fanmill.deduplicate", "{}"),
    ("HGET", "fanmill:document:a", "record"),
    ("INFO",),
    ("PUBLISH", "/0.celery.pidbox", "{}"),
    ("EVALSHA", "0" * 40, 0),
)

REFUSED: dict[str, tuple[tuple[Any, ...], ...]] = {
    "raw-producer": (
        *OF_NOBODY_BUT_ADMIN,
        *OF_PRODUCERS,
        ("EVAL", "return 1", 0),
        ("XLEN", LEDGER),
    ),
    "producer": (
        *OF_NOBODY_BUT_ADMIN,
        *OF_PRODUCERS,
        ("EVAL", "return redis.call('XRANGE', KEYS[1], '-', '+')", 1, LEDGER),
        ("EVAL", "return redis.call('SET', 'anything', '1')", 0),
    ),
    "worker": OF_NOBODY_BUT_ADMIN,
    "operator": (
        *OF_NOBODY_BUT_ADMIN,
        *OF_READERS,
        ("XDEL", REJECTED, "1-1"),
        ("LPUSH", "fanmill.deduplicate", "{}"),
        ("HSET", "fanmill:processes", "a", "{}"),
        ("DEL", "fanmill:controls"),
        ("EVAL_RO", "return redis.call('GET', 'another:key')", 0),
    ),
    "reader": (
        *OF_NOBODY_BUT_ADMIN,
        *OF_READERS,
        ("XRANGE", LEDGER, "-", "+"),
        ("XRANGE", REJECTED, "-", "+"),
        ("HGETALL", "fanmill:counters"),
        ("XDEL", PROCESSED, "1-1"),
        ("INFO",),
    ),
    "admin": (
        ("FLUSHALL",),
        ("FLUSHDB",),
        ("SWAPDB", "0", "1"),
        ("SHUTDOWN",),
        ("MODULE", "LIST"),
        ("SET", "anything", "1"),
        ("GET", "another:key"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_user_is_refused_what_is_not_its_own(users, name):
    with users.client(name) as redis:
        for command in REFUSED[name]:
            with pytest.raises(Exception, match=r"(?i)permission|NOPERM|ACL failure") as refused:
                redis.execute_command(*command)
            assert refused.value, command


def test_every_user_of_the_file_is_tried(deploy):
    assert set(names(deploy)) == set(REFUSED)


def test_no_user_may_send_commands_to_other_programs_workers(users):
    """Another program on this server may listen to Celery's remote control."""
    for name in REFUSED:
        with users.client(name) as redis, pytest.raises(NoPermissionError):
            redis.publish("another-program", "shutdown")


def test_a_raw_producer_can_trim_and_the_server_has_no_rule_against_it(users):
    """ACL rules know commands and keys but no arguments, so they cannot prevent this."""
    with users.client("raw-producer") as redis:
        redis.xadd(LEDGER, {"event": "1"})
        redis.xadd(LEDGER, {"event": "2"}, maxlen=1, approximate=False)
    with users.client("inspector") as redis:
        assert redis.xlen(LEDGER) == 1


def test_nobody_gets_in_without_a_password(users):
    with (
        Redis.from_url(f"redis://{users.address}/0") as redis,
        pytest.raises((AuthenticationError, NoPermissionError)),
    ):
        redis.ping()


def test_the_file_as_shipped_starts_no_server(tmp_path: Path, deploy: Path, serving: Any) -> None:
    """Its passwords are places to fill in: forgotten ones are refused, not open."""
    (tmp_path / "users.acl").write_bytes((deploy / "redis" / "users.acl").read_bytes())
    with (
        pytest.raises(AssertionError, match="ended"),
        serving(tmp_path, "--aclfile", str(tmp_path / "users.acl")),
    ):
        pass
