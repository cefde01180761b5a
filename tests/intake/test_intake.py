"""Intake reads, validates, batches and stops, on the memory twin."""

from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from redis import Redis
from redis.exceptions import RedisError

from builders import POLICY, ManualClock, Mill, RedisStores, ingested, rejected_with_originals
from fanmill.intake import Intake
from fanmill.ports import Batch
from fanmill.stores.keys import Keys
from intake_builders import batch_sizes, numbered, silence
from polling import until

MALFORMED = sorted((Path(__file__).parents[1] / "contracts" / "malformed").iterdir())


def test_a_batch_is_what_waits(mill: Mill) -> None:
    mill.publish(*numbered(1))
    assert mill.poll() == 1
    mill.publish(*numbered(3))
    assert mill.poll() == 3
    assert mill.poll() == 0
    assert batch_sizes(mill) == [1, 3]


def test_under_load_batches_are_full(mill: Mill) -> None:
    mill.publish(*numbered(8))
    assert [mill.poll(), mill.poll()] == [4, 4]
    assert batch_sizes(mill) == [4, 4]


def test_large_events_travel_in_smaller_batches(mill: Mill) -> None:
    big = "x" * 60_000
    mill.publish(ingested("a", big), ingested("b", big + "b"), ingested("c"), ingested("d"))
    mill.poll()
    assert batch_sizes(mill) == [1, 3]


def test_a_batch_names_its_entries_in_their_order_and_is_a_first_delivery(mill: Mill) -> None:
    ids = mill.publish(*numbered(3))
    mill.poll()
    batch = mill.dispatcher.receive("deduplicate")
    assert batch is not None
    assert batch == Batch(batch.id, tuple(ids), 1)
    mill.publish(*numbered(1))
    mill.poll()
    other = mill.dispatcher.receive("deduplicate")
    assert other is not None
    assert other.id != batch.id


def test_no_more_is_read_than_may_be_in_flight(mill: Mill) -> None:
    mill.publish(*numbered(20))
    while mill.poll():
        pass
    assert mill.stores.ledger.in_flight() == POLICY.max_in_flight
    assert sum(batch_sizes(mill)) == POLICY.max_in_flight
    assert len(mill.stores.waiting()) == 20
    mill.work()
    # Room is used as far as it goes.
    assert [mill.poll(), mill.poll(), mill.poll()] == [4, 4, 0]
    mill.run()
    assert len(mill.stores.processed()) == 20


def test_the_last_room_is_filled_with_a_smaller_batch() -> None:
    mill = Mill(policy=replace(POLICY, max_in_flight=6))
    mill.publish(*numbered(20))
    assert [mill.poll(), mill.poll(), mill.poll()] == [4, 2, 0]


