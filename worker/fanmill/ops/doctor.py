"""Checks a server and what runs on it; every finding says what to do."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import time
from typing import Any, Final, Literal

from redis import Redis
from redis.exceptions import RedisError, ResponseError

from fanmill.ops.presence import present, server_ms
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.stores.index import IndexParametersDiffer, RedisFingerprintIndex, connect_index
from fanmill.stores.keys import GROUP, Keys

_OLDEST_SERVER: Final = (7, 0)
_MAX_SKEW_SECONDS: Final = 5.0
_FULL_SHARE: Final = 0.8
_NEEDED_COMMANDS: Final = (
    ("evalsha", "scripts"),
    ("xadd", "streams"),
    ("xreadgroup", "consumer groups"),
    ("xautoclaim", "redelivery"),
    ("brpop", "Celery's queues"),
)

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: how it went, what was seen and, where needed, what to do."""

    check: str
    level: Level
    seen: str
    advice: str = ""


def examine(redis: Redis, settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Check everything that can be checked from here; stops where the server does not answer."""
    yield _environment(environment)
    try:
        info: dict[str, Any] = redis.info()
    except RedisError as error:
        yield Finding(
            "server",
            "error",
            f"does not answer: {error}",
            "start it, or set FANMILL_REDIS_URL; on one machine: fanmill up",
        )
        return
    keys = Keys(settings.streams)
    checks: tuple[Callable[[], Finding], ...] = (
        lambda: _version(info),
        lambda: _eviction(info),
        lambda: _persistence(redis, info),
        lambda: _memory(info),
        lambda: _clock(redis),
        lambda: _permissions(redis),
        lambda: _stream(redis, keys),
        lambda: _rejections(redis, keys, settings),
        lambda: _index(redis, settings),
        lambda: _processes(redis, keys),
    )
    for check in checks:
        try:
            yield check()
        except RedisError as error:
            yield Finding("permissions", "error", str(error), "see deploy/redis/users.acl")


def _index(redis: Redis, settings: Settings) -> Finding:
    url = settings.index_url.get_secret_value()
    try:
        client = connect_index(url, 0) if url else redis
        index = RedisFingerprintIndex(client, settings.namespace, settings.dedup_parameters)
        index.check()
    except IndexParametersDiffer as error:
        return Finding("index", "error", str(error), "put the settings back, or rebuild it")
    except RedisError as error:
        return Finding("index", "error", f"does not answer: {error}", "see FANMILL_INDEX_URL")
    return Finding("index", "ok", f"{len(index.partitions())} parts, parameters as set")


def _environment(environment: Mapping[str, str]) -> Finding:
    known = {f"FANMILL_{name.upper()}" for name in Settings.model_fields}
    unknown = sorted(
        name for name in environment if name.startswith("FANMILL_") and name not in known
    )
    if unknown:
        return Finding(
            "settings",
            "warning",
            f"unknown: {', '.join(unknown)}",
            "they have no effect; the names are listed by: fanmill config",
        )
    return Finding("settings", "ok", "no unknown FANMILL_ variable")


def _version(info: Mapping[str, Any]) -> Finding:
    name = "Valkey" if "valkey_version" in info else "Redis"
    version = str(info.get("valkey_version", info["redis_version"]))
    seen = f"{name} {version}"
    # Valkey tells clients of Redis which Redis it stands for.
    numbers = tuple(int(part) for part in str(info["redis_version"]).split(".")[:2])
    if numbers < _OLDEST_SERVER:
        return Finding("server version", "error", seen, "7.0 or later is needed")
    return Finding("server version", "ok", seen)


def _eviction(info: Mapping[str, Any]) -> Finding:
    policy = str(info["maxmemory_policy"])
    if policy != "noeviction" and info["maxmemory"]:
        return Finding(
            "eviction policy",
            "error",
            policy,
            "a full server would drop events; set: maxmemory-policy noeviction",
        )
    return Finding("eviction policy", "ok", policy if info["maxmemory"] else "no memory limit")


def _persistence(redis: Redis, info: Mapping[str, Any]) -> Finding:
    if not info["aof_enabled"]:
        return Finding(
            "persistence",
            "warning",
            "no append-only file",
            "all is lost when the server stops; set: appendonly yes",
        )
    if info["aof_last_write_status"] != "ok":
        return Finding(
            "persistence", "error", "last write to disk failed", "look at the server's disk"
        )
    try:
        fsync = redis.config_get("appendfsync").get("appendfsync", "unknown")
    except ResponseError:
        fsync = "unknown (CONFIG is not allowed)"
    if fsync == "no":
        return Finding(
            "persistence",
            "warning",
            "append-only file without fsync",
            "set: appendfsync everysec",
        )
    return Finding("persistence", "ok", f"append-only file, fsync {fsync}")


def _memory(info: Mapping[str, Any]) -> Finding:
    used = f"{info['used_memory_human']} used"
    if not info["maxmemory"]:
        return Finding("memory", "ok", f"{used}, no limit")
    share = info["used_memory"] / info["maxmemory"]
    seen = f"{used}, {share:.0%} of {info['maxmemory_human']}"
    if share > _FULL_SHARE:
        return Finding(
            "memory",
            "warning",
            seen,
            "raise maxmemory, or lower FANMILL_RESULT_RETENTION_DAYS or "
            "FANMILL_PROCESSED_STREAM_MAXLEN; a full server refuses events",
        )
    return Finding("memory", "ok", seen)


def _clock(redis: Redis) -> Finding:
    ahead = time() - server_ms(redis) / 1000
    seen = f"this machine is {abs(ahead):.1f} s {'ahead of' if ahead > 0 else 'behind'} the server"
    if abs(ahead) > _MAX_SKEW_SECONDS:
        return Finding(
            "clock", "warning", seen, "times in events and logs will disagree; run a time service"
        )
    return Finding("clock", "ok", seen)


def _permissions(redis: Redis) -> Finding:
    try:
        user = redis.acl_whoami()
    except ResponseError as error:
        return Finding(
            "permissions", "warning", str(error), "allow ACL WHOAMI to have this checked"
        )
    name = user.decode() if isinstance(user, bytes) else str(user)
    denied = []
    for command, purpose in _NEEDED_COMMANDS:
        try:
            # A dry run without arguments: an error in their number comes after the rights.
            answer = redis.acl_dryrun(name, command)
        except ResponseError as error:
            if "permissions" in str(error) and "dryrun" in str(error).lower():
                return Finding("permissions", "ok", f"user {name}; not allowed to check in detail")
            continue
        if b"permissions" in (answer if isinstance(answer, bytes) else str(answer).encode()):
            denied.append(f"{command} ({purpose})")
    if denied:
        return Finding(
            "permissions",
            "error",
            f"user {name} may not {', '.join(denied)}",
            "compare with deploy/redis/users.acl",
        )
    return Finding("permissions", "ok", f"user {name}")


def _stream(redis: Redis, keys: Keys) -> Finding:
    answer: Any = redis.type(keys.ingested)
    kind = answer.decode()
    if kind == "none":
        return Finding(
            "ledger", "warning", f"no {keys.ingested} yet", "the first publisher or intake makes it"
        )
    if kind != "stream":
        return Finding(
            "ledger",
            "error",
            f"{keys.ingested} is a {kind}, not a stream",
            "another program uses this name: set FANMILL_NAMESPACE",
        )
    groups: Any = redis.xinfo_groups(keys.ingested)
    if not any(group["name"] == GROUP.encode() for group in groups):
        return Finding(
            "ledger",
            "warning",
            f"{keys.ingested} has no consumer group",
            "the first intake makes it: fanmill intake",
        )
    return Finding("ledger", "ok", f"{keys.ingested}, {redis.xlen(keys.ingested):,} events")


def _rejections(redis: Redis, keys: Keys, settings: Settings) -> Finding:
    count = int(redis.xlen(keys.rejected))
    if settings.max_rejected is not None and count >= settings.max_rejected:
        return Finding(
            "rejections",
            "error",
            f"{count:,}: intake has stopped reading (FANMILL_MAX_REJECTED)",
            "look at them, then: fanmill rejected replay --all, or drop --all",
        )
    if count:
        return Finding("rejections", "warning", f"{count:,}", "see: fanmill rejected list")
    return Finding("rejections", "ok", "none")


def _processes(redis: Redis, keys: Keys) -> Finding:
    living = present(redis, keys)
    intakes = [process for process in living if process.role == "intake"]
    served = {stage for process in living for stage in process.queues}
    seen = f"intakes: {len(intakes)}, workers: {len(living) - len(intakes)}"
    missing = [stage for stage in STAGES if stage not in served]
    if not intakes:
        return Finding("processes", "error", seen, "no intake runs; start one: fanmill intake")
    if missing:
        return Finding(
            "processes",
            "error",
            f"{seen}; nobody serves {', '.join(missing)}",
            f"start one: fanmill worker --queues {','.join(missing)}",
        )
    return Finding("processes", "ok", seen)


def own_environment() -> Mapping[str, str]:
    """Return the environment of this process."""
    return os.environ
