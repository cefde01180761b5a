"""Check of the user's rights, asked of the server by ACL DRYRUN, which runs and logs nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis import Redis
from redis.exceptions import NoPermissionError, RedisError, ResponseError

from fanmill.ops.doctor.result import CheckResult
from fanmill.stores.keys import GROUP, Keys
from fanmill_contracts.addresses import ServerAddress

_DENIED: Final = re.compile(
    r"(?:run the '(?P<command>[^']+)' command|access the '(?P<key>[^']*)' (?P<kind>key|channel))"
)


@dataclass(frozen=True, slots=True)
class Need:
    """A command that a role must be allowed to run."""

    purpose: str
    command: tuple[str, ...]
    writes: bool


@dataclass(frozen=True, slots=True)
class Rights:
    """The server's answers about a user: the sentence of denial for each need that is denied."""

    user: str
    denied: tuple[tuple[Need, str], ...] = ()
    examined: bool = True
    """False if the user may not ask."""


def needs(keys: Keys, queue: str) -> tuple[Need, ...]:
    """Return what an intake and a worker of the namespace run; `queue` is one of Celery's."""
    ledger = keys.ingested
    return (
        Need("heartbeats", ("HGETALL", keys.processes), writes=False),
        Need("counters", ("HGETALL", keys.counters), writes=False),
        Need("the ledger", ("XRANGE", ledger, "-", "+"), writes=False),
        Need("rejections", ("XRANGE", keys.rejected, "-", "+"), writes=False),
        Need("scripts", ("EVALSHA", "0" * 40, "1", ledger), writes=True),
        Need("loading scripts", ("EVAL", "return 1", "1", keys.document("a")), writes=True),
        Need(
            "the consumer group",
            ("XREADGROUP", "GROUP", GROUP, "a", "STREAMS", ledger, ">"),
            writes=True,
        ),
        Need("making the consumer group", ("XGROUP", "CREATE", ledger, GROUP, "0"), writes=True),
        # The commands of a script need the rights of its caller.
        Need("announcing results", ("XADD", keys.processed, "*", "a", "b"), writes=True),
        Need("rejecting", ("XADD", keys.rejected, "*", "a", "b"), writes=True),
        Need("claiming", ("XCLAIM", ledger, GROUP, "a", "0", "1-1"), writes=True),
        Need("acknowledging", ("XACK", ledger, GROUP, "1-1"), writes=True),
        Need(
            "the outbox",
            ("XREADGROUP", "GROUP", "sink:a", "a", "STREAMS", keys.processed, ">"),
            writes=True,
        ),
        Need("sinks", ("HSET", keys.sinks, "a", "{}"), writes=True),
        Need("trimming the outbox", ("XTRIM", keys.processed, "MINID", "1"), writes=True),
        Need("removing entries", ("XDEL", ledger, "1-1"), writes=True),
        Need("records", ("HSET", keys.document("a"), "a", "b"), writes=True),
        Need("event ids", ("SET", keys.event("a", "b"), "c", "PX", "1"), writes=True),
        Need("the order of results", ("ZADD", keys.results, "1", "a"), writes=True),
        Need("heartbeats", ("HSET", keys.processes, "a", "{}"), writes=True),
        Need("Celery's bindings", ("SADD", f"_kombu.binding.{queue}", "a"), writes=True),
        Need("sending batches", ("LPUSH", queue, "{}"), writes=True),
        Need("taking batches", ("BRPOP", queue, "1"), writes=True),
    )


def ask_rights(redis: Redis, wanted: Sequence[Need]) -> Rights:
    """Ask the server which needs it denies to the user of this connection.

    Raises:
        RedisError: The connection broke.
    """
    try:
        user = _text(redis.acl_whoami())
        answers = [(need, _dry_run(redis, user, need.command)) for need in wanted]
    except (NoPermissionError, ResponseError):
        # Some services have no ACL commands at all.
        return Rights("", examined=False)
    return Rights(user, tuple((need, answer) for need, answer in answers if answer != "OK"))


def may(redis: Redis, user: str, *command: str) -> bool:
    """Return whether the server lets the user run a command; False if it does not tell."""
    try:
        return _dry_run(redis, user, command) == "OK"
    except RedisError:
        return False


def judge_rights(rights: Rights, address: ServerAddress, wanted: Sequence[Need]) -> CheckResult:
    """Return a failed check that names the missing rights, and the line that grants them.

    A user that may write nothing and read everything is an operator: fine.
    """
    user = rights.user or address.username or "default"
    if not rights.examined:
        return CheckResult("rights", "ok", f"user {user}; this user may not ask for its rights")
    if not rights.denied:
        return CheckResult("rights", "ok", f"user {user}")
    writing = {need.command for need in wanted if need.writes}
    if writing == {need.command for need, _ in rights.denied}:
        return CheckResult(
            "rights", "ok", f"user {user} reads only; intakes and workers need another"
        )
    rules, purposes = [], []
    for need, sentence in rights.denied:
        rule = _rule(sentence)
        if rule not in rules:
            rules.append(rule)
        purposes.append(f"{need.command[0]} ({need.purpose})")
    return CheckResult(
        "rights",
        "error",
        f"user {user} may not {', '.join(purposes)}",
        f"as an administrator: redis-cli ACL SETUSER {user} {' '.join(rules)}; compare with "
        "deploy/redis/users.acl, where the namespace is part of each pattern",
    )


def _rule(sentence: str) -> str:
    found = _DENIED.search(sentence)
    if found is None:
        return "'~NAMESPACE:*'"
    if found["command"]:
        return f"+{found['command']}"
    if found["kind"] == "channel":
        return f"'&{found['key']}'"
    namespace = re.split(r"[:.]", found["key"])[0]
    separator = found["key"][len(namespace) : len(namespace) + 1]
    return f"'~{namespace}{separator}*'"


def _dry_run(redis: Redis, user: str, command: Sequence[str]) -> str:
    try:
        answer: Any = redis.acl_dryrun(user, *command)
    except NoPermissionError:
        raise
    except ResponseError as error:
        # An error about the arguments comes after the rights have been found sufficient.
        if "unknown" in str(error).lower():
            raise
        return "OK"
    return _text(answer)


def _text(answer: Any) -> str:
    return answer.decode() if isinstance(answer, bytes) else str(answer)
