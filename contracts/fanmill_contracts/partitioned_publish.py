"""Publishers for several partitions: each document goes to the ledger that its id decides."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable
from contextlib import AsyncExitStack, ExitStack
from types import TracebackType
from typing import Any, Self

from fanmill_contracts.async_publish import AsyncPublisher
from fanmill_contracts.codec import ingested
from fanmill_contracts.errors import ContractError, InvalidArgument
from fanmill_contracts.events import DocumentIngested
from fanmill_contracts.partitions import Partition, parse_partitions, partition_of
from fanmill_contracts.publish import Publisher
from fanmill_contracts.publishing import CHUNK_BYTES, CHUNK_EVENTS, Publishable, iterator_of
from fanmill_contracts.streams import DEFAULT_NAMESPACE


class _Shares:
    """Events that wait for a round trip, by partition."""

    def __init__(self, count: int) -> None:
        self._events: list[list[DocumentIngested]] = [[] for _ in range(count)]
        self._sizes = [0] * count
        self.accepted = 0
        """Number of events written."""

    def add(self, event: Publishable) -> int | None:
        """Keep an event; return the partition whose share is full now."""
        event = ingested(event)
        number = partition_of(event.data.document_id, len(self._events))
        self._events[number].append(event)
        self._sizes[number] += len(event.data.text)
        full = (
            len(self._events[number]) >= CHUNK_EVENTS
            # The shares together hold no more than one publisher would.
            or self._sizes[number] >= CHUNK_BYTES // len(self._events)
        )
        return number if full else None

    def take(self, number: int) -> list[DocumentIngested]:
        """Return the share of a partition and begin another."""
        events, self._events[number] = self._events[number], []
        self._sizes[number] = 0
        return events

    def failed(self, error: ContractError) -> None:
        """Let an error tell how many events were written in all."""
        self.accepted += error.accepted
        error.accepted = self.accepted


def _partitions(given: str | Iterable[Partition], namespace: str) -> tuple[Partition, ...]:
    found = parse_partitions(given, namespace) if isinstance(given, str) else tuple(given)
    if not found:
        raise InvalidArgument("partitions", "empty", "at least one address")
    return found


class PartitionedPublisher:
    """Publishes documents to the partition that each belongs to.

    Args:
        partitions: The same list as fanmill's `FANMILL_PARTITIONS`, in the same order: a text for
            `parse_partitions`, or its answer.
        namespace: Namespace of addresses without one.
        options: Further arguments of each `Publisher`, such as `durable`; `max_backlog` holds for
            each partition.

    Raises:
        InvalidArgument: An argument is out of its range, or an address is not usable.
    """

    def __init__(
        self,
        partitions: str | Iterable[Partition],
        *,
        namespace: str = DEFAULT_NAMESPACE,
        **options: Any,
    ) -> None:
        self.partitions = _partitions(partitions, namespace)
        with ExitStack() as opened:
            self._publishers = [
                opened.enter_context(Publisher(each.url, namespace=each.namespace, **options))
                for each in self.partitions
            ]
            self._opened = opened.pop_all()

    def publish(self, event: Publishable) -> str:
        """Write one event and return its entry id in its partition; see `Publisher.publish`."""
        event = ingested(event)
        number = partition_of(event.data.document_id, len(self._publishers))
        return self._publishers[number].publish(event)

    def publish_many(self, events: Iterable[Publishable]) -> int:
        """Write events, many to a round trip, and return their number.

        Events of one document keep their order. Others may be written in another one.

        Raises:
            ContractError: As `Publisher.publish`; `accepted` counts the events written, which are
                not the first ones. Events before one that is not valid are written. Publishing
                all of them again is safe.
            Exception: The iterable raised it; the events before are written.
        """
        shares = _Shares(len(self._publishers))
        failure: Exception | None = None
        source = iterator_of(events)
        while failure is None:
            try:
                full = shares.add(next(source))
            except StopIteration:
                break
            except Exception as error:  # noqa: BLE001  raised again below
                failure = error
                break
            if full is not None:
                self._write(full, shares)
        for number in range(len(self._publishers)):
            self._write(number, shares)
        if failure is not None:
            _noted(failure, shares.accepted)
            raise failure
        return shares.accepted

    def _write(self, number: int, shares: _Shares) -> None:
        try:
            shares.accepted += self._publishers[number].publish_many(shares.take(number))
        except ContractError as error:
            shares.failed(error)
            raise

    def close(self) -> None:
        """Close the connections."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncPartitionedPublisher:
    """Publishes documents to the partition that each belongs to; see `PartitionedPublisher`."""

    def __init__(
        self,
        partitions: str | Iterable[Partition],
        *,
        namespace: str = DEFAULT_NAMESPACE,
        **options: Any,
    ) -> None:
        self.partitions = _partitions(partitions, namespace)
        self._publishers = [
            AsyncPublisher(each.url, namespace=each.namespace, **options)
            for each in self.partitions
        ]

    async def publish(self, event: Publishable) -> str:
        """Write one event and return its entry id in its partition; see `Publisher.publish`."""
        event = ingested(event)
        number = partition_of(event.data.document_id, len(self._publishers))
        return await self._publishers[number].publish(event)

    async def publish_many(self, events: Iterable[Publishable] | AsyncIterable[Publishable]) -> int:
        """Write events and return their number; see `PartitionedPublisher.publish_many`."""
        shares = _Shares(len(self._publishers))
        failure: Exception | None = None
        source = aiter(events) if isinstance(events, AsyncIterable) else _later(events)
        while failure is None:
            try:
                full = shares.add(await anext(source))
            except StopAsyncIteration:
                break
            except Exception as error:  # noqa: BLE001  raised again below
                failure = error
                break
            if full is not None:
                await self._write(full, shares)
        for number in range(len(self._publishers)):
            await self._write(number, shares)
        if failure is not None:
            _noted(failure, shares.accepted)
            raise failure
        return shares.accepted

    async def _write(self, number: int, shares: _Shares) -> None:
        try:
            shares.accepted += await self._publishers[number].publish_many(shares.take(number))
        except ContractError as error:
            shares.failed(error)
            raise

    async def aclose(self) -> None:
        """Close the connections."""
        async with AsyncExitStack() as stack:
            for each in self._publishers:
                stack.push_async_callback(each.aclose)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()


async def _later(events: Iterable[Publishable]) -> AsyncIterator[Publishable]:
    for event in iterator_of(events):
        yield event


def _noted(failure: Exception, accepted: int) -> None:
    """Let the failure of an event or of the iterable tell how many events were written."""
    if isinstance(failure, ContractError):
        failure.accepted = accepted
    else:
        failure.add_note(f"{accepted} events were written before")
