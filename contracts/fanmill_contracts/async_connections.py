"""The connections of `fanmill_contracts.connections` for asyncio programs."""

from asyncio import sleep
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import (
    AbstractConnection,
    Connection,
    SSLConnection,
    UnixDomainSocketConnection,
)
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff

from fanmill_contracts.addresses import ServerAddress
from fanmill_contracts.connections import (
    CONNECTION_ERRORS,
    MAX_CONNECTIONS,
    POOL_SECONDS,
    RETRY_SECONDS,
    SOCKET_SECONDS,
    STALE_ERRORS,
    NotPrimary,
    RetryWindow,
    connection_options,
    tls_error,
)

Answer = TypeVar("Answer")


class AsyncBoundedRetry(Retry):
    """`BoundedRetry` for asyncio."""

    def __init__(self, seconds: float) -> None:
        super().__init__(ExponentialWithJitterBackoff(base=0.05, cap=1.0), -1, CONNECTION_ERRORS)
        self.seconds = seconds

    async def call_with_retry(
        self,
        do: Callable[[], Awaitable[Answer]],
        fail: Callable[..., Any],
        is_retryable: Callable[[Exception], bool] | None = None,
        with_failure_count: bool = False,
    ) -> Answer:
        """Return what `do` returns, calling `fail` after each failure; see redis-py."""
        window = RetryWindow(self.seconds)
        failures = 0
        while True:
            try:
                return await do()
            except self._supported_errors as error:
                failures += 1
                await fail(*([error, failures] if with_failure_count else [error]))
                pause = window.pause(error)
                if pause is None or (is_retryable is not None and not is_retryable(error)):
                    raise
            await sleep(pause)


class _Healing(AbstractConnection):
    """Closes the connection to a server that is not the primary."""

    async def read_response(self, *args: Any, **options: Any) -> Any:
        try:
            return await super().read_response(*args, **options)
        except STALE_ERRORS as error:
            await self.disconnect(nowait=True)
            raise NotPrimary(str(error)) from error


class AsyncHealingConnection(_Healing, Connection):
    """A TCP connection that ends when its server is no longer the primary."""


class AsyncHealingTLSConnection(_Healing, SSLConnection):
    """The same with TLS; the connect time-out covers the handshake too."""

    async def _connect(self) -> None:
        try:
            await super()._connect()
        except OSError as error:
            failure = tls_error(error, self._host_error())
            if failure is None:
                raise
            raise failure from error


class AsyncHealingUnixConnection(_Healing, UnixDomainSocketConnection):
    """The same over a Unix socket."""


_CLASSES: Final = {
    "redis": AsyncHealingConnection,
    "rediss": AsyncHealingTLSConnection,
    "unix": AsyncHealingUnixConnection,
}


def connect(
    url: str | ServerAddress,
    *,
    retry_seconds: float = RETRY_SECONDS,
    socket_seconds: float = SOCKET_SECONDS,
    max_connections: int = MAX_CONNECTIONS,
    pool_seconds: float = POOL_SECONDS,
    **options: Any,
) -> Redis:
    """Return an asyncio client of the server at `url`; see `connections.connect`."""
    address = url if isinstance(url, ServerAddress) else ServerAddress.parse(url)
    kind = _CLASSES[address.scheme]
    pool = BlockingConnectionPool(
        max_connections=address.options.get("max_connections", max_connections),
        timeout=pool_seconds,
        connection_class=kind,
        retry=AsyncBoundedRetry(retry_seconds),
        **{**options, **connection_options(address, kind, socket_seconds=socket_seconds)},
    )
    return Redis.from_pool(pool)
