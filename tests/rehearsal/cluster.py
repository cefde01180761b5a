"""Two nodes, two partitions and two servers: the processes of a rehearsal."""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Final, Self

from redis import Redis
from redis.exceptions import RedisError

from bench.scaling.hosts import Hosts, NamespaceHost, Running
from fanmill.local.server import find_binary
from fanmill.ops.process_registry import Process, running_processes
from fanmill.shell.queues import queue_name
from fanmill.stores.keys import GROUP, Keys
from fanmill.stores.redis.sinks import RedisSinks
from fanmill_contracts import StreamNames
from fanmill_contracts.terms import Stage

PARTITIONS: Final = 2
NODES: Final = ("node-a", "node-b")
PORT: Final = 7460
START_SECONDS: Final = 120.0
SETTLE_SECONDS: Final = 300.0
_POLL_SECONDS: Final = 0.1
_STAGES: Final[tuple[Stage, ...]] = ("deduplicate", "summarize", "tag")
_SETTINGS: Final = {
    "FANMILL_WORKER_CONCURRENCY": "1",
    "FANMILL_LOG_FORMAT": "json",
    # A loss is noticed soon; no document is to blame for it, so that none may be rejected.
    "FANMILL_TASK_TIME_LIMIT_SECONDS": "9",
    "FANMILL_REDELIVER_AFTER_SECONDS": "10",
    "FANMILL_MAX_DELIVERIES": "50",
    # The account reads all that was announced.
    "FANMILL_PROCESSED_STREAM_MAXLEN": "",
}


@dataclass(slots=True)
class Member:
    """A process of fanmill in the cluster."""

    role: str
    node: str
    partition: int | None
    version: str
    running: Running


