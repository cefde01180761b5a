"""Puts documents on the ledger, from ordinary and from asyncio programs.

One script checks the backlog and writes, so that many publishers together never
pass the limit. A `Publisher` may be shared between threads; it holds a
connection pool, no state of its own.
"""

from collections.abc import AsyncIterable, Iterable, Iterator
from types import TracebackType
from typing import Any, Final, Self

from redis import Redis
from redis import asyncio as aioredis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from fanmill_contracts import limits
from fanmill_contracts.codec import encode
from fanmill_contracts.errors import BacklogFull, NotDurable
from fanmill_contracts.events import DocumentIngested
from fanmill_contracts.streams import DEFAULT_NAMESPACE, EVENT_FIELD, StreamNames

# KEYS[1] ledger; ARGV[1] limit (0: none), ARGV[2] field, ARGV[3..] events.
# Answers with the ids of those written: fewer than asked for when the ledger is full.
_ADD: Final = """
local limit = tonumber(ARGV[1])
local room = #ARGV
if limit > 0 then room = limit - redis.call('XLEN', KEYS[1]) end
local ids = {}
for i = 3, #ARGV do
  if #ids >= room then break end
  ids[#ids + 1] = redis.call('XADD', KEYS[1], '*', ARGV[2], ARGV[i])
end
return ids
"""

_CHUNK_EVENTS: Final = 256
_CHUNK_BYTES: Final = 4 * limits.MIB
"""One call writes so much at the most: enough to hide the round trip, short enough for others."""

_SOCKET_TIMEOUT_SECONDS: Final = 30.0
"""Longer than redis-py's own 5 s: a server that rewrites its AOF may pause."""

_RETRIES: Final = 5
"""Over about two seconds; a retried event is the same event, so nothing counts twice."""


class _Plan:
    """What both publishers do alike: building calls and reading answers."""

    def __init__(
        self, namespace: str, max_backlog: int, durable: bool, durable_timeout_ms: int
    ) -> None:
        if max_backlog < 0:
            raise ValueError(f"max_backlog is {max_backlog}; expected 0 (no limit) or more")
        self.stream = StreamNames(namespace).ingested
        self.max_backlog = max_backlog
        self.durable = durable
        self.durable_timeout_ms = durable_timeout_ms

    def call(self, bodies: list[bytes]) -> tuple[Any, ...]:
        return (_ADD, 1, self.stream, self.max_backlog, EVENT_FIELD, *bodies)

    def written(self, answer: list[bytes | str], asked: int, before: int = 0) -> list[str]:
        ids = [entry.decode() if isinstance(entry, bytes) else entry for entry in answer]
        if len(ids) < asked:
            raise BacklogFull(self.stream, self.max_backlog, before + len(ids))
        return ids

    def confirmed(self, answer: Any) -> None:
        if isinstance(answer, ResponseError):
            if "unknown command" in str(answer).lower():
                raise NotDurable(
                    "the server does not know WAITAOF; it needs Redis 7.2 or Valkey 7.2 or later"
                ) from answer
            raise NotDurable(f"{answer}; set appendonly yes on the server") from answer
        if isinstance(answer, Exception):
            raise answer
        if int(answer[0]) < 1:
            raise NotDurable(
                f"no fsync within {self.durable_timeout_ms} ms (durable_timeout_ms); "
                "the server's disk is slow or appendfsync is 'no'"
            )


