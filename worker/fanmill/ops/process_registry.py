"""The process registry: a hash with an entry for each running intake, worker and sink."""

import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError
from redis import Redis

from fanmill import __version__
from fanmill.ops.container import GONE_SECONDS, own_container
from fanmill.ports import Load
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.redis.controls import RedisControls
from fanmill_contracts.terms import Stage

FORGOTTEN_SECONDS: Final = 120.0
"""Silence after which the entry of a dead process is removed, with the orders to it."""

SILENT_SECONDS: Final = 10.0
"""Silence that `fanmill workers` shows: two heartbeats."""

Role = Literal["intake", "worker", "sink"]


@dataclass(frozen=True, slots=True)
class Process:
    """A running process, as its entry describes it."""

    name: str
    role: Role
    host: str
    pid: int
    version: str
    queues: tuple[str, ...]
    concurrency: int
    seen_ms: int
    """Time of the last heartbeat by the server's clock, in ms since 1970."""
    state: Literal["active", "quiet", "stopping"] = "active"
    """`quiet` and `stopping`: an operator has ordered it; see `fanmill workers`."""
    load: Load = field(default_factory=Load)
    container: str = ""
    """Identity of the container or machine; see `fanmill.ops.container.own_container`."""
    sink: str = ""
    """Name of the sink; empty for other roles."""
    trouble: str = ""
    """Reason for which a sink cannot store; empty while it can."""
    trouble_seconds: float = 0.0
    """Time since the trouble began, at the last heartbeat."""


_ADAPTER: Final = TypeAdapter(Process)


def process_name(role: Role) -> str:
    """Return the name of this process in a role, such as `intake-mill1-7-3f9c02`.

    The last part is random. Two containers may have one host name and the pid 1 in each.
    """
    return f"{role}-{socket.gethostname()}-{os.getpid()}-{_token(os.getpid())}"


@cache
def _token(pid: int) -> str:
    del pid  # a forked process gets another token
    return secrets.token_hex(3)


def own_entry(role: Role, stages: tuple[Stage, ...], concurrency: int) -> Process:
    """Return the entry of this process, without a time."""
    return Process(
        name=process_name(role),
        role=role,
        host=os.uname().nodename,
        pid=os.getpid(),
        version=__version__,
        queues=stages if role == "worker" else (),
        concurrency=concurrency,
        seen_ms=0,
        container=own_container(),
    )


def write_entry(redis: Redis, keys: Keys, process: Process) -> None:
    """Write the entry of a process with the server's time; remove entries of the long dead."""
    now = server_ms(redis)
    entry = {**asdict(process), "seen_ms": now}
    redis.hset(keys.processes, process.name, json.dumps(entry))
    forgotten = now - FORGOTTEN_SECONDS * 1000
    dead = [text(name) for name, seen in _seen(redis, keys).items() if seen <= forgotten]
    if dead:
        redis.hdel(keys.processes, *dead)
        RedisControls(redis, keys).withdraw(*dead)


def remove_entry(redis: Redis, keys: Keys, process: Process) -> None:
    """Remove the entry of a process that stops."""
    redis.hdel(keys.processes, process.name)
    RedisControls(redis, keys).withdraw(process.name)


def running_processes(redis: Redis, keys: Keys) -> list[Process]:
    """Return the processes with a recent heartbeat, ordered by role and name.

    Entries of unknown roles or shapes, from a later release beside this one, are left out.
    """
    return running_and_silent(redis, keys)[0]


def running_and_silent(redis: Redis, keys: Keys) -> tuple[list[Process], list[Process]]:
    """Return the processes with a recent heartbeat, and those without one; see above.

    A silent process was killed, or its main loop hangs. After `FORGOTTEN_SECONDS` the next
    heartbeat of any other process removes its entry.
    """
    processes = all_processes(redis, keys)
    now = server_ms(redis)
    gone = [_is_gone(process.seen_ms, now) for process in processes]
    pairs = list(zip(processes, gone, strict=True))
    return [each for each, is_gone in pairs if not is_gone], [
        each for each, is_gone in pairs if is_gone
    ]


def all_processes(redis: Redis, keys: Keys) -> list[Process]:
    """Return all processes of the registry, ordered by role and name."""
    entries: Any = redis.hgetall(keys.processes)
    processes = []
    for entry in entries.values():
        try:
            processes.append(_ADAPTER.validate_json(entry))
        except ValidationError:
            continue
    return sorted(processes, key=attrgetter("role", "name"))


def server_ms(redis: Redis) -> int:
    """Return the server's time in ms since 1970."""
    answer: Any = redis.time()
    seconds, microseconds = answer
    return int(seconds) * 1000 + int(microseconds) // 1000


def _seen(redis: Redis, keys: Keys) -> dict[bytes, int]:
    entries: Any = redis.hgetall(keys.processes)
    seen = {}
    for name, entry in entries.items():
        try:
            process = json.loads(entry)
        except (ValueError, RecursionError):
            continue
        seen_ms = process.get("seen_ms") if isinstance(process, dict) else None
        if isinstance(seen_ms, int):
            seen[name] = seen_ms
    return seen


def _is_gone(seen_ms: int, now: int) -> bool:
    return now - seen_ms >= GONE_SECONDS * 1000
