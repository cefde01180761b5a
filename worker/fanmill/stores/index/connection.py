"""How fanmill connects to the server of its index: one server, or a cluster."""

from typing import Any, Final

from redis import RedisCluster
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from fanmill.stores.redis.connection import SOCKET_TIMEOUT_SECONDS, connect

CLUSTER: Final = "+cluster"
"""Ends the scheme of a cluster's URL: `redis+cluster://any-node:6379`."""


def connect_index(url: str, retries: int) -> Any:
    """Return a client of the index's server or cluster; a cluster is asked for its nodes at once.

    Raises:
        ValueError: The URL is not one of redis://, rediss:// or unix://, or of the
            first two with `+cluster` behind their names.
    """
    scheme, _, rest = url.partition("://")
    if not scheme.endswith(CLUSTER):
        return connect(url, retries)
    return RedisCluster.from_url(
        f"{scheme.removesuffix(CLUSTER)}://{rest}",
        socket_timeout=SOCKET_TIMEOUT_SECONDS,
        socket_connect_timeout=5.0,
        retry=Retry(ExponentialWithJitterBackoff(base=0.02, cap=1.0), retries),
    )
