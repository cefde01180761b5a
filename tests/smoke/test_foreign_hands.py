"""Other programs write to the ledger and remove from it: nothing ends without a word."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from threading import Event, Thread
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from fanmill.stores.keys import GROUP
from fanmill.stores.redis import RedisRejections
from fanmill.stores.redis.losses import lost_unread
from polling import until

from .malformed import MALFORMED
from .mill import Mill
from .plan import SWIFT, event_of, log_count

AT_LEAST = 300
AT_ONCE = 20


def _all_ended(mill: Mill) -> bool:
    try:
        return (
            mill.waiting() == 0
            and mill.pending() == 0
            and not any(mill.queued().values())
            and next(mill.redis.scan_iter(match=mill.keys.work("*"), count=10_000), None) is None
        )
    except RedisError:
        # No group: an intake will make it again.
        return False


def _reasons(mill: Mill) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in RedisRejections(mill.redis, mill.keys).entries():
        found[entry.event.data.reason] = found.get(entry.event.data.reason, 0) + 1
    return found


def _processed_once(mill: Mill) -> set[str]:
    entries: Any = mill.redis.xrange(mill.keys.processed)
    events = [json.loads(fields[b"event"])["data"]["event"]["id"] for _, fields in entries]
    assert len(events) == len(set(events))
    return set(events)


@contextmanager
def _removing(mill: Mill, seed: int) -> Iterator[None]:
    """Remove entries at random for as long as the block runs."""
    stop, random = Event(), Random(seed)

    def remove() -> None:
        with Redis.from_url(mill.url) as client:
            while not stop.wait(random.uniform(0, 0.05)):
                ids: Any = [entry for entry, _ in client.xrange(mill.keys.ingested, count=300)]
                match random.randrange(3) if ids else -1:
                    case 0:
                        client.xdel(mill.keys.ingested, *random.sample(ids, min(3, len(ids))))
                    case 1:
                        client.xtrim(mill.keys.ingested, maxlen=max(0, len(ids) - 5))
                    case 2:
                        client.xtrim(mill.keys.ingested, minid=random.choice(ids[:10]))

    thread = Thread(target=remove)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.mark.mill(workers=2, intakes=2, **SWIFT)
def test_entries_removed_under_load_are_records_rejections_or_counted(mill: Mill) -> None:
    published = 0
    with _removing(mill, seed=7):
        # Until an entry is lost: on a fast machine, all may be complete before they are removed.
        while published < AT_LEAST or not _reasons(mill):
            mill.publish(event_of(published + number) for number in range(AT_ONCE))
            published += AT_ONCE
        until(lambda: mill.waiting() == 0, 60, mill._state)
    until(lambda: _all_ended(mill), 60, mill._state)
    reasons = _reasons(mill)
    assert set(reasons) == {"entry-lost"}
    completed = _processed_once(mill)
    lost = reasons["entry-lost"]
    assert len(completed) + lost == mill.counter("admitted")
    assert lost_unread(mill.redis, mill.keys) == published - mill.counter("admitted")
    until(lambda: log_count(mill.intakes, '"entry-lost"') == lost, 60, "each loss in the log")
    # An entry that completes while it is lost leaves the released ones when intake next looks.
    left = (mill.keys.released, mill.keys.admitted)
    until(lambda: mill.redis.exists(*left) == 0, 60, mill._state)
    # The same events again: those lost are processed now, and only those.
    mill.publish(event_of(number) for number in range(published))
    until(lambda: _all_ended(mill), 60, mill._state)
    assert _processed_once(mill) == {event_of(number).id for number in range(published)}
    assert mill.counter("repeated") == len(completed)


@pytest.mark.mill(app="poison_app", **SWIFT)
@pytest.mark.parametrize("what", ["stream", "group"])
def test_a_deleted_stream_or_group_leaves_nothing_without_an_end(mill: Mill, what: str) -> None:
    mill.publish(
        event_of(number, mark="[[hold in summarize]]" if number == 3 else "")
        for number in range(10)
    )
    entry = mill.entry_ids()[3]
    until(lambda: mill.attempts(entry, "summarize"), 30, mill._state)
    if what == "stream":
        mill.redis.delete(mill.keys.ingested)
    else:
        mill.redis.xgroup_destroy(mill.keys.ingested, GROUP)
    mill.publish([event_of(10)])
    mill.open_gate()
    until(lambda: _all_ended(mill), 60, mill._state)
    completed = _processed_once(mill)
    lost = _reasons(mill).get("entry-lost", 0)
    assert len(completed) + lost == 11
    assert event_of(10).id in completed
    if what == "group":
        assert lost == 0
    mill.publish(event_of(number) for number in range(11))
    until(lambda: _all_ended(mill), 60, mill._state)
    assert len(_processed_once(mill)) == 11


@pytest.mark.mill(intakes=0, **SWIFT)
def test_no_entry_ends_an_intake_or_a_worker(mill: Mill) -> None:
    """Entries that anyone may write, each between two good ones; `status` and `rejected` go on."""
    stream = mill.keys.ingested
    good: list[str] = []

    def publish_good(entry_id: str = "*") -> None:
        event = event_of(len(good))
        mill.redis.xadd(stream, {"event": event.model_dump_json(exclude_none=True)}, id=entry_id)
        good.append(event.id)

    publish_good()
    for bad in MALFORMED.values():
        mill.publish_raw(bad.fields)
    publish_good()
    for repeats in (4_000, 100_000):
        mill.redis.execute_command("XADD", stream, "*", *(["event", "{"] * repeats))
        publish_good()
    publish_good("1763000000000000-5")
    publish_good(f"{2**53 + 1}-{2**64 - 1}")
    publish_good(f"{2**64 - 2}-1")
    mill.publish_raw({"event": b"\xff", "other": b"\xfe"})
    publish_good(f"{2**64 - 1}-{2**64 - 1}")
    with pytest.raises(ResponseError, match=r"exhausted|equal or smaller"):
        publish_good()
    mill.start_intake()
    until(lambda: _all_ended(mill), 60, mill._state)
    assert _processed_once(mill) == set(good)
    assert mill.rejected() == len(MALFORMED) + 3
    assert [node.alive() for node in (mill.intake, mill.worker)] == [True, True]
    assert log_count([mill.intake], "server failed") == 0
    times = [
        json.loads(fields[b"event"])["data"]["received_at"]
        for _, fields in mill.redis.xrange(mill.keys.processed)
    ]
    assert times.count(None) == 4
    for entry in RedisRejections(mill.redis, mill.keys).entries():
        assert entry.event.data.stage == "intake"
    assert set(mill.stop().values()) == {0}
