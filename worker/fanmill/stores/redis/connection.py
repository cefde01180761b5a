"""How fanmill connects to its server, and how its scripts reach it."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha1
from importlib.resources import files
from typing import Any, Final

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.client import Pipeline
from redis.exceptions import BusyLoadingError, NoScriptError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

SOCKET_TIMEOUT_SECONDS: Final = 30.0
"""redis-py 8 gives clients 5 s, less than some blocking reads and some AOF rewrites take."""


def connect(url: str, retries: int) -> Redis:
    """Return a client of the server at `url`; nothing is sent yet.

    Commands are repeated over a short absence of the server, with pauses that
    grow to 1 s. That is safe: every script of fanmill may run twice.

    Raises:
        ValueError: The URL is not one of redis://, rediss:// or unix://.
    """
    return Redis.from_url(
        url,
        socket_timeout=SOCKET_TIMEOUT_SECONDS,
        socket_connect_timeout=5.0,
        socket_keepalive=True,
        health_check_interval=30,
        retry=Retry(ExponentialWithJitterBackoff(base=0.02, cap=1.0), retries),
        retry_on_error=[RedisConnectionError, RedisTimeoutError, BusyLoadingError],
    )


class Script:
    """One Lua script, sent once to a server and called by its digest.

    redis-py's own Script asks the server before each pipeline whether it knows
    the script: a round trip that this one saves.
    """

    def __init__(self, name: str) -> None:
        self._source = _source(name)
        self._digest = sha1(self._source.encode()).hexdigest()  # noqa: S324  Redis names scripts so

    def run(self, redis: Redis, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """Run the script and return its answer."""
        try:
            return redis.evalsha(self._digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return redis.eval(self._source, len(keys), *keys, *arguments)

    def enqueue(self, pipe: Pipeline, keys: Sequence[str], arguments: Sequence[Any]) -> None:
        """Add a call to a pipeline; its answer may be a `NoScriptError` instead."""
        pipe.evalsha(self._digest, len(keys), *keys, *arguments)


@cache
def _source(name: str) -> str:
    folder = files("fanmill.stores.redis") / "scripts"
    shebang, _, body = (folder / f"{name}.lua").read_text(encoding="utf-8").partition("\n")
    prelude = (folder / "prelude.lua").read_text(encoding="utf-8")
    return f"{shebang}\n{prelude}\n{body}"


def text(value: bytes | str) -> str:
    """Return what the server answered as a string."""
    return value.decode() if isinstance(value, bytes) else value
