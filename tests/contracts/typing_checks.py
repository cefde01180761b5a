"""Types of the public API as a user meets them: checked by mypy, never run.

`test_typing.py` runs mypy over this file. An expression whose type changes, or a wrong
use that is no longer refused, is an error there.
"""

from collections.abc import AsyncIterator, Iterator
from typing import assert_type

from fanmill_contracts import (
    AsyncPublisher,
    AsyncResults,
    AsyncSubscriber,
    ContractError,
    Delivery,
    DocumentIngested,
    DocumentProcessed,
    DocumentRejected,
    DocumentResult,
    DocumentStatus,
    Finished,
    InvalidArgument,
    Publisher,
    Results,
    ServerAddress,
    Subscriber,
    Trouble,
    decode,
    decode_ingested,
    encode,
)


def building() -> DocumentIngested:
    event = DocumentIngested.create("doc-1", "A text.", source="/s", metadata={"pages": 1})
    assert_type(event, DocumentIngested)
    assert_type(event.data.text, str)
    assert_type(encode(event), bytes)
    assert_type(decode_ingested(encode(event)), DocumentIngested)
    assert_type(decode(b""), DocumentIngested | DocumentProcessed | DocumentRejected)
    DocumentIngested.create("doc-1", b"bytes", source="/s")  # type: ignore[arg-type]
    DocumentIngested.create("doc-1", "A text.")  # type: ignore[call-arg]
    event.data.text = "another"  # type: ignore[misc]
    return event


def publishing(event: DocumentIngested) -> None:
    with Publisher("redis://h", max_backlog=None, max_connections=4) as publisher:
        assert_type(publisher, Publisher)
        assert_type(publisher.publish(event), str)
        assert_type(publisher.publish({"specversion": "1.0"}), str)
        assert_type(publisher.publish_many([event]), int)
        publisher.publish("text")  # type: ignore[arg-type]
        publisher.publish_many(event)  # type: ignore[arg-type]
    Publisher(max_backlog="7")  # type: ignore[arg-type]


async def publishing_later(
    event: DocumentIngested, events: AsyncIterator[DocumentIngested]
) -> None:
    async with AsyncPublisher() as publisher:
        assert_type(publisher, AsyncPublisher)
        assert_type(await publisher.publish(event), str)
        assert_type(await publisher.publish_many(events), int)


def results() -> None:
    with Results() as client:
        assert_type(client.get("doc-1"), DocumentResult | None)
        assert_type(client.status("doc-1"), DocumentStatus | None)
        assert_type(client.wait("doc-1", 5.0, entry_id="1-0"), DocumentResult)
        assert_type(client.completed(), Iterator[Finished])
        for finished in client.completed("1-0", wait_seconds=None):
            assert_type(finished.event, DocumentProcessed)
            assert_type(finished.position, str)


async def results_later() -> None:
    async with AsyncResults() as client:
        assert_type(await client.get("doc-1"), DocumentResult | None)
        assert_type(await client.wait("doc-1"), DocumentResult)
        async for finished in client.completed():
            assert_type(finished, Finished)


def report(trouble: Trouble) -> None:
    assert_type(trouble.entry_id, str | None)


def subscribing() -> None:
    with Subscriber(DocumentProcessed, group="g", report=report) as subscriber:
        assert_type(subscriber, Subscriber[DocumentProcessed])
        for delivery in subscriber:
            assert_type(delivery, Delivery[DocumentProcessed])
            assert_type(delivery.event.data, DocumentResult)
            assert_type(subscriber.ack(delivery), int)
        assert_type(subscriber.read(0), list[Delivery[DocumentProcessed]])
    rejections = Subscriber(DocumentRejected, group="g")
    assert_type(rejections.read()[0].event, DocumentRejected)
    assert_type(rejections.read()[0].original, dict[str, bytes])
    subscriber.ack(*rejections.read())  # type: ignore[arg-type]
    Subscriber(DocumentIngested, group="g")  # type: ignore[type-var]
    Subscriber(DocumentProcessed)  # type: ignore[call-arg]


async def subscribing_later() -> None:
    async with AsyncSubscriber(DocumentRejected, group="g") as subscriber:
        async for delivery in subscriber:
            assert_type(delivery, Delivery[DocumentRejected])
            assert_type(await subscriber.ack(delivery), int)


def failing() -> None:
    try:
        assert_type(ServerAddress.parse("redis://h"), ServerAddress)
    except InvalidArgument as error:
        assert_type(error.name, str)
        assert_type(error.accepted, int)
        family: ContractError = error
        value_error: ValueError = error
        assert_type((family, value_error), tuple[ContractError, ValueError])
