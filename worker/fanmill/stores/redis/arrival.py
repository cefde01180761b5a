"""Waiting for the next entry of empty streams, without reading it."""

from collections.abc import Sequence
from time import monotonic, sleep
from typing import Any, Final

from redis import Redis

PAUSE_SECONDS: Final = 0.002
"""Pause between two looks into the stream while entries keep arriving."""

BUSY_SECONDS: Final = 0.1
"""Time after an entry for which the next one is looked for instead of blocking."""

_GRACE_SECONDS: Final = 1.0
"""Time that a reply may take beyond the time for which the server blocks."""


class Arrival:
    """Waits for entries of streams.

    A blocking command wakes at once, but its answer is the whole entry, whatever its size. So the
    connection is closed unread when the answer arrives: no process holds an event that it did not
    ask for. A new connection costs about a millisecond; while entries keep arriving it is cheaper
    to look again after a short pause.

    Args:
        redis: A client of their server.
        streams: Names of the streams.
        pause_seconds: Pause between two looks while entries keep arriving.
    """

    def __init__(self, redis: Redis, *streams: str, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._redis = redis
        self._streams = streams
        self._pause_seconds = pause_seconds
        self._busy_until = 0.0

    def seen(self) -> None:
        """Note that an entry was read: the next one may follow soon."""
        self._busy_until = monotonic() + BUSY_SECONDS

    def wait(self, lasts: Sequence[bytes], seconds: float) -> None:
        """Wait up to `seconds` for an entry behind the last id of any stream; may return early.

        Raises:
            RedisError: The server cannot be reached.
        """
        if monotonic() < self._busy_until:
            sleep(min(seconds, self._pause_seconds))
            return
        started = monotonic()
        # 0 would block without end.
        milliseconds = max(1, int(seconds * 1000))
        pool = self._redis.connection_pool
        connection: Any = pool.get_connection()
        try:
            connection.send_command(
                *("XREAD", "COUNT", 1, "BLOCK", milliseconds, "STREAMS", *self._streams, *lasts)
            )
            answered = connection.can_read(timeout=seconds + _GRACE_SECONDS)
            if answered and monotonic() - started >= seconds:
                connection.read_response()  # nothing came
            else:
                connection.disconnect()
        except BaseException:
            connection.disconnect()
            raise
        finally:
            pool.release(connection)
