"""The stores under test: the memory twin and Redis, on either protocol of the client."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import time

import psycopg
import pytest
from redis import Redis

from builders import MemoryStores, RedisStores, Stores
from fanmill.local.server import EmbeddedServer
from fanmill.ports import Store
from fanmill.stores.keys import Keys
from fanmill.stores.postgresql import PostgresqlStore
from fanmill.stores.redis import connect
from fanmill.stores.sqlite import SqliteStore
from fanmill.testing import MemoryServer
from store_samples import NOW_MS


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


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Open the store of record with a name, of each kind of database; one is made if missing.

    A PostgreSQL has a single one, which another name empties.
    """
    stores: list[Store] = []
    names: list[str] = []

    def open_sqlite(name: str) -> Store:
        return SqliteStore(tmp_path / f"{name}.sqlite", clock=lambda: NOW_MS)

    def open_postgresql(name: str) -> Store:
        url = request.getfixturevalue("postgresql_url")
        if names and names[-1] != name:
            with psycopg.connect(url) as connection:
                connection.execute(
                    "TRUNCATE fanmill_records, fanmill_rejections, fanmill_tombstones,"
                    " fanmill_clusters"
                )
            names.append(name)
            return stores[-1]
        names.append(name)
        return PostgresqlStore(url, clock=lambda: NOW_MS)

    def open_store(name: str) -> Store:
        stores.append({"sqlite": open_sqlite, "postgresql": open_postgresql}[request.param](name))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def reopened(opened: Callable[[str], Store]) -> Callable[[], Store]:
    """Open the same store of record again and again."""
    return lambda: opened("results")


@pytest.fixture
def store(reopened: Callable[[], Store]) -> Store:
    """An empty store of record, of each kind of database."""
    return reopened()


@pytest.fixture
def emptied(opened: Callable[[str], Store]) -> Callable[[], Store]:
    """Return another empty store of record at each call."""
    numbers = count()
    return lambda: opened(f"results-{next(numbers)}")
