"""Any order of the steps of intake, stages, sinks, replays and an erasure leaves no trace."""

from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from redis import Redis

from builders import POLICY, ManualClock, Mill, RedisStores, ingested
from erasure_builders import ended, eraser, forget_order
from fanmill.ops.erasure_proof import search_index, search_keys, search_store
from fanmill.ports import STAGES
from fanmill.sink import Sink
from fanmill.steps import STEPS
from fanmill.stores.keys import Keys
from fanmill.stores.redis.outbox import RedisOutbox
from fanmill.stores.sqlite import SqliteStore
from fanmill_contracts import StreamNames
from sink_builders import SWIFT

SECRET = "secret-document-4711"
PHRASE = "that the miller of the upper valley hides his flour"
TEXTS = (
    f"Nobody may know {PHRASE} in a well.",
    f"Nobody may know {PHRASE} refused by tag.",
    "The ferry leaves at eight o'clock and not at nine.",
)
# Idle times are those of the server.
PATIENT = replace(POLICY, redeliver_after_seconds=0.001, max_deliveries=10_000)
_numbers = count()

STEPS_OF_WORK = st.sampled_from(
    ["secret", "bad secret", "other", "poll", *STAGES, "sink", "replay", "overdue", "lose"]
)
AFTER = st.one_of(
    st.sampled_from(
        ["erase", "erase", "other", "poll", *STAGES, "sink", "replay", "overdue", "lose"]
    )
)


class World:
    """A whole fanmill with its sink, driven by hand."""

    def __init__(self, redis: Redis, folder: Path) -> None:
        name = f"interleaved-{next(_numbers)}-{id(redis)}"
        self.keys = Keys(StreamNames(name))
        self.stores = RedisStores(redis, self.keys)
        self.stores.ledger.open()
        self.mill = Mill(self.stores, on_duplicate="process", policy=PATIENT)
        self.path = folder / f"{name}.sqlite"
        self.store = SqliteStore(self.path)
        self.outbox = RedisOutbox(redis, self.keys, "main", "sqlite:///a", None)
        self.outbox.join()
        self.sink = Sink(
            "tests",
            outbox=self.outbox,
            open_store=lambda: SqliteStore(self.path),
            policy=SWIFT,
            clock=ManualClock(),
        )
        self.action = None
        self.others = []
        self.published = 0

    def do(self, step):
        if step in STAGES:
            batch = self.mill.dispatcher.receive(step)
            if batch is not None:
                STEPS[step](self.mill.services, batch)
        else:
            getattr(self, step.replace(" ", "_"))()

    def secret(self, text=TEXTS[0]):
        self.published += 1
        event = ingested(SECRET, text, title=PHRASE, event_id=f"s{self.published}")
        self.mill.publish(event)

    def bad_secret(self):
        self.secret(TEXTS[1])

    def other(self):
        self.others.append(f"other-{len(self.others)}")
        self.mill.publish(ingested(self.others[-1], TEXTS[2]))

    def poll(self):
        self.mill.poll()

    def overdue(self):
        self.mill.clock.advance(1000)
        self.mill.poll()

    def lose(self):
        self.mill.dispatcher.lose_all()

    def replay(self):
        for each in list(self.stores.rejections.entries()):
            self.stores.rejections.replay(each.id)

    def sink_(self):
        self.sink.poll(Event(), wait_seconds=0)

    def erase(self):
        if self.action is None:
            self.action = self.stores.actions.create_forget(forget_order(self.stores), [SECRET])
        eraser(self.stores).step(self.action.id)

    def finish(self):
        """Let everything come to its end."""
        self.erase()
        ended(self.stores, self.action)
        for _ in range(50):
            self.mill.clock.advance(1000)
            if not self.mill.run() and not self.stores.waiting():
                break
        while self.sink.poll(Event(), wait_seconds=0):
            pass


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEPS_OF_WORK, min_size=4, max_size=14), st.lists(AFTER, max_size=20))
def test_whatever_comes_between_no_key_and_no_table_names_the_document(
    redis, folder, before, between
):
    world = World(redis, folder)
    for step in ["secret", *before]:
        world.do("sink_" if step == "sink" else step)
    world.erase()
    for step in between:
        world.do("sink_" if step == "sink" else step)
    world.finish()
    phrases = [(SECRET, PHRASE)]
    assert search_keys(redis, world.keys, [SECRET], phrases).traces == {}
    assert search_index(world.stores.index, [SECRET]).traces == {}
    assert search_store(SqliteStore(world.path), [SECRET], phrases).traces == {}
    kept = SqliteStore(world.path)
    for other in world.others:
        assert world.stores.records.get(other).state == "complete"
        assert kept.get(other) is not None
    kept.close()
    world.store.close()
    for key in redis.scan_iter(f"{world.keys.streams.namespace}:*"):
        redis.delete(key)
