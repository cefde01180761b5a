"""The results client for asyncio programs."""

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from redis.asyncio import Redis

from fanmill_contracts.addresses import DEFAULT_URL, ServerAddress
from fanmill_contracts.async_connections import connect
from fanmill_contracts.connections import RETRY_SECONDS
from fanmill_contracts.lookup import DocumentStatus, Finished, Lookup, follow_seconds
from fanmill_contracts.results import DocumentResult
from fanmill_contracts.server_errors import server_of
from fanmill_contracts.steps import plain, run_async
from fanmill_contracts.streams import DEFAULT_NAMESPACE, StreamNames


class AsyncResults:
    """Reads the results of documents in asyncio programs.

    Arguments, promises and errors are those of `Results`. Any number of tasks may ask at
    once; a client belongs to one event loop.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        *,
        namespace: str = DEFAULT_NAMESPACE,
        retry_seconds: float = RETRY_SECONDS,
        read_rejections: bool = True,
        client: Redis | None = None,
    ) -> None:
        address = None if client is not None else ServerAddress.parse(url)
        self._owned = client is None
        self._redis: Redis = client if client is not None else connect(url, retry_seconds=0)
        server = server_of(self._redis) if address is None else str(address)
        self._lookup = Lookup(StreamNames(namespace), server, retry_seconds, read_rejections)
        self._plain: Redis = plain(self._redis)

    @property
    def malformed(self) -> int:
        """Number of entries that `completed` skipped because they hold no event."""
        return self._lookup.malformed

    async def get(self, document_id: str) -> DocumentResult | None:
        """Return the record of a document.

        Returns:
            The record of its newest completed event; None for a document that is
            unknown, not yet completed, rejected at its first event, or expired.

        Raises:
            ServerUnreachable, ServerRefused: The server could not be reached or refused.
        """
        status = await self.status(document_id)
        return None if status is None else status.result

    async def status(self, document_id: str) -> DocumentStatus | None:
        """Return the state and the record of a document, None for an unknown one.

        Raises:
            ServerUnreachable, ServerRefused: As `get`.
        """
        return await run_async(self._plain, self._lookup.status(document_id))

    async def wait(
        self, document_id: str, wait_seconds: float = 30.0, *, entry_id: str | None = None
    ) -> DocumentResult:
        """Wait for the record of a document and return it.

        The server wakes the caller when a document is completed; a rejection is noticed
        within a second.

        Args:
            document_id: The document.
            wait_seconds: Longest wait; 0 looks once.
            entry_id: The answer of `Publisher.publish`: wait for this event or a later
                one of the document. None: an older record will do. An event that was
                sent before has no outcome of its own: do not wait for it by its entry.

        Raises:
            DocumentNotCompleted: The document was rejected.
            ResultTimeout: There was no outcome in time.
            ServerUnreachable, ServerRefused: As `get`.
        """
        return await run_async(self._plain, self._lookup.wait(document_id, wait_seconds, entry_id))

    async def completed(
        self, after: str = "0-0", *, wait_seconds: float | None = 0.0
    ) -> AsyncIterator[Finished]:
        """Yield completed documents in their order, each with its position.

        Keep the position of the last document handled and give it as `after` to go on.
        The stream keeps about `FANMILL_PROCESSED_STREAM_MAXLEN` documents. For work that
        several processes share, use a `Subscriber`.

        Args:
            after: Position to begin behind; `0-0` for the oldest document.
            wait_seconds: Longest wait for a further document; the iteration ends then.
                0: end at the last one. None: wait without limit.

        Raises:
            PositionLost: Entries after the position were trimmed before they were read.
            InvalidArgument: `after` is no entry id.
            ServerUnreachable, ServerRefused: As `get`.
        """
        seconds = follow_seconds(wait_seconds)
        position = after
        while True:
            position, found = await run_async(self._plain, self._lookup.page(position, seconds))
            for each in found:
                yield each
            if not found:
                return

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
