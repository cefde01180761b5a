"""The subscriber for asyncio programs."""

from collections.abc import AsyncIterator, Callable
from math import inf
from types import TracebackType
from typing import Generic, Self

from redis.asyncio import Redis

from fanmill_contracts.addresses import DEFAULT_URL, ServerAddress
from fanmill_contracts.async_connections import connect
from fanmill_contracts.deliveries import (
    Delivery,
    EventT,
    SubscriberOptions,
    Trouble,
    consumer_name,
    log_trouble,
)
from fanmill_contracts.server_errors import server_of
from fanmill_contracts.steps import plain, run_async
from fanmill_contracts.streams import DEFAULT_NAMESPACE
from fanmill_contracts.subscription import Subscription


class AsyncSubscriber(Generic[EventT]):
    """Reads processed or rejected events at least once, in asyncio programs.

    Arguments, promises and errors are those of `Subscriber`. Iterate in one task; `ack`
    may be awaited in any.

    Examples:
        ```python
        async with AsyncSubscriber(DocumentProcessed, group="billing") as subscriber:
            async for delivery in subscriber:
                await store(delivery.event.data)
                await subscriber.ack(delivery)
        ```
    """

    def __init__(
        self,
        events: type[EventT],
        url: str = DEFAULT_URL,
        *,
        group: str,
        namespace: str = DEFAULT_NAMESPACE,
        consumer: str | None = None,
        start: str = "oldest",
        batch_size: int = 100,
        reclaim_after_seconds: float = 60.0,
        retry_seconds: float = 60.0,
        report: Callable[[Trouble], None] = log_trouble,
        client: Redis | None = None,
    ) -> None:
        options = SubscriberOptions(
            events,
            group,
            consumer_name() if consumer is None else consumer,
            namespace,
            start,
            batch_size,
            reclaim_after_seconds,
            retry_seconds,
        )
        address = None if client is not None else ServerAddress.parse(url)
        self._owned = client is None
        self._redis: Redis = client if client is not None else connect(url, retry_seconds=0)
        self._subscription: Subscription[EventT] = Subscription(
            options, server_of(self._redis) if address is None else str(address), report
        )
        self._plain: Redis = plain(self._redis)

    @property
    def consumer(self) -> str:
        """Name of this consumer in the group."""
        return self._subscription.options.consumer

    @property
    def troubles(self) -> dict[str, int]:
        """Number of troubles met so far, by kind."""
        return dict(self._subscription.troubles)

    async def read(self, wait_seconds: float = 5.0) -> list[Delivery[EventT]]:
        """Return the next deliveries, at most `batch_size`; see `Subscriber.read`.

        A cancelled call loses nothing: its deliveries come with the next one.
        """
        return await run_async(self._plain, self._subscription.read(wait_seconds))

    async def batches(self) -> AsyncIterator[list[Delivery[EventT]]]:
        """Yield deliveries as they come, many at a time, until `stop`; see `read`."""
        while not self._subscription.stopped:
            found = await self.read(inf)
            if found:
                yield found

    async def __aiter__(self) -> AsyncIterator[Delivery[EventT]]:
        async for batch in self.batches():
            for delivery in batch:
                if self._subscription.stopped:
                    return
                yield delivery

    async def ack(self, *deliveries: Delivery[EventT]) -> int:
        """Acknowledge deliveries and return how many were pending; see `Subscriber.ack`."""
        if not deliveries:
            return 0
        ids = [each.entry_id for each in deliveries]
        return await run_async(self._plain, self._subscription.ack(ids))

    def stop(self) -> None:
        """End the iteration within about a second; see `Subscriber.stop`."""
        self._subscription.stopped = True

    async def aclose(self) -> None:
        """Stop, leave the group where nothing is pending, and close the connections."""
        self.stop()
        await run_async(self._plain, self._subscription.leave())
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
