"""Fixtures of all tests: a real server for each pytest process, a namespace for each test.

Nothing is patched: stores are the real ones or their twins in `fanmill.testing`.
"""

import gc
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from hypothesis import settings as hypothesis_settings
from redis import Redis

from dealing import dealt
from fanmill.local.server import EmbeddedServer
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.stores.redis import connect
from postgres_fixtures import (  # noqa: F401 - pytest finds fixtures here
    empty_postgresql_url,
    postgresql_server,
    postgresql_template,
    postgresql_url,
)

# A busy machine is no fault. Examples belong into tests, not into a folder beside them.
hypothesis_settings.register_profile("fanmill", deadline=None, database=None, print_blob=True)
hypothesis_settings.load_profile("fanmill")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse ids that differ between processes, which must agree on them; order the tests."""
    for item in items:
        if re.search(r" at 0x[0-9a-f]{6}", item.nodeid):
            raise pytest.UsageError(f"{item.nodeid}: the id has an address; give the parameter one")
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    smoke = [item for item in items if "/smoke/" in item.nodeid]
    short = [item for item in items if "/smoke/" not in item.nodeid]
    items[:] = dealt(smoke, short, processes)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from thousands of tests, which stay to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Run a Valkey for this pytest process; a test that reconfigures a server starts its own."""
    with EmbeddedServer(tmp_path_factory.mktemp("valkey"), durable=False) as running:
        yield running


@pytest.fixture
def namespace() -> str:
    """Return a namespace that no other test has."""
    return f"t-{uuid4().hex[:12]}"


@pytest.fixture
def settings(server: EmbeddedServer, namespace: str) -> Iterator[Settings]:
    """Return settings of one test: the shared server, a namespace of its own."""
    yield Settings(redis_url=server.url, namespace=namespace)
    # A scan of all keys would take longer with each test that left some.
    with connect(server.url, retry_seconds=0) as client:
        client.flushall(asynchronous=True)


@pytest.fixture
def keys(settings: Settings) -> Keys:
    """Return the keys of this test's namespace."""
    return Keys(settings.streams)


@pytest.fixture
def redis(server: EmbeddedServer) -> Iterator[Redis]:
    """Return a client of the shared server."""
    with connect(server.url, retry_seconds=3) as client:
        yield client
