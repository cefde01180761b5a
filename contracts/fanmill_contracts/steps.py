"""Sequences of commands, written once for ordinary and for asyncio programs.

A sequence is a generator: it yields a command or a pause, receives the reply, and
returns its result. An error of the server is raised where the command was yielded.
"""

import asyncio
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from redis import Redis
from redis import asyncio as aioredis
from redis.client import NEVER_DECODE
from redis.exceptions import RedisError

from fanmill_contracts.connections import CONNECTION_ERRORS, RetryWindow
from fanmill_contracts.server_errors import server_error

Result = TypeVar("Result")

_BYTES: Final[dict[str, Any]] = {NEVER_DECODE: True}
"""Option of a command: replies are bytes, for clients that decode them, too. A record is binary."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait without a command."""

    seconds: float


Steps = Generator[tuple[Any, ...] | Pause, Any, Result]


def plain(client: Any) -> Any:
    """Return a client of the same pool that hands out replies as the server sent them."""
    bare = type(client)(connection_pool=client.connection_pool)
    bare.response_callbacks.clear()
    return bare


def run(client: Redis, steps: Steps[Result]) -> Result:
    """Run a sequence to its end and return its result."""
    try:
        step = next(steps)
        while True:
            if isinstance(step, Pause):
                time.sleep(step.seconds)
                step = steps.send(None)
                continue
            try:
                reply = client.execute_command(*step, **_BYTES)
            except (RedisError, OSError) as error:
                step = steps.throw(error)
            else:
                step = steps.send(reply)
    except StopIteration as end:
        result: Result = end.value
        return result
    finally:
        steps.close()


async def run_async(client: aioredis.Redis, steps: Steps[Result]) -> Result:
    """Run a sequence to its end and return its result."""
    try:
        step = next(steps)
        while True:
            if isinstance(step, Pause):
                await asyncio.sleep(step.seconds)
                step = steps.send(None)
                continue
            try:
                reply = await client.execute_command(*step, **_BYTES)
            except (RedisError, OSError) as error:
                step = steps.throw(error)
            else:
                step = steps.send(reply)
    except StopIteration as end:
        result: Result = end.value
        return result
    finally:
        steps.close()


def command(action: str, server: str, seconds: float, *arguments: Any) -> Steps[Any]:
    """Send one command, repeated on lost connections; return its reply.

    Args:
        action: Name of the operation, for errors.
        server: Address of the server, for errors.
        seconds: Time during which the command is repeated.
        *arguments: The command.

    Raises:
        ServerUnreachable: The server could not be reached in that time.
        ServerRefused: The server answered with an error.
    """
    window = RetryWindow(seconds)
    while True:
        try:
            reply = yield arguments
        except (*CONNECTION_ERRORS, OSError) as error:
            pause = window.pause(error)
            if pause is None:
                raise server_error(error, action, server) from error
        except RedisError as error:
            raise server_error(error, action, server) from error
        else:
            return reply
        yield Pause(pause)


def text(value: Any) -> str:
    """Return a value of a reply as a string."""
    return value.decode() if isinstance(value, bytes) else str(value)


def mapping(reply: Any) -> dict[str, Any]:
    """Return a reply of names and values, flat or not, by name."""
    if reply is None:
        return {}
    if isinstance(reply, dict):
        return {text(name): value for name, value in reply.items()}
    return {text(name): value for name, value in zip(reply[::2], reply[1::2], strict=True)}


def entries(reply: Any) -> list[tuple[str, dict[bytes, Any] | None]]:
    """Return the entries of a reply: id and fields, None for an entry that was removed."""
    found: list[tuple[str, dict[bytes, Any] | None]] = []
    for entry in reply or []:
        if entry is None:
            continue
        entry_id, fields = entry
        found.append((text(entry_id), None if fields is None else _fields(fields)))
    return found


def _fields(fields: Any) -> dict[bytes, Any]:
    pairs = (
        fields.items() if isinstance(fields, dict) else zip(fields[::2], fields[1::2], strict=True)
    )
    return {name if isinstance(name, bytes) else name.encode(): value for name, value in pairs}


def streams(reply: Any) -> dict[str, Any]:
    """Return the entries of each stream in a reply to XREAD or XREADGROUP."""
    if not reply:
        return {}
    pairs = reply.items() if isinstance(reply, dict) else reply
    return {text(name): found for name, found in pairs}


def order(entry_id: str) -> tuple[int, int]:
    """Return a sortable form of an entry id."""
    milliseconds, _, number = entry_id.partition("-")
    return int(milliseconds), int(number or 0)
