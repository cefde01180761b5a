"""An exporter over the namespace of a test."""

import pytest
from redis import Redis

from builders import RedisStores
from fanmill.metrics_process import source_of
from fanmill.ops.metrics.exporter import Exporter
from fanmill.ops.metrics.reading import Source
from fanmill.settings import Settings
from fanmill.stores.keys import Keys


@pytest.fixture
def source(settings: Settings) -> Source:
    """Return where the metrics of this test's namespace are read."""
    return source_of(settings)


@pytest.fixture
def exporter(source: Source) -> Exporter:
    """Return an exporter that reads at each scrape."""
    return Exporter(source, clock=iter(range(0, 1_000_000, 100)).__next__)


@pytest.fixture
def redis_stores(redis: Redis, keys: Keys) -> RedisStores:
    """Return the stores of this test's namespace; the ledger is open."""
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return stores
