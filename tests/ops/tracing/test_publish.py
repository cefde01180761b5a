"""Publishers pass the trace context of their program on."""

import asyncio

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from redis import Redis

from builders import ingested
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill_contracts import (
    AsyncPublisher,
    BacklogFull,
    DocumentIngested,
    MalformedEvent,
    Publisher,
    decode_ingested,
)
from fanmill_contracts.streams import EVENT_FIELD

from .spans import TRACEPARENT, Spans, facts, id_of, parent_of, trace_of


@pytest.fixture
def publisher(settings: Settings) -> Publisher:
    return Publisher(settings.redis_url.get_secret_value(), namespace=settings.namespace)


def written(redis: Redis, keys: Keys) -> list[DocumentIngested]:
    """Return the events in the ledger."""
    return [
        decode_ingested(fields[EVENT_FIELD.encode()]) for _, fields in redis.xrange(keys.ingested)
    ]


def is_sampled(traceparent: str) -> bool:
    """Return the first bit of the flags."""
    return int(traceparent[-2:], 16) & 1 == 1


def test_an_event_carries_the_context_of_its_publication(
    publisher: Publisher, redis: Redis, keys: Keys, spans: Spans
) -> None:
    with trace.get_tracer("shop").start_as_current_span("order") as order, publisher:
        publisher.publish(ingested("a", event_id="event-a"))
    span = spans.one("a", "publish")
    (event,) = written(redis, keys)
    assert event.traceparent is not None
    assert event.traceparent.startswith(f"00-{trace_of(span)}-{id_of(span)}-")
    assert is_sampled(event.traceparent)
    assert span.kind is SpanKind.PRODUCER
    assert parent_of(span) == f"{order.get_span_context().span_id:016x}"
    assert facts(span) == {
        "messaging.system": "redis",
        "messaging.destination.name": keys.ingested,
        "messaging.operation.name": "publish",
        "messaging.operation.type": "send",
        "messaging.message.id": "event-a",
        "fanmill.document.id": "a",
        "fanmill.source": "/tests",
    }


def test_a_given_context_stays(
    publisher: Publisher, redis: Redis, keys: Keys, spans: Spans
) -> None:
    with trace.get_tracer("shop").start_as_current_span("order"), publisher:
        publisher.publish(ingested("a", traceparent=TRACEPARENT))
    assert [event.traceparent for event in written(redis, keys)] == [TRACEPARENT]
    assert spans.of("a") == []


def test_each_of_many_events_has_a_span_of_its_own(
    publisher: Publisher, redis: Redis, keys: Keys, spans: Spans
) -> None:
    with publisher:
        publisher.publish_many(ingested(f"doc-{number}") for number in range(600))
    contexts = [event.traceparent for event in written(redis, keys)]
    assert len(set(contexts)) == len({(each or "").split("-")[1] for each in contexts}) == 600
    assert len(spans.all()) == 600


def test_an_asynchronous_publisher_does_the_same(
    settings: Settings, redis: Redis, keys: Keys, spans: Spans
) -> None:
    async def publish() -> None:
        url = settings.redis_url.get_secret_value()
        async with AsyncPublisher(url, namespace=settings.namespace) as publisher:
            with trace.get_tracer("shop").start_as_current_span("order"):
                await publisher.publish(ingested("a"))
                await publisher.publish_many([ingested("b"), ingested("c")])

    asyncio.run(publish())
    (order,) = [span for span in spans.all() if span.name == "order"]
    for event, name in zip(written(redis, keys), "abc", strict=True):
        span = spans.one(name, "publish")
        assert (event.traceparent or "")[:-2] == f"00-{trace_of(order)}-{id_of(span)}-"


def test_events_that_were_not_accepted_have_an_error(
    settings: Settings, redis: Redis, keys: Keys, spans: Spans
) -> None:
    url = settings.redis_url.get_secret_value()
    with Publisher(url, namespace=settings.namespace, max_backlog=2) as publisher:
        publisher.publish(ingested("a"))
        with pytest.raises(BacklogFull):
            publisher.publish_many([ingested("b"), ingested("c")])
        with pytest.raises(MalformedEvent):
            publisher.publish(ingested("d").model_copy(update={"source": "\ud800"}))
    errors = {
        facts(span)["fanmill.document.id"]: facts(span).get("error.type") for span in spans.all()
    }
    assert errors == {"a": None, "b": None, "c": "BacklogFull", "d": "MalformedEvent"}
    assert spans.one("c", "publish").status.status_code is StatusCode.ERROR
