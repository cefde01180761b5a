"""The service under measurement: a server of its own, an intake, a worker with so many children."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, Final

from figures import Throughput
from processes import Measured, cpu_seconds, running
from redis import Redis

from fanmill.local.server import EmbeddedServer
from fanmill.settings import Settings
from fanmill.wiring import Wiring
from fanmill_contracts import DocumentIngested, Publisher

_PATIENCE_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A fresh server and what processes need to use it."""

    server: Measured
    redis: Redis
    environment: dict[str, str]


@contextmanager
def surroundings(
    folder: Path, *, batch: int = 64, children: int = 1, durable: bool = True, log_level: str
) -> Iterator[Surroundings]:
    """Run a server that nobody else uses until the block ends."""
    with (
        EmbeddedServer(folder, durable=durable) as server,
        Redis.from_url(server.url, socket_timeout=60.0) as redis,
    ):
        environment = {
            "BENCH_FOLDER": str(folder),
            "FANMILL_REDIS_URL": server.url,
            "FANMILL_BATCH_MAX_DOCUMENTS": str(batch),
            # At the default of 1 MiB a message would hold about 145 of these documents.
            "FANMILL_BATCH_MAX_BYTES": str(16 * 1024 * 1024),
            "FANMILL_WORKER_CONCURRENCY": str(children),
            "FANMILL_LOG_LEVEL": log_level,
        }
        yield Surroundings(Measured("server", server.pid), redis, environment)


def worked_off(
    name: str,
    place: Surroundings,
    *,
    worker: Sequence[str],
    intake: Sequence[str],
    warm: Iterable[DocumentIngested],
    load: Iterable[DocumentIngested],
) -> Throughput:
    """Publish a backlog while the intake is paused, resume it, and wait for the last record.

    Args:
        name: Name of the measurement.
        place: Environment in which the processes find their server.
        worker: Arguments of Python that run the worker.
        intake: Arguments of Python that run the intake.
        warm: Events processed before, so that all processes and tables are ready.
        load: Events of the backlog.
    """
    redis, environment = place.redis, place.environment
    with (
        running(worker, environment, "worker") as working,
        running(intake, environment, "intake") as reading,
    ):
        keys = Wiring(Settings(redis_url=environment["FANMILL_REDIS_URL"])).keys
        publisher = Publisher(client=redis)
        warmed = publisher.publish_many(warm)
        wait(lambda: completed(redis, keys.counters) == warmed)
        with reading.held():
            count = publisher.publish_many(load)
            before = cpu_seconds((place.server, working, reading))
            started = perf_counter()
        wait(lambda: redis.xlen(keys.ingested) == 0)
        seconds = perf_counter() - started
        done = completed(redis, keys.counters) - warmed
        if done != count:
            raise SystemExit(f"{done} documents came out of {count}")
        after = cpu_seconds((place.server, working, reading))
    return measured(name, count, seconds, before, after)


def measured(
    name: str, count: int, seconds: float, before: dict[str, float], after: dict[str, float]
) -> Throughput:
    """Return the figures of one run, and say them."""
    cpu = {process: after[process] - before[process] for process in after}
    result = Throughput(name, count, seconds, cpu)
    say(f"  {name}: {result.rate:,.0f} documents/s")
    return result


def completed(redis: Redis, counters: str) -> int:
    """Return how many records there are."""
    return int(redis.hget(counters, "completed") or 0)


def wait(reached: Callable[[], Any]) -> None:
    """Wait until something holds; ends the benchmark if it does not within five minutes."""
    deadline = perf_counter() + _PATIENCE_SECONDS
    while not reached():
        if perf_counter() > deadline:
            raise SystemExit(f"not done within {_PATIENCE_SECONDS:g} s")
        sleep(0.01)


def say(line: str) -> None:
    """Write a line of progress."""
    sys.stderr.write(line + "\n")
