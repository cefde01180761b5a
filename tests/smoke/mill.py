"""The whole of fanmill under test: a server, intakes, workers, and what was published.

`Mill` starts and stops, publishes and remembers; `audit` says whether what was
published ended as it should.
"""

import os
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from json import loads
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any, Final

import psutil
from pytest_celery import CeleryTestSetup, RedisTestBroker
from redis import Redis
from redis.exceptions import RedisError

from celery_apps import app_of
from fanmill.ports import STAGES
from fanmill.settings import Settings
from fanmill.shell.queues import queue_name
from fanmill.stores.keys import GROUP, WORKERS, Keys
from fanmill_contracts import DocumentIngested, NotDurable, Publisher, ServerError
from fanmill_contracts.streams import EVENT_FIELD
from fanmill_contracts.terms import Stage
from polling import POLL_SECONDS, until

from .nodes import (
    START_SECONDS,
    LocalIntakeContainer,
    LocalNode,
    LocalWorker,
)

NAMESPACE: Final = "smoke"
"""Not the default one: that everything obeys the setting is part of the test."""

SOURCE: Final = "/smoke"

SETTLE_SECONDS: Final = 90.0
"""What any test's load may take to be through, on a machine that has other things to do."""

SWIFT: Final = {"redeliver_after_seconds": 3, "task_time_limit_seconds": 2}
"""Settings for tests that wait for redelivery or the time limit; others keep the defaults,
so that nothing of theirs can be the work of a second delivery."""

_WORDS: Final = (  # noqa: SIM905  a list would take thirty lines
    "mill grain river stone wheel harvest chaff seed barley winter market bridge miller sack "
    "flour village autumn wagon storm orchard valley summer lantern carpenter garden meadow"
).split()


@dataclass(frozen=True)
class Plan:
    """What a test wants to run, from its marker `mill`."""

    workers: int = 1
    intakes: int = 1
    concurrency: int = 2
    app: str = ""
    queues: tuple[str, ...] = ()
    """Queues of each worker in turn; all of them where there is none."""
    appendfsync: str = "everysec"
    """When the server writes to disk. With `always` a killed one loses nothing it has
    acknowledged; with `everysec`, as in production, it may lose the last moments."""
    settings: Mapping[str, Any] = field(default_factory=dict)

    def environment(self, url: str, folder: Path) -> dict[str, str]:
        """Return the variables of every process of this plan."""
        wanted = {
            "redis_url": url,
            "namespace": NAMESPACE,
            "worker_concurrency": self.concurrency,
            "log_format": "json",
            **self.settings,
        }
        return {
            "PYTHONUNBUFFERED": "1",
            "SMOKE_GATE": str(folder / "gate"),
            **{f"FANMILL_{name.upper()}": str(value) for name, value in wanted.items()},
        }


class MillSetup(CeleryTestSetup):
    """pytest-celery's set-up around fanmill's own app."""

    @classmethod
    def create_setup_app(
        cls,
        celery_setup_config: dict[str, Any],
        celery_setup_app_name: str,  # noqa: ARG003  the caller names it
    ) -> Any:
        """Return fanmill's app for the broker of this test."""
        return app_of(Settings(redis_url=celery_setup_config["broker_url"], namespace=NAMESPACE))


def text_of(number: int, mark: str = "") -> str:
    """Return a text of some forty words that no other number has; `mark` is put in front."""
    # In another order for each number: no two may pass for each other's reprint.
    words = Random(number).choices(_WORDS, k=36)
    return f"{mark} Story number {number}. {' '.join(words[:18])}. {' '.join(words[18:])}.".strip()


def event_of(number: int, *, mark: str = "", text: str | None = None) -> DocumentIngested:
    """Return event and document of this number: the same number, the same event."""
    return DocumentIngested.create(
        f"doc-{number:05d}",
        text_of(number, mark) if text is None else text,
        source=SOURCE,
        event_id=f"event-{number:05d}",
        title=f"Story {number}",
    )


class Mill:
    """What a test works with.

    Attributes:
        published: Every event that the server accepted, by its id.
        raw: Entry ids in the ledger of what was written round the publisher.
        rough: Whether anything was killed: then names of the dead stay behind for a while.
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
        for node in (*self.workers, *self.intakes):
            self.await_ready(node)

    def start_intake(self) -> LocalNode:
        """Start a further intake and return it when it reads."""
        self.await_ready(self._spawn_intake())
        return self.intakes[-1]

    def _spawn_intake(self) -> LocalNode:
        name = f"intake-{len(self.intakes) + 1}"
        container = LocalIntakeContainer.spawn(name, self.folder, self.environment)
        self.intakes.append(LocalNode(container))
        return self.intakes[-1]

    def await_ready(self, node: LocalNode) -> None:
        """Return when an intake or a worker has signed in; before, SIGTERM would just end it."""

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
        for node in (*self.intakes, *self.workers):
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
        running = [node for node in (*self.intakes, *self.workers) if node.alive()]
        for node in running:
            self.await_ready(node)
        for node in running:
            node.kill("SIGTERM")
        return {node.name(): node.process.wait(START_SECONDS) for node in running}

    def close(self) -> None:
        """End what is left and close connections."""
        for intake in self.intakes:
            intake.teardown()
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
                return (
                    self.waiting() == 0 and self.pending() == 0 and not any(self.queued().values())
                )
            except RedisError:
                return False

        until(done, seconds, self._state)

    def _state(self) -> str:
        logs = "\n".join(
            f"--- {node.name()} (alive: {node.alive()})\n{node.logs()[-3000:]}"
            for node in (*self.intakes, *self.workers)
        )
        return (
            f"all done; completed {self.completed()}, rejected {self.rejected()}, waiting "
            f"{self.waiting()}, pending {self.pending()}, queued {self.queued()}\n{logs}"
        )


def log_count(nodes: Sequence[LocalNode], words: str) -> int:
    """Return how many lines with these words the nodes have logged."""
    return sum(node.logs().count(words) for node in nodes)


def watch(seconds: float, holds: Callable[[], bool], what: str) -> None:
    """Look again and again for so long that something holds: for what must not happen.

    Raises:
        AssertionError: It did not hold.
    """
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        assert holds(), what
        sleep(POLL_SECONDS)


def soak_rounds(default: int) -> int:
    """Return how many rounds a soak test shall run: `FANMILL_SOAK_ROUNDS` or the default."""
    return int(os.environ.get("FANMILL_SOAK_ROUNDS", default))
