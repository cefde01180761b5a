"""The whole of fanmill under test: a server, intakes, workers, and what was published.

`Mill` starts and stops, publishes and remembers; `audit` says whether what was
published ended as it should.
"""

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from json import loads
from pathlib import Path
from typing import Any

import psutil
from pytest_celery import CeleryTestSetup, RedisTestBroker
from redis import Redis
from redis.exceptions import RedisError

from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.shell.queues import queue_name
from fanmill.stores.keys import GROUP, WORKERS, Keys
from fanmill.stores.redis.sinks import RedisSinks
from fanmill_contracts import DocumentIngested, NotDurable, Publisher, ServerError
from fanmill_contracts.streams import EVENT_FIELD
from fanmill_contracts.terms import Stage
from polling import until

from .nodes import LocalNode, LocalRoleContainer, LocalWorker
from .plan import NAMESPACE, SETTLE_SECONDS, Plan
from .process import START_SECONDS


class Mill:
    """Service under test, with the published events.

    Attributes:
        published: Every event that the server accepted, by its id.
        raw: Ids of the ledger entries that were written without the publisher.
        rough: Whether any process was killed: its name then remains for a while.
    """

    def __init__(
        self, plan: Plan, setup: CeleryTestSetup, folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.plan = plan
        self.setup = setup
        self.folder = folder
        self.environment = dict(environment)
        self.url: str = self.server.config()["host_url"]
        self.keys = Keys(Settings(namespace=NAMESPACE).streams)
        self.redis = Redis.from_url(self.url)
        self.publisher = Publisher(client=self.redis, namespace=NAMESPACE)
        self.intakes: list[LocalNode] = []
        self.sinks: list[LocalNode] = []
        self.published: dict[str, DocumentIngested] = {}
        self.raw: list[str] = []
        self.rough = False

    @property
    def server(self) -> RedisTestBroker:
        """The server's node."""
        return self.setup.broker

    @property
    def workers(self) -> list[LocalWorker]:
        """The nodes of the workers."""
        return list(self.setup.worker_cluster)

    @property
    def intake(self) -> LocalNode:
        """The first intake."""
        return self.intakes[0]

    @property
    def worker(self) -> LocalWorker:
        """The first worker."""
        return self.workers[0]

    # -- processes

    def start(self) -> None:
        """Start the intakes of the plan and return when all processes are ready."""
        for _ in range(self.plan.intakes):
            self._spawn_intake()
        self.sinks = [self._spawn("sink", number) for number in range(1, self.plan.sinks + 1)]
        for node in (*self.workers, *self.intakes, *self.sinks):
            self.await_ready(node)

    def start_intake(self) -> LocalNode:
        """Start a further intake and return it when it reads."""
        self.await_ready(self._spawn_intake())
        return self.intakes[-1]

    def _spawn_intake(self) -> LocalNode:
        self.intakes.append(self._spawn("intake", len(self.intakes) + 1))
        return self.intakes[-1]

    def _spawn(self, role: str, number: int) -> LocalNode:
        name = f"{role}-{number}"
        place = (self.folder, self.environment)
        container = LocalRoleContainer.spawn(role, name, *place, from_zero=self.plan.from_zero)
        return LocalNode(container)

    def await_ready(self, node: LocalNode) -> None:
        """Return when a process has signed in; before, SIGTERM would just end it."""

        def signed_in() -> bool:
            assert node.alive(), f"{node.name()} ended:\n{node.logs()}"
            return any(
                f"-{node.pid}-".encode() in name for name in self.redis.hkeys(self.keys.processes)
            )

        until(signed_in, START_SECONDS, lambda: f"{node.name()} ready:\n{node.logs()}")

    def start_again(self, node: LocalNode) -> None:
        """Start a node that has ended or was killed, and return when it is ready."""
        node.process.restart()
        self.await_ready(node)

    def kill(self, node: LocalNode) -> None:
        """Kill a node and all it has started with SIGKILL."""
        self.rough = True
        node.kill()

    def restart_dead(self) -> None:
        """Start again what has ended by itself, as whatever runs fanmill does."""
        for node in (*self.intakes, *self.workers, *self.sinks):
            if not node.alive():
                node.process.restart()

    def kill_leader(self, node: LocalNode) -> None:
        """Kill a worker with SIGKILL and leave its pool processes as orphans."""
        self.rough = True
        node.process.kill_leader()

    def kill_pool(self, worker: LocalWorker) -> None:
        """Kill all pool processes of a worker with SIGKILL."""
        self.rough = True
        for child in worker.pool():
            # It may have ended by itself meanwhile.
            with suppress(psutil.NoSuchProcess):
                child.kill()

    def kill_server(self) -> None:
        """Kill the server with SIGKILL and start it again from its append-only file."""
        self.rough = True
        self.server.kill()
        self.server.restart()
        self.await_server()

    def await_server(self) -> None:
        """Return when the server answers and has loaded its data."""

        def answers() -> bool:
            try:
                return bool(self.redis.ping())
            except RedisError:
                return False

        until(answers, START_SECONDS, lambda: f"the server answers:\n{self.server.logs()}")

    def open_gate(self) -> None:
        """Let go all work that is marked `hold`."""
        (self.folder / "gate").touch()

    def stop(self) -> dict[str, int]:
        """Send SIGTERM to all that runs, and return the exit codes by name."""
        running = [node for node in (*self.intakes, *self.workers, *self.sinks) if node.alive()]
        for node in running:
            self.await_ready(node)
        for node in running:
            node.kill("SIGTERM")
        return {node.name(): node.process.wait(START_SECONDS) for node in running}

    def close(self) -> None:
        """End what is left and close connections."""
        for node in (*self.intakes, *self.sinks):
            node.teardown()
        self.redis.close()

    # -- documents

    def publish(self, events: Iterable[DocumentIngested]) -> list[DocumentIngested]:
        """Publish events and remember them; return them."""
        events = list(events)
        assert self.publisher.publish_many(events) == len(events)
        self.published.update({event.id: event for event in events})
        return events

    def publish_through(self, events: Sequence[DocumentIngested], *, durable: bool) -> None:
        """Publish events as a producer does whose server may be away: until they are accepted.

        Args:
            durable: Whether only what is on disk counts. A server that is killed may take
                along what it has acknowledged: up to a second of it (`appendfsync everysec`).
        """
        publisher = Publisher(client=self.redis, namespace=NAMESPACE, durable=durable)

        def accepted() -> bool:
            try:
                publisher.publish_many(events)
            except (ServerError, NotDurable):
                return False
            return True

        until(accepted, START_SECONDS, f"{len(events)} events accepted")
        self.published.update({event.id: event for event in events})

    def publish_raw(self, fields: Mapping[Any, Any]) -> str:
        """Write an entry round the publisher, as any client may; return its id."""
        answer: Any = self.redis.xadd(self.keys.ingested, dict(fields))
        self.raw.append(answer.decode())
        return self.raw[-1]

    def publish_body(self, body: bytes | str) -> str:
        """Write whatever bytes as an event."""
        return self.publish_raw({EVENT_FIELD: body})

    # -- what to see from outside

    def completed(self) -> int:
        """Return how many events are complete."""
        return int(self.redis.xlen(self.keys.processed))

    def rejected(self) -> int:
        """Return how many events are rejected."""
        return int(self.redis.xlen(self.keys.rejected))

    def waiting(self) -> int:
        """Return how many entries the ledger holds."""
        return int(self.redis.xlen(self.keys.ingested))

    def pending(self) -> int:
        """Return how many entries are read and not done."""
        return int(self.redis.xpending(self.keys.ingested, GROUP)["pending"])

    def queued(self) -> dict[str, int]:
        """Return how many messages wait for each stage."""
        return {stage: int(self.redis.llen(queue_name(NAMESPACE, stage))) for stage in STAGES}

    def queued_documents(self, stage: Stage) -> int:
        """Return how many documents the waiting messages of a stage refer to."""
        messages: Any = self.redis.lrange(queue_name(NAMESPACE, stage), 0, -1)
        bodies = [loads(b64decode(loads(message)["body"])) for message in messages]
        return sum(len(entries) for (_, entries, *_), *_ in bodies)

    def attempts(self, entry_id: str, stage: str) -> int:
        """Return how often a worker has set out on an entry in flight."""
        return int(self.redis.hget(self.keys.work(entry_id), f"attempts:{stage}") or 0)

    def part_stored(self, entry_id: str, stage: str) -> bool:
        """Return whether a stage has committed its part of an entry in flight."""
        return bool(self.redis.hexists(self.keys.work(entry_id), stage))

    def unstored(self) -> int:
        """Return how many outcomes the slowest sink is to store."""
        return RedisSinks(self.redis, self.keys).unstored()

    def held_by_intakes(self) -> int:
        """Return how many entries are read and not admitted."""
        consumers: Any = self.redis.xinfo_consumers(self.keys.ingested, GROUP)
        return sum(one["pending"] for one in consumers if one["name"] != WORKERS.encode())

    def counter(self, name: str) -> int:
        """Return one of the counters."""
        return int(self.redis.hget(self.keys.counters, name) or 0)

    def entry_ids(self) -> list[str]:
        """Return the ids of the entries in the ledger, in their order."""
        entries: Any = self.redis.xrange(self.keys.ingested)
        return [entry_id.decode() for entry_id, _ in entries]

    def settle(self, seconds: float = SETTLE_SECONDS, *, supervised: bool = False) -> None:
        """Return when nothing is left to do: ledger and queues are empty."""

        def done() -> bool:
            if supervised:
                self.restart_dead()
            try:
                idle = self.waiting() == 0 and self.pending() == 0
                return idle and not any(self.queued().values()) and self.unstored() == 0
            except RedisError:
                return False

        until(done, seconds, self._state)

    def _state(self) -> str:
        logs = "\n".join(
            f"--- {node.name()} (alive: {node.alive()})\n{node.logs()[-3000:]}"
            for node in (*self.intakes, *self.workers, *self.sinks)
        )
        return (
            f"all done; unstored {self.unstored()}, completed {self.completed()}, "
            f"rejected {self.rejected()}, waiting {self.waiting()}, pending {self.pending()}, "
            f"queued {self.queued()}\n{logs}"
        )
