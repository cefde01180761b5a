"""Fixtures of tracing: the SDK's exporter in memory, and a whole fanmill on a real server."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from redis import Redis

from builders import Mill, RedisStores
from fanmill.ops.tracing.spans import OtelTracing
from fanmill.stores.keys import Keys

from .spans import Spans


@pytest.fixture
def global_provider(monkeypatch: pytest.MonkeyPatch) -> TracerProvider:
    """Return the provider of this process, as a producer has one.

    `set_tracer_provider` works only once, and later tests of publishers must have none.
    """
    provider = TracerProvider(shutdown_on_exit=False)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    return provider


@pytest.fixture
def spans(global_provider: TracerProvider) -> Iterator[Spans]:
    """Return the spans that end in a test: of publishers, intake and stages."""
    exporter = InMemorySpanExporter()
    processor = SimpleSpanProcessor(exporter)
    global_provider.add_span_processor(processor)
    yield Spans(exporter)
    processor.shutdown()


@pytest.fixture
def new_mill(
    redis: Redis, keys: Keys, global_provider: TracerProvider, spans: Spans
) -> Callable[..., Mill]:
    """Make a fanmill on Valkey whose spans go to the exporter."""
    tracing = OtelTracing(global_provider, keys.ingested)
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return partial(Mill, stores, tracing=tracing)


@pytest.fixture
def mill(new_mill: Callable[..., Mill]) -> Mill:
    """Return a fanmill with the plain functions."""
    return new_mill()
