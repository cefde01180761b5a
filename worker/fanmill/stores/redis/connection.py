"""Connections to the server of ledger and records."""

from typing import Final

from redis import Redis
from redis.exceptions import AuthenticationError, AuthorizationError, RedisError

from fanmill_contracts import connections
from fanmill_contracts.addresses import ServerAddress

SOCKET_SECONDS: Final = 7.0
"""Silence after which a connection counts as dead: longer than blocking reads (1 s) and the usual
pauses of a server that rewrites its append-only file. Up to three dead connections, of the store,
the broker and a task, may have to be noticed one after the other within 30 s."""

HEALTH_CHECK_SECONDS: Final = 15
"""Idle time of a connection after which a PING goes before the next command."""


class ServerRefused(RedisError):
    """The server refuses the connection, and waiting has no effect; the text says why."""


def connect(url: str, retry_seconds: float) -> Redis:
    """Return a client of the server at `url`; nothing is sent yet.

    A failed command is repeated for `retry_seconds`, on a new connection. All scripts of
    fanmill may run twice.

    Raises:
        InvalidArgument: The URL is not usable.
    """
    return connections.connect(
        url,
        retry_seconds=retry_seconds,
        socket_seconds=SOCKET_SECONDS,
        health_check_interval=HEALTH_CHECK_SECONDS,
    )


def connect_briefly(url: str, seconds: float) -> Redis:
    """Return a client that tries once and waits at most `seconds` for a connection or a reply.

    For heartbeats and last words: a silent server must not hold up a process that stops.
    """
    address = ServerAddress.parse(url)
    limits = {"socket_connect_timeout": seconds, "socket_timeout": seconds}
    brief = address._replace(options={**address.options, **limits})
    return connections.connect(brief, retry_seconds=0)


def check_access(url: str) -> None:
    """Connect once and return; also when the server is away, since a service waits for it.

    Raises:
        ServerRefused: Waiting has no effect: a wrong password, or TLS against a port without.
    """
    with connections.connect(url, retry_seconds=0) as client:
        try:
            client.ping()
        except RedisError as error:
            if is_refusal(error):
                raise refused(error) from error


def is_refusal(error: BaseException) -> bool:
    """Return whether waiting for the server has no effect: a wrong password or wrong TLS."""
    final = (
        AuthenticationError,
        AuthorizationError,
        connections.TLSFailed,
        connections.TLSSilent,
        ServerRefused,
    )
    return any(isinstance(cause, final) for cause in connections.chain(error))


def refused(error: BaseException) -> ServerRefused:
    """Return a refusal in words for people, without secrets."""
    if any(
        isinstance(cause, connections.TLSFailed | connections.TLSSilent)
        for cause in connections.chain(error)
    ):
        return ServerRefused(f"{error} (--redis-url or FANMILL_REDIS_URL)")
    return ServerRefused(
        f"the server refuses the login: {error}; check user and password of the URL (--redis-url "
        "or FANMILL_REDIS_URL), where characters such as / ? # @ : must be percent-encoded"
    )


def text(value: bytes | str) -> str:
    """Return an answer of the server as a string."""
    return value.decode() if isinstance(value, bytes) else value
