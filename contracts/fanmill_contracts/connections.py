"""Connections that heal: bounded retries, and a new connection after a failover.

`connect` is for ordinary programs, `async_connections` for asyncio. Neither sends
anything before the first command.
"""

import inspect
import ssl
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any, Final, TypeVar

from redis import BlockingConnectionPool, Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.connection import (
    AbstractConnection,
    Connection,
    SSLConnection,
    UnixDomainSocketConnection,
)
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    MasterDownError,
    ReadOnlyError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from fanmill_contracts.addresses import ServerAddress

CONNECT_SECONDS: Final = 5.0
"""Time for a TCP connection and its TLS handshake. A lost packet is sent again after 1 and 3 s."""

SOCKET_SECONDS: Final = 10.0
"""Silence after which a connection counts as dead. A server that loads or rewrites a file may
pause for some seconds; a half-open connection must not cost more."""

RETRY_SECONDS: Final = 30.0
"""Time during which a command is repeated: sentinels and operators fail over within it."""

MAX_CONNECTIONS: Final = 16
"""Connections of a client. More callers wait for their turn; the server has one thread anyway."""

POOL_SECONDS: Final = 60.0
"""Time a caller waits for a connection of the pool, twice what a caller before it may take."""

TLS_SECONDS: Final = 10.0
"""Time during which a TLS handshake without an answer is repeated."""

CONNECTION_ERRORS: Final = (RedisConnectionError, RedisTimeoutError)
"""Errors after which a command is repeated on a new connection."""

STALE_ERRORS: Final = (ReadOnlyError, MasterDownError, BusyLoadingError)
"""Replies of a server that is not, or not yet, the primary."""

_RESET: Final = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""TLS errors that an interrupted connection causes, as opposed to a wrong configuration."""

Answer = TypeVar("Answer")


class NotPrimary(RedisConnectionError):
    """The server is a replica or still loads its data; its connection was closed.

    A proxy or a service name may lead a new connection to the new primary.
    """


class TLSFailed(RedisConnectionError):
    """The TLS handshake failed; repeating it has no effect."""


class TLSSilent(RedisConnectionError):
    """The server did not answer the TLS handshake in time."""


def chain(error: BaseException) -> list[BaseException]:
    """Return an error and the errors that led to it, the last one first."""
    found: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in found:
        found.append(step)
        step = step.__cause__ or step.__context__
    return found


def tls_error(error: OSError, host: str) -> Exception | None:
    """Return the error of a failed TLS handshake with `host`, None for a lost connection."""
    if isinstance(error, TimeoutError):
        return TLSSilent(
            f"no answer to the TLS handshake from {host} within the connect time-out; "
            "if the server does not use TLS, write redis:// in place of rediss://"
        )
    if not isinstance(error, ssl.SSLError) or isinstance(error, _RESET):
        return None
    return TLSFailed(f"the TLS handshake with {host} failed: {error}")


class RetryWindow:
    """The time in which a call may be repeated, and the pauses in between."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._start = monotonic()
        self._backoff = ExponentialWithJitterBackoff(base=0.05, cap=1.0)
        self._failures = 0

    def pause(self, error: Exception) -> float | None:
        """Return the seconds until the next attempt, None where there is none."""
        causes = chain(error)
        if any(
            isinstance(cause, AuthenticationError | AuthorizationError | TLSFailed)
            for cause in causes
        ):
            return None
        silent = any(isinstance(cause, TLSSilent) for cause in causes)
        allowed = min(self._seconds, TLS_SECONDS) if silent else self._seconds
        self._failures += 1
        left = self._start + allowed - monotonic()
        return min(self._backoff.compute(self._failures), left) if left > 0 else None


