"""Drivers of the contract's clients for tests: ordinary and asyncio ones in one way."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from redis import Redis

from builders import ingested
from fanmill_contracts import (
    AsyncResults,
    AsyncSubscriber,
    Delivery,
    DocumentIngested,
    Finished,
    Results,
    StreamNames,
    Subscriber,
    Trouble,
    decode_ingested,
)


class Published(Protocol):
    """Either publisher, called in one way."""

    def __call__(self, *events: DocumentIngested, one_by_one: bool = False, **how: Any) -> Any:
        """Publish with `publish` or `publish_many`; return the last answer."""


def numbered(count: int, text: str = "A text.") -> list[DocumentIngested]:
    return [ingested(f"doc-{number}", text) for number in range(count)]


def ledger(redis: Redis, namespace: str) -> list[tuple[str, DocumentIngested]]:
    entries: Any = redis.xrange(StreamNames(namespace).ingested)
    for _, fields in entries:
        assert list(fields) == [b"event"]
    return [(entry.decode(), decode_ingested(fields[b"event"])) for entry, fields in entries]


class Consumer:
    """Either subscriber, driven in one way from an ordinary test."""

    def __init__(self, kind: str, *arguments: Any, **how: Any) -> None:
        self.troubles: list[Trouble] = []
        how = {"group": "tests", "report": self.troubles.append, **how}
        self._loop = asyncio.new_event_loop() if kind == "async" else None
        made = AsyncSubscriber if kind == "async" else Subscriber
        self.subscriber: Any = made(*arguments, **how)

    def _done(self, answer: Any) -> Any:
        return answer if self._loop is None else self._loop.run_until_complete(answer)

    def read(self, wait_seconds: float = 0.0) -> list[Delivery[Any]]:
        found: list[Delivery[Any]] = self._done(self.subscriber.read(wait_seconds))
        return found

    def ids(self, wait_seconds: float = 0.0) -> list[str]:
        return [each.event.data.document_id for each in self.read(wait_seconds)]

    def ack(self, *deliveries: Delivery[Any]) -> int:
        return int(self._done(self.subscriber.ack(*deliveries)))

    def drain(self, wait_seconds: float = 0.0) -> list[str]:
        """Read and acknowledge until nothing more comes."""
        found: list[str] = []
        while deliveries := self.read(wait_seconds):
            self.ack(*deliveries)
            found += [each.event.data.document_id for each in deliveries]
        return found

    def close(self) -> None:
        if self._loop is None:
            self.subscriber.close()
        elif not self._loop.is_closed():
            self._loop.run_until_complete(self.subscriber.aclose())
            self._loop.close()


def pending(redis: Redis, namespace: str, group: str = "tests") -> int:
    answer: Any = redis.xpending(StreamNames(namespace).processed, group)
    return int(answer["pending"])


class ResultsClient:
    """Either results client, driven in one way from an ordinary test."""

    def __init__(self, kind: str, url: str, **how: Any) -> None:
        self._loop = asyncio.new_event_loop() if kind == "async" else None
        self.results: Any = (AsyncResults if kind == "async" else Results)(url, **how)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **how: Any) -> Any:
            answer = getattr(self.results, name)(*arguments, **how)
            return answer if self._loop is None else self._loop.run_until_complete(answer)

        return call

    def completed(self, *arguments: Any, **how: Any) -> list[Finished]:
        iterated = self.results.completed(*arguments, **how)
        if self._loop is None:
            return list(iterated)

        async def collect() -> list[Finished]:
            return [each async for each in iterated]

        return self._loop.run_until_complete(collect())

    def close(self) -> None:
        if self._loop is None:
            self.results.close()
        else:
            self._loop.run_until_complete(self.results.aclose())
            self._loop.close()


def named(found: list[Finished]) -> list[str]:
    return [each.event.data.document_id for each in found]
