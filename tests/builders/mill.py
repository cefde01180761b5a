"""A whole fanmill in one thread: intake, queues and steps around stores."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from json import dumps, loads
from threading import Event
from typing import Literal

from builders.functions import PLAIN
from builders.stores import MemoryStores, Stores
from fanmill.intake import Intake, IntakePolicy
from fanmill.ports import STAGES, Batch, NoTracing, Tracing
from fanmill.steps import STEPS, Functions, Outcome, Services
from fanmill.testing import MemoryServer
from fanmill_contracts import DocumentIngested, encode
from fanmill_contracts.terms import Stage


class ManualClock:
    """Clock that only moves when a test sets it."""

    def __init__(self) -> None:
        self._seconds = 1000.0

    def monotonic(self) -> float:
        return self._seconds

    def wall(self) -> float:
        """Return seconds since 1970."""
        return datetime(2026, 3, 1, tzinfo=UTC).timestamp() + self._seconds

    def advance(self, seconds: float) -> None:
        self._seconds += seconds


@dataclass
class QueueDispatcher:
    """`fanmill.ports.Dispatcher` over queues in memory, first in, first out."""

    clock: ManualClock
    queues: dict[Stage, deque[tuple[float, str]]] = field(
        default_factory=lambda: {stage: deque() for stage in STAGES}
    )
    sent: list[tuple[Stage, Batch]] = field(default_factory=list)
    """All that ever went out: the sizes of batches are a promise of intake."""

    def dispatch(self, stage: Stage, batch: Batch) -> None:
        self.sent.append((stage, batch))
        # As JSON, the way every real message goes.
        message = dumps([batch.id, batch.entries, batch.delivery])
        self.queues[stage].append((self.clock.monotonic(), message))

    def oldest_waiting_seconds(self, stage: Stage) -> float:
        queue = self.queues[stage]
        return self.clock.monotonic() - queue[0][0] if queue else 0.0

    def receive(self, stage: Stage) -> Batch | None:
        """Take the oldest message off a queue."""
        if not self.queues[stage]:
            return None
        batch_id, entries, delivery = loads(self.queues[stage].popleft()[1])
        return Batch(batch_id, tuple(entries), delivery)

    def waiting(self, stage: Stage) -> int:
        """Return how many messages wait."""
        return len(self.queues[stage])

    def lose_all(self) -> None:
        """Forget every message, as a broker that was flushed."""
        for queue in self.queues.values():
            queue.clear()


POLICY = IntakePolicy(
    batch_max_documents=4,
    batch_max_bytes=100_000,
    max_in_flight=8,
    max_rejected=None,
    max_deliveries=3,
    redeliver_after_seconds=45.0,
)


class Mill:
    """Intake, queues and steps around stores, driven by hand in one thread."""

    def __init__(
        self,
        stores: Stores | None = None,
        *,
        functions: Functions = PLAIN,
        on_duplicate: Literal["skip", "process"] = "skip",
        skip_contained: bool = False,
        policy: IntakePolicy = POLICY,
        tracing: Tracing | None = None,
    ) -> None:
        self.tracing = tracing or NoTracing()
        self.clock = ManualClock()
        self.stores: Stores = stores or MemoryStores(MemoryServer(self.clock.wall))
        self.dispatcher = QueueDispatcher(self.clock)
        self.services = Services(
            self.stores.ledger,
            self.stores.index,
            self.dispatcher,
            functions,
            on_duplicate,
            skip_contained,
            tracing=self.tracing,
        )
        self.policy = policy
        self.intake = self.another_intake("intake-1")
        self.stop = Event()

    def another_intake(self, name: str) -> Intake:
        """Return an intake on the same stores and queues."""
        return Intake(
            name,
            ledger=self.stores.ledger,
            index=self.stores.index,
            rejections=self.stores.rejections,
            dispatcher=self.dispatcher,
            policy=self.policy,
            clock=self.clock,
            tracing=self.tracing,
        )

    def publish(self, *events: DocumentIngested) -> list[str]:
        """Put events on the ledger."""
        return [self.stores.add(encode(event)) for event in events]

    def poll(self) -> int:
        """Let intake poll once without waiting."""
        return self.intake.poll(self.stop, wait_seconds=0)

    def work(self, stages: Sequence[Stage] = STAGES) -> list[Outcome]:
        """Let workers of these stages empty their queues."""
        return list(self._work(stages))

    def _work(self, stages: Sequence[Stage]) -> Iterator[Outcome]:
        while any(self.dispatcher.waiting(stage) for stage in stages):
            for stage in stages:
                batch = self.dispatcher.receive(stage)
                if batch is not None:
                    yield from STEPS[stage](self.services, batch)

    def run(self) -> list[Outcome]:
        """Poll and work until the ledger has no unread entry and the queues are empty."""
        outcomes: list[Outcome] = []
        while self.poll() or any(self.dispatcher.queues.values()):
            outcomes += self.work()
        return outcomes
