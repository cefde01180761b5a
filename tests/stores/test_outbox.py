"""The outbox: what is kept for sinks, what is trimmed, what removed rejections become."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from redis import Redis

from fanmill.local.server import EmbeddedServer
from fanmill.settings import Settings
from fanmill.stores.keys import Keys
from fanmill.stores.redis import connect
from fanmill.stores.redis.sinks import RedisSinks
from sink_builders import KeepingStore, Mills


@pytest.fixture
def mills(redis: Redis, keys: Keys) -> Mills:
    return Mills(redis, keys, length=5)


def _ids(mills: Mills) -> list[str]:
    return [entry.decode() for entry, _ in mills.redis.xrange(mills.keys.processed)]


def test_without_a_sink_the_stream_is_trimmed_to_its_length(mills: Mills) -> None:
    mills.complete(400)
    assert mills.redis.xlen(mills.keys.processed) < 200
    assert RedisSinks(mills.redis, mills.keys).unstored() == 0


def test_with_a_sink_nothing_is_trimmed_before_it_is_stored(mills: Mills) -> None:
    mills.outbox().join()
    mills.complete(300)
    assert mills.redis.xlen(mills.keys.processed) == 300
    sinks = RedisSinks(mills.redis, mills.keys)
    assert sinks.unstored() == 300
    (backlog,) = sinks.backlogs()
    assert (backlog.name, backlog.store, backlog.pending, backlog.unread) == (
        "main", "sqlite:///a", 0, 300,
    )  # fmt: skip
    assert mills.drain(mills.sink(KeepingStore())) == 300
    assert sinks.unstored() == 0
    assert 5 <= mills.redis.xlen(mills.keys.processed) < 200, "the last ones stay for subscribers"


def test_the_slowest_sink_decides(mills: Mills) -> None:
    mills.outbox("slow").join()
    mills.outbox("fast").join()
    mills.complete(200)
    mills.drain(mills.sink(KeepingStore(), "fast"))
    assert mills.redis.xlen(mills.keys.processed) == 200
    sinks = RedisSinks(mills.redis, mills.keys)
    assert [each.unstored for each in sinks.backlogs()] == [0, 200]
    assert sinks.remove("slow")
    assert not sinks.remove("slow")
    mills.complete(1)
    mills.drain(mills.sink(KeepingStore(), "fast"))
    assert mills.redis.xlen(mills.keys.processed) < 200


def test_after_the_last_sink_the_stream_is_trimmed_to_its_length_again(mills: Mills) -> None:
    mills.outbox().join()
    mills.complete(300)
    RedisSinks(mills.redis, mills.keys).remove("main")
    mills.complete(1)
    assert mills.redis.xlen(mills.keys.processed) < 200
    assert not mills.redis.exists(mills.keys.sinks, mills.keys.late)


@pytest.mark.parametrize("moment", ["unread", "read", "stored"])
@pytest.mark.parametrize("end", ["drop", "replay"])
def test_a_rejection_that_is_removed_is_stored_once(mills: Mills, moment: str, end: str) -> None:
    outbox = mills.outbox()
    outbox.join()
    mills.reject(2)
    first, second = mills.rejected_ids()
    store = KeepingStore()
    sink = mills.sink(store)
    held = outbox.read("a", 10, 0) if moment == "read" else []
    if moment == "stored":
        mills.drain(sink)
        store.rejections.clear()
    rejections = mills.stores.rejections
    assert rejections.drop(first) if end == "drop" else rejections.replay(first)
    if held:
        # Its process dies; another one takes over what it held.
        outbox.release("a", held)
    mills.drain(mills.sink(store, consumer="b"))
    assert set(store.rejections) == (set() if moment == "stored" else {first, second})
    assert mills.redis.hget(mills.keys.counters, "sink-lost:main") is None
    assert mills.rejected_ids() == [second]


def test_a_removed_rejection_is_not_kept_without_a_sink(mills: Mills) -> None:
    mills.reject(1)
    mills.stores.rejections.drop(mills.rejected_ids()[0])
    assert not mills.redis.exists(mills.keys.late)


class Outboxes(RuleBasedStateMachine):
    """Documents complete, sinks come, read, store, die and go, in any order."""

    server: EmbeddedServer
    runs = 0

    @initialize()
    def begin(self) -> None:
        type(self).runs += 1
        self.redis = connect(self.server.url, retry_seconds=3)
        keys = Keys(Settings(namespace=f"outboxes-{self.runs}").streams)
        self.mills = Mills(self.redis, keys, length=2)
        self.ever: list[str] = []
        self.stored: dict[str, set[str]] = {}
        self.held: list[tuple[str, list]] = []

    @rule(number=st.integers(1, 8))
    def complete(self, number: int) -> None:
        before = set(self.ever)
        self.mills.complete(number)
        self.ever += [entry for entry in _ids(self.mills) if entry not in before]

    @rule(name=st.sampled_from("abc"))
    def join(self, name: str) -> None:
        self.mills.outbox(name).join()
        if name not in self.stored:
            # All that is there is owed to it, and nothing that went before.
            self.stored[name] = set(self.ever) - set(_ids(self.mills))

    @precondition(lambda self: self.stored)
    @rule(data=st.data(), count=st.integers(1, 20), consumer=st.sampled_from("xy"))
    def read(self, data: st.DataObject, count: int, consumer: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.stored)))
        self.held.append((name, self.mills.outbox(name).read(consumer, count, 0)))

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def store(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.held) - 1))
        name, entries = self.held.pop(at)
        if name in self.stored:
            self.stored[name] |= {entry.id for entry in entries}
            self.mills.outbox(name).ack(entries)

    @precondition(lambda self: self.held)
    @rule()
    def die(self) -> None:
        self.held.pop()

    @precondition(lambda self: self.stored)
    @rule(data=st.data())
    def take_over(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.stored)))
        outbox = self.mills.outbox(name)
        found = outbox.pending("x", 100)
        outbox.release("x", found)
        self.held.append((name, outbox.take_over("y", 1.0, 100)))

    @precondition(lambda self: self.stored)
    @rule(data=st.data())
    def lose_group(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.stored)))
        if self.redis.exists(self.mills.keys.processed):
            self.redis.xgroup_destroy(self.mills.keys.processed, f"sink:{name}")
            self.held = [each for each in self.held if each[0] != name]
            self.mills.outbox(name).join()

    @precondition(lambda self: self.stored)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.stored)))
        assert RedisSinks(self.redis, self.mills.keys).remove(name)
        del self.stored[name]
        self.held = [each for each in self.held if each[0] != name]

    @invariant()
    def nothing_that_a_sink_has_not_stored_is_gone(self) -> None:
        if not hasattr(self, "stored"):
            return
        there = set(_ids(self.mills))
        for name, stored in self.stored.items():
            gone = set(self.ever) - there
            assert gone <= stored, f"{name} never stored {sorted(gone - stored)}"

    def teardown(self) -> None:
        if hasattr(self, "redis"):
            # All that is owed can still be stored.
            for name, stored in self.stored.items():
                outbox = self.mills.outbox(name)
                outbox.join()
                for consumer in "xy":
                    found = outbox.pending(consumer, 10_000)
                    outbox.ack(found)
                    stored |= {entry.id for entry in found}
                while found := outbox.read("x", 1000, 0):
                    outbox.ack(found)
                    stored |= {entry.id for entry in found}
                assert set(self.ever) <= stored, name
            self.redis.close()


def test_no_outcome_that_a_registered_sink_has_not_stored_is_ever_trimmed(
    server: EmbeddedServer,
) -> None:
    machine = type("Bound", (Outboxes,), {"server": server})
    machine.TestCase.settings = settings(
        max_examples=15, stateful_step_count=20, derandomize=True, deadline=None
    )
    machine.TestCase("runTest").runTest()
