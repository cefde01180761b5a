"""Subscribers on a real server: order, groups, acknowledgement, arguments."""

from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from redis import Redis

from builders import Mill, RedisStores
from contract_clients import pending
from fanmill.stores.keys import Keys
from fanmill_contracts import (
    AsyncSubscriber,
    DocumentProcessed,
    DocumentRejected,
    InvalidArgument,
    StreamNames,
    Subscriber,
)


def test_a_group_gets_every_event_once_and_in_order(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    names = finish(25)
    reading = consumer(batch_size=10)
    deliveries = reading.read()
    assert [each.event.data.document_id for each in deliveries] == names[:10]
    assert {each.attempt for each in deliveries} == {1}
    assert pending(redis, namespace) == 10
    assert reading.ack(*deliveries) == 10
    assert reading.ack(*deliveries) == 0
    assert reading.ack() == 0
    assert reading.drain() == names[10:]
    assert pending(redis, namespace) == 0
    assert reading.troubles == []


def test_two_groups_get_all_events_and_a_new_group_only_later_ones(
    consumer: Any, finish: Any
) -> None:
    names = finish(3)
    late = consumer(group="late", start="new")
    assert late.ids() == []
    more = finish(2, first=3)
    assert late.ids() == more
    assert consumer(group="one").ids() == [*names, *more]
    assert consumer(group="two").ids() == [*names, *more]


def test_a_group_begins_behind_an_entry(consumer: Any, finish: Any) -> None:
    names = finish(3)
    (first, *_) = consumer(group="one").read()
    assert consumer(group="two", start=first.entry_id).ids() == names[1:]


def test_reading_waits_for_an_event_and_no_longer(consumer: Any, finish: Any) -> None:
    reading = consumer()
    begin = monotonic()
    assert reading.ids(0.3) == []
    assert 0.3 <= monotonic() - begin < 20
    later = Thread(target=lambda: (sleep(0.5), finish(1)))
    later.start()
    assert reading.ids(20.0) == ["doc-0"]
    later.join()


def test_consumers_of_a_group_share_its_events(consumer: Any, finish: Any) -> None:
    names = finish(40)
    one, two = consumer(batch_size=5), consumer(batch_size=5)
    shares: list[list[str]] = [[], []]
    while True:
        found = [one.read(), two.read()]
        for reading, share, deliveries in zip((one, two), shares, found, strict=True):
            share += [each.event.data.document_id for each in deliveries]
            reading.ack(*deliveries)
        if not any(found):
            break
    assert sorted([*shares[0], *shares[1]]) == sorted(names)
    assert len(shares[0]) == len(shares[1]) == 20


def test_what_was_not_acknowledged_comes_again_until_it_is(consumer: Any, finish: Any) -> None:
    names = finish(6)
    careless = consumer(reclaim_after_seconds=1)
    careful = consumer(reclaim_after_seconds=1)
    taken = careless.read()
    careless.ack(*taken[:3])
    assert careful.ids() == []
    again = careful.read(10.0)
    assert [each.event.data.document_id for each in again] == names[3:]
    assert {each.attempt for each in again} == {2}
    careful.ack(*again)
    assert careless.read(1.8) == []
    assert careful.read(1.8) == []


def test_a_consumer_of_a_fixed_name_gets_back_what_it_held(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    names = finish(250)
    first = consumer(consumer="pod-1", batch_size=250)
    first.ack(*first.read()[:5])
    # Closed as a process that ends: what it holds stays pending in its name.
    first.close()
    assert pending(redis, namespace) == 245
    again = consumer(consumer="pod-1", batch_size=100)
    assert again.drain() == names[5:]


def test_a_consumer_that_holds_nothing_leaves_no_name_behind(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    finish(2)
    stream = StreamNames(namespace).processed
    done, holding = consumer(), consumer()
    done.ack(*done.read())
    finish(1, first=2)
    holding.read()
    done.close()
    holding.close()
    consumers: Any = redis.xinfo_consumers(stream, "tests")
    assert [each["name"].decode() for each in consumers] == [holding.subscriber.consumer]


def test_rejections_come_with_their_original_fields(
    consumer: Any, stores: RedisStores, redis: Redis, keys: Keys
) -> None:

    redis.xadd(keys.ingested, {"event": b"not \xff JSON", "trace": "t-1"})
    Mill(stores).run()
    (delivery,) = consumer(DocumentRejected).read()
    assert isinstance(delivery.event, DocumentRejected)
    assert delivery.event.data.reason == "malformed-event"
    assert delivery.original == {"event": b"not \xff JSON", "trace": b"t-1"}


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"group": ""}, "group is ''; expected 1 to 256 characters"),
        ({"group": "a b"}, "group is 'a b'"),
        ({"consumer": ""}, "consumer is ''"),
        ({"start": "yesterday"}, "start is 'yesterday'; expected 'oldest', 'new', or the id"),
        ({"batch_size": 0}, "batch_size is 0; expected 1 to 10000"),
        ({"reclaim_after_seconds": 0}, "reclaim_after_seconds is 0; expected at least 1"),
        ({"reclaim_after_seconds": float("nan")}, "reclaim_after_seconds is nan"),
        ({"retry_seconds": -1}, "retry_seconds is -1"),
        ({"namespace": "a b"}, "namespace is 'a b'"),
        ({"url": "http://h"}, "url is 'http://...'"),
        ({"events": dict}, "events is <class 'dict'>; expected DocumentProcessed or"),
    ],
)
@pytest.mark.parametrize("kind", [Subscriber, AsyncSubscriber])
def test_arguments_are_checked_at_once(kind: Any, how: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        kind(**{"events": DocumentProcessed, "group": "g", **how})
    assert str(caught.value).startswith(told)