class Cluster:
    """Servers, nodes and processes.

    Args:
        hosts: Hosts to run on.
        folder: Folder of data, logs and the store.
        code: Folder of a checkout with other code for a version, by version; empty: this code.
    """

    def __init__(self, hosts: Hosts, folder: Path, code: dict[str, Path] | None = None) -> None:
        self._hosts, self._folder, self._code = hosts, folder, code or {}
        self._opened = ExitStack()
        self.keys = Keys(StreamNames("fanmill"))
        self.store_url = f"sqlite:///{folder}/results.sqlite"
        self.members: list[Member] = []
        self._servers: list[Running] = []
        self.redis: list[Redis] = []
        self.addresses = ""

    def __enter__(self) -> Self:
        driver = self._hosts["driver"]
        try:
            if isinstance(driver, NamespaceHost):
                self._opened.enter_context(driver.entered())
            for number in range(PARTITIONS):
                self._servers.append(self._start_server(number))
                host, port = self._place(number)
                self.redis.append(Redis(host=host, port=port, socket_timeout=10))
                self._opened.callback(self.redis[-1].close)
                self.await_server(number)
        except BaseException:
            self._end()
            raise
        places = map(self._place, range(PARTITIONS))
        self.addresses = " ".join(f"redis://{host}:{port}/0" for host, port in places)
        return self

    # -- servers

    def _place(self, number: int) -> tuple[str, int]:
        port = PORT if self._hosts.namespaces else PORT + number
        return self._hosts[f"redis-{number}"].address, port

    def _start_server(self, number: int) -> Running:
        host, port = self._place(number)
        folder = self._folder / f"redis-{number}"
        folder.mkdir(exist_ok=True)
        command = [str(find_binary()), "--bind", host, "--port", str(port), "--dir", str(folder),
                   "--save", "", "--appendonly", "yes", "--appendfsync", "always",
                   "--maxmemory-policy", "noeviction", "--protected-mode", "no"]  # fmt: skip
        log = self._folder / f"redis-{number}.log"
        return self._hosts.start(f"redis-{number}", "server", command, {}, log)

    def kill_server(self, number: int) -> None:
        """Kill the server of a partition with SIGKILL."""
        self._servers[number].kill()

    def restart_server(self, number: int) -> None:
        """Start a server again with its append-only file, and return when it answers."""
        self._servers[number] = self._start_server(number)
        self.await_server(number)

    def await_server(self, number: int) -> None:
        """Return when a server answers and has loaded its data."""

        def answers() -> bool:
            with suppress(RedisError):
                return bool(self.redis[number].ping())
            return False

        self.until(answers, START_SECONDS, f"server {number} answers")

    # -- processes

    def start(self, role: str, node: str, partition: int | None, version: str) -> Member:
        """Start a process; it is ready when its version is signed in, see `await_ready`."""
        environment = {
            **_SETTINGS,
            "FANMILL_PARTITIONS": self.addresses,
            "FANMILL_STORE_URL": self.store_url,
            "REHEARSAL_VERSION": version,
        }
        if partition is not None:
            environment["FANMILL_PARTITION"] = str(partition)
        if checkout := self._code.get(version):
            environment["PYTHONPATH"] = os.pathsep.join(
                str(checkout / name) for name in ("worker", "contracts")
            )
        command = [sys.executable, str(Path(__file__).with_name("versioned.py")), role]
        log = self._folder / f"{node}-{role}-{partition}-{version}.log"
        running = self._hosts.start(node, role, command, environment, log)
        self.members.append(Member(role, node, partition, version, running))
        return self.members[-1]

    def start_node(self, node: str, version: str) -> list[Member]:
        """Start an intake and a worker for each partition, and a sink for all."""
        each = range(PARTITIONS)
        started = [
            self.start(role, node, at, version) for role in ("worker", "intake") for at in each
        ]
        return [*started, self.start("sink", node, None, version)]

    def await_ready(self, members: list[Member]) -> None:
        """Return when processes have signed in at every server that they use."""

        def ready() -> bool:
            for member in members:
                assert member.running.process.poll() is None, f"{member.role} ended"
            with suppress(RedisError):
                registered = self.registered()
                return all(
                    any(each.pid == member.running.pid for each in registered[at])
                    for member in members
                    for at in ([member.partition] if member.partition is not None else [0, 1])
                )
            return False

        self.until(ready, START_SECONDS, f"{len(members)} processes are ready")

    def registered(self) -> list[list[Process]]:
        """Return the running processes in the registry of each server."""
        return [running_processes(redis, self.keys) for redis in self.redis]

    def versions(self, role: str) -> set[str]:
        """Return the versions that run in a role, by the registries."""
        return {each.version for found in self.registered() for each in found if each.role == role}

    def stop(self, member: Member) -> int:
        """End a process by SIGTERM and return its exit code."""
        self.members.remove(member)
        return member.running.stop()

    def lose_node(self, node: str) -> None:
        """Cut a node from the network, then kill all of its processes with SIGKILL."""
        host = self._hosts[node]
        if isinstance(host, NamespaceHost):
            host.cut()
        for member in [each for each in self.members if each.node == node]:
            member.running.kill()
            self.members.remove(member)

    def mend_node(self, node: str) -> None:
        """Return a node to the network; its processes must be started."""
        host = self._hosts[node]
        if isinstance(host, NamespaceHost):
            host.mend()

    # -- what to see from outside

    def completed(self, partition: int) -> int:
        """Return how many records a partition has announced."""
        return int(self.redis[partition].xlen(self.keys.processed))

    def is_settled(self) -> bool:
        """Tell whether nothing is left to do anywhere."""
        return all(self._server_is_settled(redis) for redis in self.redis)

    def _server_is_settled(self, redis: Redis) -> bool:
        pending: Any = redis.xpending(self.keys.ingested, GROUP)
        return (
            redis.xlen(self.keys.ingested) == 0
            and pending["pending"] == 0
            and not any(redis.llen(queue_name("fanmill", stage)) for stage in _STAGES)
            and RedisSinks(redis, self.keys).unstored() == 0
        )

    def until(self, condition: Callable[[], Any], seconds: float, what: str) -> None:
        """Wait for a condition.

        Raises:
            SystemExit: It did not hold in time; the text has the ends of all logs.
        """
        deadline = monotonic() + seconds
        while not condition():
            if monotonic() > deadline:
                logs = "\n".join(
                    f"--- {path.name}\n{path.read_text(errors='replace')[-1500:]}"
                    for path in sorted(self._folder.glob("*.log"))
                )
                raise SystemExit(f"not within {seconds:g} s: {what}\n{logs}")
            sleep(_POLL_SECONDS)

    def _end(self) -> None:
        for running in (*(each.running for each in self.members), *self._servers):
            running.kill()
        self._opened.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
