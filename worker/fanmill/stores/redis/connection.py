"""How fanmill connects to its server."""

from typing import Final

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import BusyLoadingError
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


def text(value: bytes | str) -> str:
    """Return what the server answered as a string."""
    return value.decode() if isinstance(value, bytes) else value
