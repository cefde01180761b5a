"""The publisher of documents for ordinary programs; `async_publish` has its asyncio twin."""

from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from redis import Redis
from redis.exceptions import RedisError

from fanmill_contracts.addresses import DEFAULT_URL, ServerAddress
from fanmill_contracts.codec import ingested
from fanmill_contracts.connections import MAX_CONNECTIONS, RETRY_SECONDS, connect
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


class Publisher:
    """Publishes documents to fanmill.

    A publisher may be shared between threads: any number of them wait for one of
    `max_connections` connections. Each process needs a publisher of its own.

    Args:
        url: Server, such as `redis://localhost:6379/0`; see `ServerAddress.parse`.
        namespace: First part of all keys; the same as fanmill's `FANMILL_NAMESPACE`.
        max_backlog: Maximum number of entries in the ledger; at it, publishing raises
            `BacklogFull`. None for no limit: then a plain XADD writes, and the server's
            user needs no other right.
        durable: Return only when the server has the events on disk (WAITAOF:
            Redis or Valkey >= 7.2 with `appendonly yes`). Without it up to one
            second of events can be lost with the server (`appendfsync everysec`).
        durable_timeout_ms: Longest wait for the disk, in milliseconds.
        retry_seconds: Time during which a call is repeated while the server is away,
            is a replica or loads its data; 0 for never. A failover heals within it.
        max_connections: Size of the connection pool; the URL's option prevails.
        client: A redis-py client in place of `url`. It keeps its own time-outs and
            retries, and stays open.

    Raises:
        InvalidArgument: An argument is out of its range or the URL is not usable.
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

    def publish(self, event: Publishable) -> str:
        """Write one event and return its entry id in the ledger.

        Args:
            event: An event, or a mapping in the form of a CloudEvent.

        Raises:
            MalformedEvent, UnsupportedVersion: A mapping is not such an event.
            EventTooLarge: The event or a part of it is over its limit.
            BacklogFull: The ledger is at its limit.
            NotDurable: Written, but not confirmed on disk (only with `durable`).
            ServerUnreachable, ServerRefused: The server could not be reached or
                refused. Publishing the same event again is safe.
        """
        with Sending(self._protocol.options.stream) as sending:
            return self._write([sending.encoded(ingested(event))], 0)[0]

    def publish_many(self, events: Iterable[Publishable]) -> int:
        """Write events in their order, many to a round trip, and return their number.

        The iterable is read as needed: it may be a generator of millions.

        Raises:
            ContractError: As `publish`. The first `accepted` events were written;
                events before an invalid one are always written. After
                `ServerRefused` and `ServerUnreachable` some of the later events may
                have been written too; publishing them again is safe.
            Exception: The iterable raised it; a note tells how many were written.
        """
        sending = Sending(self._protocol.options.stream)
        chunks, count, source = Chunks(sending), 0, iterator_of(events)
        while not chunks.done:
            bodies = chunks.draw(source)
            if bodies:
                with sending:
                    count += len(self._write(bodies, count))
        chunks.finish(count)
        return count

    def _write(self, bodies: list[bytes], before: int) -> list[str]:
        commands = self._protocol.commands(bodies)
        try:
            replies = self._send(commands)
        except (RedisError, OSError) as error:
            raise self._protocol.failed(error, before) from error
        return self._protocol.written(replies, len(bodies), before)

    def _send(self, commands: list[tuple[Any, ...]]) -> list[Any]:
        if len(commands) == 1:
            return [self._redis.execute_command(*commands[0])]
        with self._redis.pipeline(transaction=False) as pipe:
            for command in commands:
                pipe.execute_command(*command)
            replies: list[Any] = pipe.execute(raise_on_error=False)
            return replies

    def close(self) -> None:
        """Close the connections, except those of a given client."""
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
