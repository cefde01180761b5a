"""Health of a container: does a fanmill process in it make progress?

Intakes, workers and sinks send a heartbeat every five seconds while their main loop makes
progress, and count as dead after twenty. This module loads neither Celery nor redis-py nor
pydantic: a probe that takes half a second of CPU every few seconds would cost more than the
process it watches.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final, Literal

from fanmill.ops.container import GONE_SECONDS, own_container
from fanmill.ops.plain_client import ServerFailed, ask
from fanmill.stores.keys import Keys
from fanmill_contracts import InvalidArgument, StreamNames
from fanmill_contracts.addresses import DEFAULT_URL, ServerAddress
from fanmill_contracts.streams import DEFAULT_NAMESPACE

if TYPE_CHECKING:
    from fanmill_contracts import Partition

Probe = Literal["live", "ready"]

TIMEOUT_SECONDS: Final = 3.0
"""Wait for Redis; below the time-out of the probe itself, so that its log shows the reason."""

_PAUSE: Final = b"pause:"
"""Begin of the fields of `fanmill.stores.redis.controls` that are pauses."""

HEALTHY: Final = 0
UNHEALTHY: Final = 1
UNUSABLE: Final = 2
"""Exit code for a setting that cannot be used."""


def check(probe: Probe, url: str | None = None) -> int:
    """Return the exit code of a probe, and print its reason.

    Both probes want a process of this container with a fresh heartbeat. Without an answer of
    Redis, `ready` fails and `live` passes: a restart of this container does not mend Redis.

    Args:
        probe: `live` or `ready`.
        url: URL of the server; None for FANMILL_REDIS_URL.
    """
    try:
        address, keys = _registry_of(url)
    except InvalidArgument as error:
        return _say(UNUSABLE, str(error))
    try:
        now_ms, entries, controls = _registry(address, keys)
    except ServerFailed as error:
        code = UNHEALTHY if probe == "ready" else HEALTHY
        return _say(code, f"redis does not answer: {error}")
    fresh = [name for name, age in _ages(entries, now_ms).items() if age < GONE_SECONDS]
    if not fresh:
        return _say(
            UNHEALTHY,
            f"no intake, worker or sink of this container is alive (within {GONE_SECONDS:g} s)",
        )
    # A pause is an order and no failure: the code stays the same.
    paused = sorted(name[len(_PAUSE) :].decode() for name in controls if name.startswith(_PAUSE))
    said = f"; paused: {', '.join(paused)}" if paused else ""
    return _say(HEALTHY, f"alive: {', '.join(sorted(fresh))}{said}")


def _registry_of(url: str | None) -> tuple[ServerAddress, Keys]:
    """Return the server and the keys of the registry that this container's process writes to.

    With partitions it is the one of `FANMILL_PARTITION`. A process that serves all of them beats
    in the first one, too.
    """
    namespace = os.environ.get("FANMILL_NAMESPACE") or DEFAULT_NAMESPACE
    partitions = _partitions(namespace)
    if not partitions or url is not None:
        given = url or os.environ.get("FANMILL_REDIS_URL", DEFAULT_URL)
        address = ServerAddress.parse(given, "FANMILL_REDIS_URL")
        return address, Keys(StreamNames(namespace))
    text = os.environ.get("FANMILL_PARTITION", "").strip() or "0"
    if not text.isdecimal() or int(text) >= len(partitions):
        known = f"0 to {len(partitions) - 1}"
        raise InvalidArgument("FANMILL_PARTITION", repr(text), known)
    own = partitions[int(text)]
    return ServerAddress.parse(own.url), Keys(StreamNames(own.namespace))


def _partitions(namespace: str) -> tuple[Partition, ...]:
    listed = os.environ.get("FANMILL_PARTITIONS", "")
    if not listed:
        return ()
    from fanmill_contracts.partitions import parse_partitions  # noqa: PLC0415  most have none

    return parse_partitions(listed, namespace)


def _say(code: int, text: str) -> int:
    (sys.stdout if code == HEALTHY else sys.stderr).write(f"{text}\n")
    return code


def _registry(address: ServerAddress, keys: Keys) -> tuple[int, list[bytes], list[bytes]]:
    """Return the server's time in ms, the entries of the process registry, and names of orders."""
    commands = (("TIME",), ("HVALS", keys.processes), ("HKEYS", keys.controls))
    if address.tls:
        time, entries, controls = _ask_encrypted(address, commands)
    else:
        time, entries, controls = ask(address, TIMEOUT_SECONDS, commands)
    return int(time[0]) * 1000 + int(time[1]) // 1000, entries, controls


def _ask_encrypted(address: ServerAddress, commands: tuple[tuple[str, ...], ...]) -> list[Any]:
    # TLS has many options, and redis-py knows them all; it takes some 100 ms more.
    from redis.exceptions import RedisError  # noqa: PLC0415

    from fanmill_contracts import connections  # noqa: PLC0415

    try:
        with connections.connect(
            address, retry_seconds=0, socket_seconds=TIMEOUT_SECONDS
        ) as client:
            return [client.execute_command(*command) for command in commands]
    except RedisError as error:
        raise ServerFailed(str(error)) from error


def _ages(entries: list[bytes], now_ms: int) -> dict[str, float]:
    """Return the seconds since the last heartbeat of each process of this container, by name."""
    from json import loads  # noqa: PLC0415  not needed where Redis does not answer

    ages = {}
    for entry in entries:
        try:
            process = loads(entry)
            if process["container"] == own_container():
                ages[str(process["name"])] = (now_ms - process["seen_ms"]) / 1000
        except (ValueError, LookupError, TypeError, RecursionError):
            # An entry of another release.
            continue
    return ages
