"""The service whose memory is measured: a server of its own, documents of 1.2 kB, and waiting."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, Final

from prose import texts
from redis import Redis
from service import Surroundings, completed, surroundings

from fanmill.settings import Settings
from fanmill.wiring import Wiring
from fanmill_contracts import DocumentIngested

TEXT_BYTES: Final = 1200
PATIENCE_SECONDS: Final = 3600.0
WORKER: Final = ("-m", "fanmill", "worker")
INTAKE: Final = ("-m", "fanmill", "intake")


@contextmanager
def place() -> Iterator[Surroundings]:
    """Run a server of its own until the block ends."""
    with (
        tempfile.TemporaryDirectory() as folder,
        surroundings(Path(folder), durable=False, log_level="warning") as where,
    ):
        yield where


def documents(languages: tuple[str, ...], count: int, seed: str) -> Iterator[DocumentIngested]:
    """Yield events of documents of 1.2 kB."""
    for number, text in enumerate(texts(languages, count, TEXT_BYTES, seed)):
        yield DocumentIngested.create(f"{seed}-{number}", text, source="/bench")


def counted(redis: Redis, keys: Any, name: str) -> int:
    """Return one of the service's counters."""
    return int(redis.hget(keys.counters, name) or 0)


def wait_completed(redis: Redis, counters: str, count: int) -> None:
    """Wait until that many documents are complete."""
    wait(lambda: completed(redis, counters) >= count, f"{count:,} documents completed")


def wait(reached: Callable[[], Any], what: str) -> None:
    """Wait until something holds; end the benchmark if it does not within an hour."""
    deadline = perf_counter() + PATIENCE_SECONDS
    while not reached():
        if perf_counter() > deadline:
            raise SystemExit(f"{what}: not within {PATIENCE_SECONDS:g} s")
        sleep(0.05)


def keys_of(where: Surroundings) -> Any:
    """Return the keys of the service."""
    return Wiring(Settings(redis_url=where.environment["FANMILL_REDIS_URL"])).keys
