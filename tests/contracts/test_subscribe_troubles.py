"""Entries and groups that others changed do not stop a subscriber and are reported."""

from collections import Counter
from threading import Thread
from time import sleep
from typing import Any

from redis import Redis

from builders import raw_body
from contract_clients import pending
from fanmill_contracts import (
    StreamNames,
)


def test_malformed_entries_are_skipped_and_reported(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    stream = StreamNames(namespace).processed
    names = finish(1)
    for fields in (
        {"event": "not JSON"},
        {"other": "field"},
        {"event": raw_body()},
        {"event": '{"specversion":"1.0","type":"fanmill.document.processed.v9"}'},
        {b"\xff": b"\xff"},
    ):
        redis.xadd(stream, fields)  # type: ignore[arg-type]
    names += finish(1, first=1)
    reading = consumer(batch_size=2)
    assert reading.drain(0.2) == names
    assert [trouble.kind for trouble in reading.troubles] == ["malformed"] * 5
    assert all(trouble.entry_id in trouble.detail for trouble in reading.troubles)
    assert reading.subscriber.troubles == {"malformed": 5}
    assert pending(redis, namespace) == 0


def test_a_deleted_group_is_created_again_and_nothing_is_lost(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    stream = StreamNames(namespace).processed
    reading = consumer(batch_size=2)
    names = finish(4)
    reading.ack(*reading.read())
    redis.xgroup_destroy(stream, "tests")
    assert Counter(reading.drain()) == Counter(names)
    assert [trouble.kind for trouble in reading.troubles] == ["group-recreated"]


def test_a_new_group_that_is_deleted_goes_on_where_it_had_begun(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    finish(3)
    reading = consumer(start="new")
    assert reading.read() == []
    redis.xgroup_destroy(StreamNames(namespace).processed, "tests")
    names = finish(2, first=3)
    assert reading.drain() == names


def test_a_deleted_stream_is_survived_while_waiting(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    stream = StreamNames(namespace).processed
    finish(1)
    reading = consumer()
    reading.drain()
    later = Thread(target=lambda: (sleep(0.3), redis.delete(stream), finish(1, first=1)))
    later.start()
    assert reading.ids(20.0) == ["doc-1"]
    later.join()
    assert "group-recreated" in {trouble.kind for trouble in reading.troubles}


def test_entries_trimmed_before_they_were_read_are_counted(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    names = finish(10)
    reading = consumer(batch_size=2)
    assert reading.ids() == names[:2]
    redis.xtrim(StreamNames(namespace).processed, maxlen=3, approximate=False)
    assert reading.drain() == names[7:]
    (trouble,) = [each for each in reading.troubles if each.kind == "trimmed"]
    assert trouble.count == 5


def test_entries_removed_while_they_are_pending_are_reported(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    names = finish(3)
    careless = consumer(reclaim_after_seconds=1)
    taken = careless.read()
    redis.xdel(StreamNames(namespace).processed, taken[1].entry_id)
    careful = consumer(reclaim_after_seconds=1)
    again = careful.read(10.0)
    assert [each.event.data.document_id for each in again] == [names[0], names[2]]
    lost = [each for each in careful.troubles if each.kind == "lost"]
    assert [each.entry_id for each in lost] == [taken[1].entry_id]
    careful.ack(*again)
    assert pending(redis, namespace) == 0


def test_an_own_entry_that_is_gone_is_reported(
    consumer: Any, finish: Any, redis: Redis, namespace: str
) -> None:
    finish(2)
    first = consumer(consumer="pod")
    taken = first.read()
    redis.xdel(StreamNames(namespace).processed, taken[0].entry_id)
    again = consumer(consumer="pod")
    assert [each.entry_id for each in again.read()] == [taken[1].entry_id]
    assert [each.kind for each in again.troubles] == ["lost"]
