"""Any interleaving of deliveries, losses and deaths ends each event exactly once."""

from collections import Counter
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
)

from builders import POLICY, MemoryStores, Mill, asked, ingested, rejected_with_originals
from fanmill.core.dedup.partition import ALL
from fanmill.ports import STAGES, Batch
from fanmill.steps import STEPS
from fanmill.testing import MemoryServer
from fanmill_contracts import DocumentIngested, decode_ingested
from fanmill_contracts.terms import Stage

TEXTS = ["One text.", "Another text.", "refused by tag", "refused by deduplicate", ""]


class Deaf:
    """A dispatcher whose worker dies before anything is sent."""

    def dispatch(self, stage: Stage, batch: Batch) -> None:
        """Lose the message."""

    def oldest_waiting_seconds(self, stage: Stage) -> float:  # noqa: ARG002
        return 0.0


class Deliveries(RuleBasedStateMachine):
    """Producers publish, messages come, come twice or get lost, workers die anywhere."""

    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.mill = Mill(policy=replace(POLICY, max_in_flight=12))
        self.accepted: dict[str, DocumentIngested] = {}
        self.malformed = 0

    # --- producers

    @rule(
        documents=st.lists(
            st.tuples(st.sampled_from("abcdef"), st.sampled_from(TEXTS)), min_size=1, max_size=6
        )
    )
    def publish(self, documents: list[tuple[str, str]]) -> None:
        for name, text in documents:
            event = ingested(name, text, event_id=f"event-{len(self.accepted)}")
            self.accepted[event.id] = event
            self.mill.publish(event)

    @rule(data=st.data())
    def publish_again(self, data: st.DataObject) -> None:
        if self.accepted:
            self.mill.publish(self.accepted[data.draw(st.sampled_from(sorted(self.accepted)))])

    @rule()
    def publish_nonsense(self) -> None:
        self.mill.stores.add(b"nonsense")
        self.malformed += 1

    # --- intakes

    @rule()
    def poll(self) -> None:
        self.mill.poll()

    @rule()
    def an_intake_dies_after_reading(self) -> None:
        self.mill.stores.ledger.read("dead", 2, 0)

    @rule(seconds=st.sampled_from([1.5, 50.0]))
    def time_passes(self, seconds: float) -> None:
        self.mill.clock.advance(seconds)

    # --- messages

    @precondition(lambda self: any(self.mill.dispatcher.queues.values()))
    @rule(target=held, data=st.data())
    def receive(self, data: st.DataObject) -> tuple[Stage, Batch]:
        full = [stage for stage in STAGES if self.mill.dispatcher.waiting(stage)]
        stage = data.draw(st.sampled_from(full))
        batch = self.mill.dispatcher.receive(stage)
        assert batch is not None
        return stage, batch

    @rule(message=held)
    def work_and_keep_the_message(self, message: tuple[Stage, Batch]) -> None:
        STEPS[message[0]](self.mill.services, message[1])

    @rule(message=consumes(held))
    def work(self, message: tuple[Stage, Batch]) -> None:
        STEPS[message[0]](self.mill.services, message[1])

    @rule(message=consumes(held))
    def lose(self, message: tuple[Stage, Batch]) -> None:
        """Lose a message: it is never delivered."""

    @rule()
    def lose_all(self) -> None:
        self.mill.dispatcher.lose_all()

    # --- workers that die

    @rule(message=held)
    def die_after_starting(self, message: tuple[Stage, Batch]) -> None:
        self.mill.stores.ledger.start(message[0], message[1].entries)

    @rule(message=held, cause=st.sampled_from(["worker-lost", "time-limit"]))
    def die_and_be_noticed(self, message: tuple[Stage, Batch], cause: str) -> None:
        self.mill.stores.ledger.start(message[0], message[1].entries)
        self.mill.stores.ledger.release(message[0], message[1].entries, cause)  # type: ignore[arg-type]

    @rule(message=held)
    def die_after_judging(self, message: tuple[Stage, Batch]) -> None:
        jobs = self.mill.stores.ledger.start("deduplicate", message[1].entries)
        candidates = [
            asked(job.entry_id, job.event["data"]["document_id"], job.event["data"]["text"])
            for job in jobs
            if "refused" not in job.event["data"]["text"]
        ]
        self.mill.stores.index.partition(ALL).judge(candidates)

    @rule(message=held)
    def die_before_passing_on(self, message: tuple[Stage, Batch]) -> None:
        STEPS[message[0]](replace(self.mill.services, dispatcher=Deaf()), message[1])

    @rule(message=held)
    def the_server_fails(self, message: tuple[Stage, Batch]) -> None:
        self.mill.stores.ledger.start(message[0], message[1].entries)
        self.mill.stores.ledger.uncount_attempt(message[0], message[1].entries)

    # --- what always holds

    def ends(self) -> Counter[str]:
        """Return how often each event has ended."""
        ends = Counter(event.data.event.id for event in self.mill.stores.processed())
        for entry in self.mill.stores.rejections.entries():
            if entry.event.data.event_id is not None:
                ends[entry.event.data.event_id] += 1
        return ends

    @invariant()
    def no_event_ends_twice(self) -> None:
        assert set(self.ends().values()) <= {1}

    @invariant()
    def work_is_kept_only_for_entries_that_wait(self) -> None:
        server = self.server()
        assert set(server.work) <= set(server.pending) <= set(server.ledger)

    def server(self) -> MemoryServer:
        assert isinstance(self.mill.stores, MemoryStores)
        return self.mill.stores.server

    def teardown(self) -> None:
        for _ in range(100):
            self.mill.run()
            if not self.mill.stores.waiting():
                break
            self.mill.clock.advance(POLICY.redeliver_after_seconds + 1)
        assert self.mill.stores.waiting() == []
        assert self.mill.stores.ledger.in_flight() == 0
        assert self.mill.stores.works() == 0
        rejections = rejected_with_originals(self.mill.stores)
        malformed = [e for e in rejections if e.original["event"] == b"nonsense"]
        assert len(malformed) == self.malformed
        # Entries that ended intake itself were never read: only their bytes hold the event.
        unread = {
            decode_ingested(entry.original["event"]).id
            for entry in rejections
            if entry not in malformed and entry.event.data.event_id is None
        }
        assert set(self.ends()) | unread == set(self.accepted)
        self.documents_agree()

    def documents_agree(self) -> None:
        """Assert that each document has the outcome of its newest event, and its newest record."""
        processed = self.mill.stores.processed()
        for name in {event.data.document_id for event in self.accepted.values()}:
            stored = self.mill.stores.records.get(name)
            mine = [event.data for event in processed if event.subject == name]
            if stored is None:
                assert not mine
                continue
            assert stored.state in ("complete", "rejected")
            assert (stored.result is None) == (not mine)
            if stored.result is not None:
                newest = max(mine, key=lambda result: result.received_at)
                assert stored.result.received_at == newest.received_at
            assert all(result.deduplication.duplicate_of != name for result in mine)


Deliveries.TestCase.settings = settings(max_examples=100, stateful_step_count=60)
TestDeliveries = Deliveries.TestCase
