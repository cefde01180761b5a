"""The stores under test: the memory twin and Redis, on either protocol of the client."""

from collections.abc import Iterator
from time import time

import pytest
from redis import Redis

from builders import MemoryStores, RedisStores, Stores
from fanmill.local.server import EmbeddedServer
from fanmill.stores.keys import Keys
from fanmill.stores.redis import connect
from fanmill.testing import MemoryServer


@pytest.fixture(params=["memory", "redis", "redis-resp2", "redis-resp3"])
def stores(request: pytest.FixtureRequest, server: EmbeddedServer, keys: Keys) -> Iterator[Stores]:
    """Stores of all four kinds on one server; the ledger is open."""
    stores: Stores
    if request.param == "memory":
        stores = MemoryStores(MemoryServer(time))
        stores.ledger.open()
        yield stores
        return
    url = server.url
    if "-resp" in request.param:
        url += f"?protocol={request.param[-1]}"
    with connect(url, retry_seconds=3) as client:
        stores = RedisStores(client, keys)
        stores.ledger.open()
        yield stores


@pytest.fixture
def redis_stores(redis: Redis, keys: Keys) -> RedisStores:
    """The stores on Redis alone."""
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return stores
