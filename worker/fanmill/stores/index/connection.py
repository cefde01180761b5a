"""Connections to the server of the index: one server, or a cluster."""

from typing import Any, Final

from redis import RedisCluster
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from fanmill.stores.redis.connection import SOCKET_SECONDS, connect
from fanmill_contracts.addresses import ServerAddress
from fanmill_contracts.connections import CONNECT_SECONDS

CLUSTER: Final = "+cluster"
"""End of the scheme of a cluster's URL: `redis+cluster://any-node:6379`."""

_RETRIES_PER_SECOND: Final = 1.2
"""Number of retries that fit into a second, with pauses that grow to one second."""


def connect_index(url: str, retry_seconds: float) -> Any:
    """Return a client of the index's server or cluster; a cluster is asked for its nodes at once.

    Raises:
        InvalidArgument: The URL is not usable.
    """
    scheme, _, rest = url.partition("://")
    if not scheme.endswith(CLUSTER):
        return connect(url, retry_seconds)
    address = ServerAddress.parse(f"{scheme.removesuffix(CLUSTER)}://{rest}", "index_url")
    options = {name: value for name, value in address.options.items() if name != "max_connections"}
    return RedisCluster(
        host=address.host,
        port=address.port,
        username=address.username,
        password=address.password,
        ssl=address.tls,
        **{
            "socket_timeout": SOCKET_SECONDS,
            "socket_connect_timeout": CONNECT_SECONDS,
            "retry": Retry(
                ExponentialWithJitterBackoff(base=0.02, cap=1.0),
                round(retry_seconds * _RETRIES_PER_SECOND),
            ),
            **options,
        },
    )