class BoundedRetry(Retry):
    """Repeats a command for a time rather than a number of times.

    A wrong password, a missing right and a failed TLS handshake are not repeated.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(ExponentialWithJitterBackoff(base=0.05, cap=1.0), -1, CONNECTION_ERRORS)
        self.seconds = seconds

    def call_with_retry(
        self,
        do: Callable[[], Answer],
        fail: Callable[..., Any],
        is_retryable: Callable[[Exception], bool] | None = None,
        with_failure_count: bool = False,
    ) -> Answer:
        """Return what `do` returns, calling `fail` after each failure; see redis-py."""
        window = RetryWindow(self.seconds)
        failures = 0
        while True:
            try:
                return do()
            except self._supported_errors as error:
                failures += 1
                fail(*([error, failures] if with_failure_count else [error]))
                pause = window.pause(error)
                if pause is None or (is_retryable is not None and not is_retryable(error)):
                    raise
            sleep(pause)


class _Healing(AbstractConnection):
    """Closes the connection to a server that is not the primary."""

    def read_response(self, *args: Any, **options: Any) -> Any:
        try:
            return super().read_response(*args, **options)
        except STALE_ERRORS as error:
            self.disconnect()
            raise NotPrimary(str(error)) from error


class HealingConnection(_Healing, Connection):
    """A TCP connection that ends when its server is no longer the primary."""


class HealingTLSConnection(_Healing, SSLConnection):
    """The same with TLS; the connect time-out covers the handshake too."""

    def _wrap_socket_with_ssl(self, sock: Any) -> Any:
        sock.settimeout(self.socket_connect_timeout)
        try:
            wrapped = super()._wrap_socket_with_ssl(sock)
        except OSError as error:
            failure = tls_error(error, self._host_error())
            if failure is None:
                raise
            raise failure from error
        wrapped.settimeout(self.socket_timeout)
        return wrapped

    def can_read(self, timeout: float = 0) -> bool:
        """Return whether a reply waits; raise if the server closed the connection.

        redis-py with hiredis asks the socket, which is also readable when TLS itself has
        something to say: after a handshake TLS 1.3 sends session tickets. The pool would take
        such a fresh connection for a dirty one. Only a read tells them apart.
        """
        if not super().can_read(timeout):
            return False
        read = getattr(self._parser, "read_from_socket", None)
        return True if read is None else bool(read(timeout=0, raise_on_timeout=False))


class HealingUnixConnection(_Healing, UnixDomainSocketConnection):
    """The same over a Unix socket."""


CONNECTION_CLASSES: Final = {
    "redis": HealingConnection,
    "rediss": HealingTLSConnection,
    "unix": HealingUnixConnection,
}
"""redis-py's class of a connection, by the scheme of its URL."""


def connection_options(
    address: ServerAddress, kind: type[Any], *, socket_seconds: float
) -> dict[str, Any]:
    """Return the arguments of a redis-py connection of class `kind` to `address`.

    Options of the URL prevail. Only the commands that were asked for are sent: a user
    of the server's ACL needs no right to CLIENT SETINFO, which redis-py sends by default.
    """
    silent = "driver_info" if "driver_info" in _parameters(kind) else "lib_name"
    options: dict[str, Any] = {
        "db": address.db,
        "username": address.username,
        "password": address.password,
        "protocol": 2,
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": socket_seconds,
        silent: None,
    }
    if silent == "lib_name":
        options["lib_version"] = None
    if address.scheme == "unix":
        options["path"] = address.path
    else:
        options |= {"host": address.host, "port": address.port, "socket_keepalive": True}
    options |= {name: value for name, value in address.options.items() if name != "max_connections"}
    if address.scheme == "unix":
        options.pop("socket_keepalive", None)
    return options


def _parameters(kind: type[Any]) -> set[str]:
    builders = [each.__dict__["__init__"] for each in kind.__mro__ if "__init__" in each.__dict__]
    return {name for builder in builders[:-1] for name in inspect.signature(builder).parameters}


def connect(
    url: str | ServerAddress,
    *,
    retry_seconds: float = RETRY_SECONDS,
    socket_seconds: float = SOCKET_SECONDS,
    max_connections: int = MAX_CONNECTIONS,
    pool_seconds: float = POOL_SECONDS,
    **options: Any,
) -> Redis:
    """Return a client of the server at `url`; nothing is sent yet.

    A failed command is repeated, so it must be one that may run twice.

    Args:
        url: See `ServerAddress.parse`. Its options prevail over the arguments here.
        retry_seconds: Time during which a failed command is repeated; 0 for never.
        socket_seconds: Silence after which a connection counts as dead; longer than any
            blocking command waits.
        max_connections: Size of the pool; callers beyond it wait for their turn.
        pool_seconds: Longest wait for a connection of the pool.
        **options: Further arguments of redis-py's connection, such as
            `health_check_interval`.

    Raises:
        InvalidArgument: The URL is not usable.
    """
    address = url if isinstance(url, ServerAddress) else ServerAddress.parse(url)
    kind = CONNECTION_CLASSES[address.scheme]
    pool = BlockingConnectionPool(
        max_connections=address.options.get("max_connections", max_connections),
        timeout=pool_seconds,
        connection_class=kind,
        retry=BoundedRetry(retry_seconds),
        **{**options, **connection_options(address, kind, socket_seconds=socket_seconds)},
    )
    return Redis.from_pool(pool)
