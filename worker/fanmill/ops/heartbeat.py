"""The heartbeat of an intake or worker, which speaks for its main loop.

An entry in the process registry is fresh only while the loop makes progress: a
loop that hangs disappears from `fanmill status`, `doctor` and the health check.
"""

from collections.abc import Callable
from dataclasses import replace
from threading import Event, Lock, Thread
from time import monotonic
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

from fanmill.ops.machine import memory_bytes
from fanmill.ops.process_registry import Process, remove_entry, write_entry
from fanmill.stores.keys import Keys

BEAT_SECONDS: Final = 5.0
"""Time between two heartbeats."""

MAX_IDLE_SECONDS: Final = 10.0
"""Time without progress after which the heartbeat stops. A loop reports every second."""

_LOCK_SECONDS: Final = 1.0


def with_memory(process: Process) -> Process:
    """Return the entry of a process with its memory."""
    return replace(process, load=replace(process.load, memory_bytes=memory_bytes()))


class Heartbeat:
    """Keeps the entry of one process fresh.

    Args:
        redis: A client of its own, since a thread may write.
        keys: The keys of the namespace.
        process: The entry; its time is filled in.
        clock: Seconds since some fixed moment.
        describe: Returns the entry with the state and the load of the moment.
    """

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        process: Process,
        clock: Callable[[], float] = monotonic,
        describe: Callable[[Process], Process] = with_memory,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._process = process
        self._clock = clock
        self.describe = describe
        self._due = float("-inf")
        self._progress = float("-inf")
        self._stop = Event()
        self._lock = Lock()

    def progress(self) -> None:
        """Note that the main loop made progress; called by the loop itself."""
        self._progress = self._clock()

    def beat(self) -> None:
        """Note progress and write the entry if it is due; called by the loop itself."""
        self.progress()
        self.write_if_due()

    def write_if_due(self) -> None:
        """Write the entry if it is due and the main loop made progress lately."""
        with self._lock:
            now = self._clock()
            if now < self._due or self._stop.is_set() or now - self._progress > MAX_IDLE_SECONDS:
                return
            self._due = now + BEAT_SECONDS
            write_entry(self._redis, self._keys, self.describe(self._process))

    def start_thread(
        self, on_error: Callable[[Exception], None], look: Callable[[], None] = lambda: None
    ) -> None:
        """Write now, then from a thread of its own until `stop`; the main loop calls `progress`.

        The entry is there before the loop begins, so nothing that the loop registers is ever
        without its process. `look` is called every second.
        """

        def write() -> None:
            try:
                self.write_if_due()
            except RedisError as error:
                on_error(error)

        def run() -> None:
            while not self._stop.wait(1.0):
                look()
                write()

        self.progress()
        write()
        Thread(target=run, name="fanmill-heartbeat", daemon=True).start()

    def stop(self) -> None:
        """Remove the entry; without a server it expires by itself.

        Raises:
            RedisError: The server does not answer.
        """
        self._stop.set()
        # A write in progress would restore the entry. A silent server must not delay the stop.
        if self._lock.acquire(timeout=_LOCK_SECONDS):
            try:
                remove_entry(self._redis, self._keys, self._process)
            finally:
                self._lock.release()
