"""What all tests share: one real server for the session and a namespace of its own per test.

Nothing is patched: stores are the real ones or the memory twins that ship.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from hypothesis import settings as hypothesis_settings
from redis import Redis

from fanmill.local.server import EmbeddedServer
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.stores.redis import connect

# A busy machine is no bug, and examples belong into tests, not into a folder beside them.
hypothesis_settings.register_profile("fanmill", deadline=None, database=None, print_blob=True)
hypothesis_settings.load_profile("fanmill")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A Valkey for the whole session. Do not reconfigure it: take one of your own for that."""
    with EmbeddedServer(tmp_path_factory.mktemp("valkey"), durable=False) as running:
        yield running


@pytest.fixture
def namespace() -> str:
    """A namespace that no other test has."""
    return f"t-{uuid4().hex[:12]}"


@pytest.fixture
def settings(server: EmbeddedServer, namespace: str) -> Settings:
    """Settings of one test: the session's server, a namespace of its own."""
    return Settings(redis_url=server.url, namespace=namespace)


@pytest.fixture
def keys(settings: Settings) -> Keys:
    """The keys of this test's namespace."""
    return Keys(settings.streams)


@pytest.fixture
def redis(server: EmbeddedServer) -> Iterator[Redis]:
    """A client of the session's server."""
    with connect(server.url, retry_seconds=3) as client:
        yield client
