"""Who is there: every intake and worker writes its name down every few seconds."""

import os
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, Final, Literal

from pydantic import TypeAdapter
from redis import Redis
from redis.exceptions import RedisError

from fanmill.stores.keys import Keys

BEAT_SECONDS: Final = 5.0
GONE_SECONDS: Final = 20.0
"""A process not seen for this long is taken for dead: four beats."""

Role = Literal["intake", "worker"]


@dataclass(frozen=True, slots=True)
class Process:
    """One running process as the others see it."""

    name: str
    role: Role
    host: str
    pid: int
    version: str
    queues: tuple[str, ...]
    concurrency: int
    seen_ms: int
    """By the server's clock, in ms since 1970."""


_ADAPTER: Final = TypeAdapter(Process)


def process_name(role: Role) -> str:
    """Return a name for this process that no other one has at the same time."""
    return f"{role}-{socket.gethostname()}-{os.getpid()}"


class Presence:
    """Keeps one process's entry fresh.

    Args:
        redis: A client used by nobody else: beats may come from a thread of their own.
        keys: The keys of the namespace.
        process: What the entry says; its time is filled in.
    """

    def __init__(self, redis: Redis, keys: Keys, process: Process) -> None:
        self._redis = redis
        self._keys = keys
        self._process = process
        self._due = 0.0
        self._stop = Event()
        self._lock = Lock()

    def beat(self) -> None:
        """Write the entry if it is due."""
        with self._lock:
            if monotonic() < self._due or self._stop.is_set():
                return
            self._due = monotonic() + BEAT_SECONDS
            self._write()

    def _write(self) -> None:
        entry = {**asdict(self._process), "seen_ms": server_ms(self._redis)}
        self._redis.hset(
            self._keys.processes,
            self._process.name,
            _ADAPTER.dump_json(_ADAPTER.validate_python(entry)),
        )

    def start_thread(self, on_error: Callable[[Exception], None]) -> None:
        """Beat from a thread of its own until `leave`."""

        def run() -> None:
            while True:
                try:
                    self.beat()
                except RedisError as error:
                    on_error(error)
                if self._stop.wait(BEAT_SECONDS):
                    return

        Thread(target=run, name="fanmill-presence", daemon=True).start()

    def leave(self) -> None:
        """Take the entry away."""
        self._stop.set()
        # A beat under way would write the entry anew behind us.
        with self._lock:
            self._redis.hdel(self._keys.processes, self._process.name)


def present(redis: Redis, keys: Keys) -> list[Process]:
    """Return the processes seen of late, by role and name; removes those long gone."""
    entries: Any = redis.hgetall(keys.processes)
    now = server_ms(redis)
    living = []
    for name, entry in entries.items():
        process = _ADAPTER.validate_json(entry)
        if now - process.seen_ms < GONE_SECONDS * 1000:
            living.append(process)
        else:
            redis.hdel(keys.processes, name)
    return sorted(living, key=lambda process: (process.role, process.name))


def server_ms(redis: Redis) -> int:
    """Return the server's time in ms since 1970."""
    answer: Any = redis.time()
    seconds, microseconds = answer
    return int(seconds) * 1000 + int(microseconds) // 1000
