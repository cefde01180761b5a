"""The subscriber for ordinary programs; `async_subscribe` has its asyncio twin."""

from collections.abc import Callable, Iterator
from math import inf
from types import TracebackType
from typing import Generic, Self

from redis import Redis

from fanmill_contracts.addresses import DEFAULT_URL, ServerAddress
from fanmill_contracts.connections import connect
from fanmill_contracts.deliveries import (
    Delivery,
    EventT,
    SubscriberOptions,
    Trouble,
    consumer_name,
    log_trouble,
)
from fanmill_contracts.server_errors import server_of
from fanmill_contracts.steps import plain, run
from fanmill_contracts.streams import DEFAULT_NAMESPACE
from fanmill_contracts.subscription import Subscription


class Subscriber(Generic[EventT]):
    """Reads processed or rejected events at least once, together with others of its group.

    An entry is delivered again until it is acknowledged: to this consumer after a lost
    connection, to any consumer of the group when it was pending for
    `reclaim_after_seconds`. Handlers must be idempotent by `Delivery.entry_id`.

    Several subscribers of a group share the entries; subscribers of different groups
    get all of them. Iterate in one thread; `ack` and `stop` may be called from any.

    Examples:
        ```python
        with Subscriber(DocumentProcessed, group="billing") as subscriber:
            for delivery in subscriber:
                store(delivery.event.data)
                subscriber.ack(delivery)
        ```

    Args:
        events: `DocumentProcessed` or `DocumentRejected`.
        url: Server, such as `redis://localhost:6379/0`; see `ServerAddress.parse`.
        group: Name of the group; created if it does not exist.
        namespace: First part of all keys; the same as fanmill's `FANMILL_NAMESPACE`.
        consumer: Name of this consumer; by default one that no other has. A fixed name,
            such as a pod's name, gets its unacknowledged entries back at once after a
            restart; two processes must never share it.
        start: Start of a new group: `oldest`, `new`, or after an entry id. Without
            effect where the group exists.
        batch_size: Maximum number of entries of one delivery.
        reclaim_after_seconds: Time after which unacknowledged entries are delivered
            again; longer than the handling of a whole batch takes.
        retry_seconds: Time without a connection after which reading fails.
        report: Receives each `Trouble`; by default it is logged as a warning.
        client: A redis-py client in place of `url`; it stays open. Its socket time-out
            must exceed 1 second.

    Raises:
        InvalidArgument: An argument is out of its range or the URL is not usable.
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

    def read(self, wait_seconds: float = 5.0) -> list[Delivery[EventT]]:
        """Return the next deliveries, at most `batch_size`.

        Args:
            wait_seconds: Longest wait for one; then the list is empty. 0: no wait.

        Raises:
            ServerUnreachable: There was no connection for `retry_seconds`.
            ServerRefused: The server answered with an error, such as a missing right.
        """
        return run(self._plain, self._subscription.read(wait_seconds))

    def batches(self) -> Iterator[list[Delivery[EventT]]]:
        """Yield deliveries as they come, many at a time, until `stop`; see `read`."""
        while not self._subscription.stopped:
            found = self.read(inf)
            if found:
                yield found

    def __iter__(self) -> Iterator[Delivery[EventT]]:
        for batch in self.batches():
            for delivery in batch:
                if self._subscription.stopped:
                    return
                yield delivery

    def ack(self, *deliveries: Delivery[EventT]) -> int:
        """Acknowledge deliveries: they are not delivered again.

        Returns:
            How many of them were pending; another consumer may have acknowledged some.

        Raises:
            ServerUnreachable, ServerRefused: As `read`. The deliveries may come again.
        """
        if not deliveries:
            return 0
        return run(self._plain, self._subscription.ack([each.entry_id for each in deliveries]))

    def stop(self) -> None:
        """End the iteration within about a second; for another thread or a signal handler.

        Deliveries that were not acknowledged are delivered again, to others of the group
        or to a later subscriber.
        """
        self._subscription.stopped = True

    def close(self) -> None:
        """Stop, leave the group where nothing is pending, and close the connections."""
        self.stop()
        run(self._plain, self._subscription.leave())
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
