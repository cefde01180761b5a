"""The translation of redis-py's errors into those of the contract."""

from typing import Any, Final

from redis.exceptions import AuthenticationError, AuthorizationError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from fanmill_contracts.errors import ServerError, ServerRefused, ServerUnreachable

_POOL_IS_BUSY: Final = "No connection available"


def server_error(error: Exception, action: str, server: str) -> ServerError:
    """Return the error of the contract for an error of redis-py; raise it `from` that error.

    Args:
        error: An error of redis-py or of the operating system.
        action: Name of the operation that failed.
        server: Address of the server, without secrets.
    """
    code = getattr(error, "status_code", None)
    text = f"{code} {error}" if code and code != "ERR" else str(error)
    if _POOL_IS_BUSY in text:
        text = (
            "all connections of the pool were in use for too long; the server is slow, or "
            "max_connections is too small for the number of callers"
        )
    lost = isinstance(error, RedisConnectionError | RedisTimeoutError | OSError)
    if lost and not isinstance(error, AuthenticationError | AuthorizationError):
        return ServerUnreachable(action, server, text or type(error).__name__)
    return ServerRefused(action, server, text or type(error).__name__)


def server_of(client: Any) -> str:
    """Return the address of a redis-py client for people, without secrets."""
    options = client.connection_pool.connection_kwargs
    if "path" in options:
        return f"unix://{options['path']}"
    return f"{options.get('host', 'localhost')}:{options.get('port', 6379)}"