class Waits(Event):
    """Stop signal that notes the waits for it and lets a clock pass them."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self._clock = clock
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout or 0.0)
        self._clock.advance(timeout or 0.0)
        return self.is_set()


def test_room_for_documents_is_looked_for_less_often_the_longer_there_is_none(mill: Mill) -> None:
    mill.publish(*numbered(POLICY.max_in_flight + 1))
    while mill.poll():
        pass
    stop = Waits(mill.clock)
    while sum(stop.seconds) < 2.0:
        assert mill.intake.poll(stop, 1.0) == 0
    assert stop.seconds == sorted(stop.seconds)
    assert (stop.seconds[0], stop.seconds[-1]) == (0.01, 0.1)
    # Room is found after at most a quarter more than the time without it.
    for at, wait in enumerate(stop.seconds):
        assert wait <= max(0.01, 0.25 * sum(stop.seconds[:at])) + 1e-9
    mill.work()
    assert mill.intake.poll(stop, 1.0) == 1
    mill.publish(*numbered(POLICY.max_in_flight + 2))
    while mill.intake.poll(stop, 0.0):
        pass
    stop.seconds.clear()
    mill.intake.poll(stop, 1.0)
    assert stop.seconds == [0.01]


def test_two_intakes_share_what_there_is(mill: Mill) -> None:
    other = mill.another_intake("intake-2")
    ids = mill.publish(*numbered(8))
    assert mill.poll() == 4
    assert other.poll(mill.stop, 0) == 4
    sent = [entry_id for _, batch in mill.dispatcher.sent for entry_id in batch.entries]
    assert sent == ids


def test_malformed_events_are_rejected_and_their_neighbours_go_on(mill: Mill) -> None:
    good = []
    for path in MALFORMED:
        mill.stores.add(path.read_bytes())
        good += mill.publish(ingested(path.name, path.name))
    mill.run()
    assert sorted(event.id for event in mill.stores.processed()) == sorted(good)
    rejected = rejected_with_originals(mill.stores)
    assert [entry.original["event"] for entry in rejected] == [
        path.read_bytes() for path in MALFORMED
    ]
    for entry in rejected:
        assert (entry.event.data.stage, entry.event.data.attempts) == ("intake", 1)
        assert entry.event.data.unverified
        assert entry.event.subject is None
    assert mill.stores.waiting() == []
    assert mill.stores.works() == 0


def test_a_read_of_nothing_but_malformed_events_sends_no_batch(mill: Mill) -> None:
    mill.stores.add(b"{")
    mill.stores.add(b"", "other")
    assert mill.poll() == 2
    assert mill.dispatcher.sent == []
    assert mill.stores.rejections.count() == 2


@pytest.mark.parametrize("between", ["in one read", "while in flight", "after completion"])
def test_the_same_event_twice_is_one_revision(mill: Mill, between: str) -> None:
    event = ingested("doc-1", "Once.")
    mill.publish(event)
    if between == "while in flight":
        mill.poll()
    elif between == "after completion":
        mill.run()
    mill.publish(event)
    mill.run()
    stored = mill.stores.records.get("doc-1")
    assert stored is not None
    assert stored.result is not None
    assert (stored.state, stored.revisions) == ("complete", 1)
    assert stored.result.deduplication.verdict == "unique"
    assert len(mill.stores.processed()) == 1
    assert mill.stores.waiting() == []


def test_too_many_rejections_stop_reading_until_an_operator_makes_room() -> None:
    mill = Mill(policy=replace(POLICY, max_rejected=3))
    mill.publish(*(ingested(f"bad-{n}", f"{n} is refused by tag.") for n in range(3)))
    mill.run()
    mill.publish(*numbered(2))
    mill.clock.advance(1.5)
    assert [mill.poll(), mill.poll()] == [0, 0]
    assert len(mill.stores.waiting()) == 2
    assert mill.stores.ledger.in_flight() == 0
    first, *_ = mill.stores.rejections.entries()
    mill.stores.rejections.drop(first.id)
    mill.clock.advance(1.5)
    mill.run()
    assert len(mill.stores.processed()) == 2


def test_what_is_in_flight_is_finished_while_reading_is_stopped() -> None:
    mill = Mill(policy=replace(POLICY, max_rejected=1))
    mill.publish(ingested("bad", "This is refused by tag."))
    mill.run()
    mill.publish(*numbered(2))
    mill.poll()
    mill.dispatcher.lose_all()
    silence(mill)
    mill.work()
    assert len(mill.stores.processed()) == 2


def test_invalid_events_of_one_producer_do_not_stop_the_others() -> None:
    mill = Mill(policy=replace(POLICY, max_rejected=3))
    for _ in range(10):
        mill.stores.add(b"{")
    mill.run()
    mill.publish(*numbered(2))
    mill.clock.advance(1.5)
    mill.run()
    assert len(mill.stores.processed()) == 2
    assert (mill.stores.rejections.count(), mill.stores.rejections.count_failed()) == (10, 0)


def test_without_a_ceiling_nothing_stops_reading(mill: Mill) -> None:
    for _ in range(50):
        mill.stores.add(b"{")
    mill.run()
    mill.publish(*numbered(1))
    mill.clock.advance(1.5)
    assert mill.poll() == 1


def test_a_stopped_intake_leaves_the_group_and_reads_no_more(redis: Redis, keys: Keys) -> None:
    stores = RedisStores(redis, keys)
    mill = Mill(stores)
    stop = Event()
    beats: list[int] = []
    thread = Thread(target=mill.intake.run, args=(stop, lambda: beats.append(1)))
    thread.start()
    try:
        mill.publish(ingested("early", "Early."))
        until(lambda: mill.dispatcher.sent)
    finally:
        stop.set()
        thread.join(60)
    assert not thread.is_alive()
    assert beats
    mill.publish(ingested("late", "Late."))
    assert stores.ledger.in_flight() == 1
    groups = {consumer["name"] for consumer in redis.xinfo_consumers(keys.ingested, "fanmill")}
    assert groups == {b"workers"}


def test_a_stop_before_the_first_turn_reads_nothing(mill: Mill) -> None:
    mill.publish(*numbered(1))
    mill.stop.set()
    mill.intake.run(mill.stop)
    assert mill.stores.ledger.in_flight() == 0


def test_the_loop_outlives_a_server_that_lost_its_data(redis: Redis, keys: Keys) -> None:
    stores = RedisStores(redis, keys)
    mill = Mill(stores)
    intake = Intake(
        "intake-1",
        ledger=stores.ledger,
        index=stores.index,
        rejections=stores.rejections,
        dispatcher=mill.dispatcher,
        policy=POLICY,
        clock=mill.clock,
        failures=(RedisError,),
    )
    stop = Event()
    thread = Thread(target=intake.run, args=(stop,))
    thread.start()
    try:
        mill.publish(ingested("before", "Before."))
        until(lambda: len(mill.dispatcher.sent) == 1)
        redis.delete(keys.ingested)
        # The group is gone with the stream; it is made again.
        mill.publish(ingested("after", "After."))
        until(lambda: len(mill.dispatcher.sent) == 2)
    finally:
        stop.set()
        thread.join(60)
    mill.work()
    assert [event.subject for event in stores.processed()] == ["after"]


def test_an_error_that_is_not_the_servers_ends_the_loop(mill: Mill) -> None:
    def beat() -> None:
        raise ZeroDivisionError

    mill.publish(*numbered(1))
    with pytest.raises(ZeroDivisionError):
        mill.intake.run(Event(), beat)
    assert mill.stores.ledger.in_flight() == 0