def _chunks(events: Iterable[DocumentIngested]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    size = 0
    for event in events:
        body = encode(event)
        if chunk and size + len(body) > _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(body)
        size += len(body)
        # Before the next event is asked for: it may be long in coming, or no good.
        if len(chunk) == _CHUNK_EVENTS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


class Publisher:
    """Publishes documents to fanmill.

    Args:
        url: Of the Redis or Valkey server, such as `redis://localhost:6379/0`.
        namespace: First part of all keys; the same as fanmill's `FANMILL_NAMESPACE`.
        max_backlog: Most events the ledger may hold, 0 for no limit. Above it
            publishing raises `BacklogFull` instead of filling the server.
        durable: Return only when the server has the events on disk (WAITAOF:
            Redis or Valkey >= 7.2 with `appendonly yes`). Without it up to one
            second of events can be lost with the server (`appendfsync everysec`).
        durable_timeout_ms: Longest wait for that, in milliseconds.
        client: A redis-py client to use in place of `url`; it stays open.
    """

    def __init__(
        self,
        url: str = "redis://localhost:6379/0",
        *,
        namespace: str = DEFAULT_NAMESPACE,
        max_backlog: int = limits.DEFAULT_MAX_BACKLOG,
        durable: bool = False,
        durable_timeout_ms: int = 5000,
        client: Redis | None = None,
    ) -> None:
        self._plan = _Plan(namespace, max_backlog, durable, durable_timeout_ms)
        self._owned = client is None
        self._redis = client or Redis.from_url(
            url,
            socket_timeout=_SOCKET_TIMEOUT_SECONDS,
            retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), _RETRIES),
            retry_on_error=[RedisConnectionError, RedisTimeoutError],
        )

    def publish(self, event: DocumentIngested) -> str:
        """Write one event and return its entry id in the ledger.

        Raises:
            BacklogFull: The ledger is at its limit; nothing was written.
            EventTooLarge: The encoded event is over its limit; nothing was written.
            NotDurable: Written, but not confirmed on disk (only with `durable`).
            redis.exceptions.RedisError: The server could not be reached or refused;
                publishing the same event again is safe.
        """
        return self._write([encode(event)], 0)[0]

    def publish_many(self, events: Iterable[DocumentIngested]) -> int:
        """Write events in their order, many to a round trip, and return their number.

        The iterable is read as needed: it may be a generator of millions.

        Raises:
            BacklogFull: The first `accepted` events were written, the others not.
            EventTooLarge, NotDurable, redis.exceptions.RedisError: As `publish`;
                the chunks before were written.
        """
        count = 0
        for chunk in _chunks(events):
            count += len(self._write(chunk, count))
        return count

    def _write(self, bodies: list[bytes], before: int) -> list[str]:
        if not self._plan.durable:
            answer: Any = self._redis.eval(*self._plan.call(bodies))
            return self._plan.written(answer, len(bodies), before)
        # WAITAOF speaks of the writes of its own connection: one pipeline, one connection.
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.eval(*self._plan.call(bodies))
            pipe.waitaof(1, 0, self._plan.durable_timeout_ms)
            added, synced = pipe.execute(raise_on_error=False)
        if isinstance(added, Exception):
            raise added
        # First: events beside those that were refused are as durable as any.
        if added:
            self._plan.confirmed(synced)
        return self._plan.written(added, len(bodies), before)

    def close(self) -> None:
        """Close the connections, unless the client was given."""
        if self._owned:
            self._redis.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncPublisher:
    """`Publisher` for asyncio programs; same arguments, same promises, same errors."""

    def __init__(
        self,
        url: str = "redis://localhost:6379/0",
        *,
        namespace: str = DEFAULT_NAMESPACE,
        max_backlog: int = limits.DEFAULT_MAX_BACKLOG,
        durable: bool = False,
        durable_timeout_ms: int = 5000,
        client: aioredis.Redis | None = None,
    ) -> None:
        self._plan = _Plan(namespace, max_backlog, durable, durable_timeout_ms)
        self._owned = client is None
        self._redis = client or aioredis.Redis.from_url(
            url,
            socket_timeout=_SOCKET_TIMEOUT_SECONDS,
            retry=AsyncRetry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), _RETRIES),
            retry_on_error=[RedisConnectionError, RedisTimeoutError],
        )

    async def publish(self, event: DocumentIngested) -> str:
        """Write one event and return its entry id; see `Publisher.publish`."""
        return (await self._write([encode(event)], 0))[0]

    async def publish_many(
        self, events: Iterable[DocumentIngested] | AsyncIterable[DocumentIngested]
    ) -> int:
        """Write events in their order and return their number; see `Publisher.publish_many`.

        An asynchronous iterable is read until a chunk is full, then written.
        """
        count = 0
        if isinstance(events, AsyncIterable):
            waiting: list[DocumentIngested] = []
            async for event in events:
                waiting.append(event)
                if len(waiting) == _CHUNK_EVENTS:
                    count += await self._write_all(waiting, count)
                    waiting = []
            return count + await self._write_all(waiting, count)
        return await self._write_all(events, 0)

    async def _write_all(self, events: Iterable[DocumentIngested], before: int) -> int:
        count = 0
        for chunk in _chunks(events):
            count += len(await self._write(chunk, before + count))
        return count

    async def _write(self, bodies: list[bytes], before: int) -> list[str]:
        if not self._plan.durable:
            answer: Any = await self._redis.eval(*self._plan.call(bodies))
            return self._plan.written(answer, len(bodies), before)
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.eval(*self._plan.call(bodies))
            pipe.execute_command("WAITAOF", 1, 0, self._plan.durable_timeout_ms)
            added, synced = await pipe.execute(raise_on_error=False)
        if isinstance(added, Exception):
            raise added
        # First: events beside those that were refused are as durable as any.
        if added:
            self._plan.confirmed(synced)
        return self._plan.written(added, len(bodies), before)

    async def aclose(self) -> None:
        """Close the connections, unless the client was given."""
        if self._owned:
            await self._redis.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()
