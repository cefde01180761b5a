"""The publisher of documents for asyncio programs."""

from collections.abc import AsyncIterable, Iterable
from types import TracebackType
from typing import Any, Self

from redis.asyncio import Redis
from redis.exceptions import RedisError

from fanmill_contracts.addresses import DEFAULT_URL, ServerAddress
from fanmill_contracts.async_connections import connect
from fanmill_contracts.codec import ingested
from fanmill_contracts.connections import MAX_CONNECTIONS, RETRY_SECONDS
from fanmill_contracts.publishing import (
    Chunks,
    Protocol,
    Publishable,
    PublisherOptions,
    iterator_of,
)
from fanmill_contracts.sending import Sending
from fanmill_contracts.server_errors import server_of
from fanmill_contracts.streams import DEFAULT_NAMESPACE


class AsyncPublisher:
    """Publishes documents to fanmill from asyncio programs.

    Arguments, promises and errors are those of `Publisher`. Any number of tasks may
    publish at once; a publisher belongs to one event loop.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        *,
        namespace: str = DEFAULT_NAMESPACE,
        max_backlog: int | None = None,
        durable: bool = False,
        durable_timeout_ms: int = 5000,
        retry_seconds: float = RETRY_SECONDS,
        max_connections: int = MAX_CONNECTIONS,
        client: Redis | None = None,
    ) -> None:
        options = PublisherOptions(
            namespace, max_backlog, durable, durable_timeout_ms, retry_seconds, max_connections
        )
        self._owned = client is None
        if client is None:
            address = ServerAddress.parse(url)
            client = connect(
                address,
                retry_seconds=retry_seconds,
                socket_seconds=options.socket_seconds(address),
                max_connections=max_connections,
            )
            self._protocol = Protocol(options, str(address))
        else:
            self._protocol = Protocol(options, server_of(client))
        self._redis = client

    async def publish(self, event: Publishable) -> str:
        """Write one event and return its entry id; see `Publisher.publish`."""
        with Sending(self._protocol.options.stream) as sending:
            return (await self._write([sending.encoded(ingested(event))], 0))[0]

    async def publish_many(self, events: Iterable[Publishable] | AsyncIterable[Publishable]) -> int:
        """Write events in their order and return their number; see `Publisher.publish_many`.

        An asynchronous iterable is read until a round trip is full.
        """
        sending = Sending(self._protocol.options.stream)
        chunks, count = Chunks(sending), 0
        if isinstance(events, AsyncIterable):
            later = aiter(events)
            while not chunks.done:
                if bodies := await chunks.draw_async(later):
                    with sending:
                        count += len(await self._write(bodies, count))
        else:
            source = iterator_of(events)
            while not chunks.done:
                if bodies := chunks.draw(source):
                    with sending:
                        count += len(await self._write(bodies, count))
        chunks.finish(count)
        return count

    async def _write(self, bodies: list[bytes], before: int) -> list[str]:
        commands = self._protocol.commands(bodies)
        try:
            replies = await self._send(commands)
        except (RedisError, OSError) as error:
            raise self._protocol.failed(error, before) from error
        return self._protocol.written(replies, len(bodies), before)

    async def _send(self, commands: list[tuple[Any, ...]]) -> list[Any]:
        if len(commands) == 1:
            return [await self._redis.execute_command(*commands[0])]
        async with self._redis.pipeline(transaction=False) as pipe:
            for command in commands:
                pipe.execute_command(*command)
            replies: list[Any] = await pipe.execute(raise_on_error=False)
            return replies

    async def aclose(self) -> None:
        """Close the connections, except those of a given client."""
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
