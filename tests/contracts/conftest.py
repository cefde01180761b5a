"""Fixtures that the tests of the contract share."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from builders import RedisStores, completed, ingested
from contract_clients import Consumer, Published, ResultsClient
from fanmill.local.server import EmbeddedServer
from fanmill.stores.keys import Keys
from fanmill_contracts import AsyncPublisher, DocumentIngested, DocumentProcessed, Publisher


@pytest.fixture(params=["sync", "async"])
def publish(request: pytest.FixtureRequest, server: EmbeddedServer, namespace: str) -> Published:
    """Publish to this test's namespace with the publisher of either kind."""

    def of_sync(*events: DocumentIngested, one_by_one: bool = False, **how: Any) -> Any:
        with Publisher(**{"url": server.url, "namespace": namespace, **how}) as publisher:
            if one_by_one:
                return [publisher.publish(event) for event in events]
            return publisher.publish_many(events)

    def of_async(*events: DocumentIngested, one_by_one: bool = False, **how: Any) -> Any:
        async def run() -> Any:
            async with AsyncPublisher(
                **{"url": server.url, "namespace": namespace, **how}
            ) as publisher:
                if one_by_one:
                    return [await publisher.publish(event) for event in events]
                return await publisher.publish_many(events)

        return asyncio.run(run())

    return of_sync if request.param == "sync" else of_async


@pytest.fixture(scope="module")
def durable_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(tmp_path_factory.mktemp("durable"), durable=True) as running:
        yield running


@pytest.fixture(params=["sync", "async"])
def consumer(
    request: pytest.FixtureRequest, server: EmbeddedServer, namespace: str
) -> Iterator[Callable[..., Consumer]]:
    """Build consumers of either kind; they are closed at the end."""
    made: list[Consumer] = []

    def build(events: Any = DocumentProcessed, url: str = server.url, **how: Any) -> Consumer:
        made.append(Consumer(request.param, events, url, **{"namespace": namespace, **how}))
        return made[-1]

    yield build
    for each in made:
        each.close()


@pytest.fixture
def stores(redis: Redis, keys: Keys) -> RedisStores:
    stores = RedisStores(redis, keys)
    stores.ledger.open()
    return stores


@pytest.fixture
def finish(stores: RedisStores) -> Callable[..., list[str]]:
    """Complete documents with the real scripts; return their ids."""

    def complete(count: int, first: int = 0) -> list[str]:
        names = [f"doc-{number}" for number in range(first, first + count)]
        for name in names:
            completed(stores, ingested(name))
        return names

    return complete


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def results(kind: str, server: EmbeddedServer, namespace: str) -> Iterator[ResultsClient]:
    client = ResultsClient(kind, server.url, namespace=namespace)
    yield client
    client.close()
