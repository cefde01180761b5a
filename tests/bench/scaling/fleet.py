"""A fanmill of several partitions on hosts: a Redis, an intake and a worker for each."""

import sys
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from json import loads
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Final, Self

from redis import Redis
from redis.exceptions import RedisError

from bench.scaling.hosts import Hosts, NamespaceHost, Running
from fanmill.local.server import find_binary
from fanmill.ops.process_registry import running_processes
from fanmill.stores.keys import Keys
from fanmill_contracts import DocumentIngested, PartitionedPublisher, StreamNames

PORT: Final = 7400
"""Port of the first Redis; on loopback the further ones have the next ports."""
PATIENCE_SECONDS: Final = 1800.0
POLL_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes that the servers received and sent, and their memory."""

    received: int
    sent: int
    memory: int


def shares(workers: int, partitions: int) -> list[int]:
    """Return the worker processes of each partition, as equal as possible.

    Raises:
        ValueError: A partition would have none.
    """
    if workers < partitions:
        raise ValueError(f"{workers} worker processes are fewer than {partitions} partitions")
    return [workers // partitions + (at < workers % partitions) for at in range(partitions)]


class Fleet:
    """The processes of all partitions, on hosts of their own, and the driver's clients.

    Args:
        hosts: Hosts, of namespaces or on loopback.
        folder: Folder of data and logs.
        workers: Worker processes (children) in all partitions together.
        partitions: Number of partitions.
    """

    def __init__(self, hosts: Hosts, folder: Path, workers: int, partitions: int) -> None:
        self._hosts, self._folder = hosts, folder
        self._workers, self._partitions = workers, partitions
        self._opened = ExitStack()
        self.keys = Keys(StreamNames("fanmill"))
        self.redis: list[Redis] = []
        self.processes: list[Running] = []
        self._intakes: list[Running] = []

    def __enter__(self) -> Self:
        try:
            self._start_all()
        except BaseException:
            self._end()
            raise
        return self

    def _start_all(self) -> None:
        driver = self._hosts["driver"]
        if isinstance(driver, NamespaceHost):
            self._opened.enter_context(driver.entered())
        urls = [self._start_server(number) for number in range(self._partitions)]
        self._publisher = self._opened.enter_context(PartitionedPublisher(" ".join(urls)))
        for number, children in enumerate(shares(self._workers, self._partitions)):
            environment = {
                "FANMILL_PARTITIONS": " ".join(urls),
                "FANMILL_PARTITION": str(number),
                "FANMILL_LOG_LEVEL": "warning",
                # 64 documents for each process and as many in the queue, as the run book says.
                "FANMILL_MAX_IN_FLIGHT": str(max(1024, 128 * children)),
                "FANMILL_PROCESSED_STREAM_MAXLEN": "",
                "FANMILL_WORKER_CONCURRENCY": str(children),
            }
            self._start(number, "worker", environment)
            self._intakes.append(self._start(number, "intake", environment))
        self._await_ready()

    def _start_server(self, number: int) -> str:
        name = f"redis-{number}"
        folder = self._folder / name
        folder.mkdir(parents=True)
        address = self._hosts[name].address
        port = PORT if self._hosts.namespaces else PORT + number
        command = [str(find_binary()), "--port", str(port), "--bind", address, "--save", "",
                   "--appendonly", "yes", "--appendfsync", "everysec", "--dir", str(folder),
                   "--maxmemory-policy", "noeviction", "--protected-mode", "no"]  # fmt: skip
        self.processes.append(
            self._hosts.start(name, "server", command, {}, self._folder / f"{name}.log")
        )
        client = Redis(host=address, port=port, socket_timeout=60.0)
        self._opened.callback(client.close)
        self.redis.append(client)
        self.wait(lambda: _answers(client), f"{name} answers")
        return f"redis://{address}:{port}/0"

    def _start(self, number: int, role: str, environment: dict[str, str]) -> Running:
        found = self._hosts.start(
            f"work-{number}", role, [sys.executable, "-m", "fanmill", role], environment,
            self._folder / f"{role}-{number}.log",
        )  # fmt: skip
        self.processes.append(found)
        return found

    def _await_ready(self) -> None:
        def ready() -> bool:
            return all(
                {each.role for each in running_processes(client, self.keys)} >= {"intake", "worker"}
                for client in self.redis
            )

        self.wait(ready, "all processes are ready")

    def publish(self, events: Iterable[DocumentIngested]) -> int:
        """Publish documents to their partitions; return their number."""
        return self._publisher.publish_many(events)

    def hold(self, number: int) -> None:
        """Send a signal to all intakes: SIGSTOP while a backlog is made, SIGCONT after it."""
        for intake in self._intakes:
            intake.signal(number)

    def completed(self) -> int:
        """Return how many records there are."""
        return sum(int(client.hget(self.keys.counters, "completed") or 0) for client in self.redis)

    def waiting(self) -> int:
        """Return how many entries the ledgers hold."""
        return sum(int(client.xlen(self.keys.ingested)) for client in self.redis)

    def latencies(self, prefix: str) -> list[float]:
        """Return the milliseconds from ledger to record of documents whose ids have a prefix."""
        found: list[float] = []
        for client in self.redis:
            entries: Any = client.xrange(self.keys.processed)
            for entry, fields in entries:
                event = loads(fields[b"event"])
                if event["subject"].startswith(prefix):
                    # A processed event has the id of the document's entry in the ledger.
                    found.append(_milliseconds(entry) - _milliseconds(event["id"].encode()))
        return found

    def cpu_seconds(self) -> dict[str, float]:
        """Return the CPU seconds of all processes by role."""
        found: dict[str, float] = {}
        for process in self.processes:
            found[process.name] = found.get(process.name, 0.0) + process.cpu_seconds()
        return found

    def traffic(self) -> Traffic:
        """Return the traffic of all servers since their start, and their memory now."""
        infos: list[Any] = [client.info() for client in self.redis]
        return Traffic(
            sum(info["total_net_input_bytes"] for info in infos),
            sum(info["total_net_output_bytes"] for info in infos),
            sum(info["used_memory"] for info in infos),
        )

    def wait(self, reached: Any, what: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until something holds.

        Raises:
            SystemExit: It did not in time, or a process ended.
        """
        deadline = monotonic() + seconds
        while not reached():
            ended = [each.name for each in self.processes if each.process.poll() is not None]
            if ended or monotonic() > deadline:
                cause = f"ended: {', '.join(ended)}" if ended else f"not within {seconds:g} s"
                logs = "\n".join(
                    f"--- {path.name}\n{path.read_text(errors='replace')[-1500:]}"
                    for path in sorted(self._folder.glob("*.log"))
                )
                raise SystemExit(f"{what}: {cause}\n{logs}")
            sleep(POLL_SECONDS)

    def _end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
        self._opened.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()


def _answers(client: Redis) -> bool:
    with suppress(RedisError):
        return bool(client.ping())
    return False


def _milliseconds(entry_id: bytes) -> int:
    return int(entry_id.partition(b"-")[0])
