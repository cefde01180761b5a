"""The parts that `Publisher` and `AsyncPublisher` share: requests, chunks and replies.

Without a backlog limit an event is one plain XADD, so that the user of a producer
needs no further right. With a limit one script checks the length and writes, so
that many publishers together never exceed it.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from redis.exceptions import RedisError, ResponseError

from fanmill_contracts import limits
from fanmill_contracts.addresses import ServerAddress
from fanmill_contracts.codec import ingested
from fanmill_contracts.connections import SOCKET_SECONDS
from fanmill_contracts.errors import BacklogFull, ContractError, InvalidArgument, NotDurable
from fanmill_contracts.events import DocumentIngested
from fanmill_contracts.sending import Sending
from fanmill_contracts.server_errors import server_error
from fanmill_contracts.streams import EVENT_FIELD, StreamNames

# KEYS[1] ledger; ARGV[1] maximum length, ARGV[2] field, ARGV[3..] events.
# Returns the ids of the entries written: fewer than the events when the ledger is full.
ADD_SCRIPT: Final = """
local room = tonumber(ARGV[1]) - redis.call('XLEN', KEYS[1])
local ids = {}
for i = 3, #ARGV do
  if #ids >= room then break end
  ids[#ids + 1] = redis.call('XADD', KEYS[1], '*', ARGV[2], ARGV[i])
end
return ids
"""

CHUNK_EVENTS: Final = 256
CHUNK_BYTES: Final = 4 * limits.MIB
"""Number and size of events at which a round trip begins: its cost is small then, and other
clients do not wait long."""

_ANSWER_SECONDS: Final = 5.0
"""Time for the answer to travel after `durable_timeout_ms`."""

Publishable = DocumentIngested | Mapping[str, Any]
"""An event, or a mapping in the form of a CloudEvent in structured JSON."""


@dataclass(frozen=True, slots=True)
class PublisherOptions:
    """The checked arguments of a publisher.

    Raises:
        InvalidArgument: A number is out of its range, or the namespace is malformed.
    """

    namespace: str
    max_backlog: int | None
    durable: bool
    durable_timeout_ms: int
    retry_seconds: float
    max_connections: int

    def __post_init__(self) -> None:
        if self.max_backlog is not None and self.max_backlog < 1:
            raise InvalidArgument(
                "max_backlog", str(self.max_backlog), "None (no limit) or a number of at least 1"
            )
        if self.durable_timeout_ms < 1:
            raise InvalidArgument(
                "durable_timeout_ms", str(self.durable_timeout_ms), "at least 1 millisecond"
            )
        if not self.retry_seconds >= 0:
            raise InvalidArgument(
                "retry_seconds", str(self.retry_seconds), "0 (no repetition) or more seconds"
            )
        if self.max_connections < 1:
            raise InvalidArgument("max_connections", str(self.max_connections), "at least 1")
        StreamNames(self.namespace)

    @property
    def stream(self) -> str:
        """Name of the ledger."""
        return StreamNames(self.namespace).ingested

    def socket_seconds(self, address: ServerAddress) -> float:
        """Return the silence after which a connection counts as dead.

        Raises:
            InvalidArgument: The URL's `socket_timeout` would end a durable call too early.
        """
        if not self.durable:
            return SOCKET_SECONDS
        seconds = self.durable_timeout_ms / 1000
        own: float | None = address.options.get("socket_timeout")
        if own is not None and own <= seconds:
            raise InvalidArgument(
                "durable_timeout_ms",
                str(self.durable_timeout_ms),
                f"less than the socket_timeout of the URL ({own} s)",
            )
        return max(SOCKET_SECONDS, seconds + _ANSWER_SECONDS)


@dataclass(frozen=True, slots=True)
class Protocol:
    """The commands of one publisher and the meaning of their replies."""

    options: PublisherOptions
    server: str

    def commands(self, bodies: list[bytes]) -> list[tuple[Any, ...]]:
        """Return the commands that write `bodies`, in their order."""
        stream, limit = self.options.stream, self.options.max_backlog
        if limit is None:
            found: list[tuple[Any, ...]] = [
                ("XADD", stream, "*", EVENT_FIELD, body) for body in bodies
            ]
        else:
            found = [("EVAL", ADD_SCRIPT, 1, stream, limit, EVENT_FIELD, *bodies)]
        if self.options.durable:
            # It waits for the writes of its own connection: the pipeline has only one.
            found.append(("WAITAOF", 1, 0, self.options.durable_timeout_ms))
        return found

    def written(self, replies: list[Any], asked: int, before: int) -> list[str]:
        """Return the entry ids in the replies to `commands`.

        Args:
            replies: An answer or an exception for each command.
            asked: Number of events in the commands.
            before: Number of events that this call had written before.

        Raises:
            BacklogFull: Fewer than `asked` were written.
            NotDurable: They were written and not confirmed.
            ServerRefused: The server did not take an event.
        """
        added = replies[:-1] if self.options.durable else replies
        limited = self.options.max_backlog is not None
        ids: list[bytes | str] = []
        failure: RedisError | None = None
        for reply in added:
            if isinstance(reply, RedisError):
                failure = reply
                break
            ids.extend(reply if limited else [reply])
        # First: events beside a refused one are as durable as any.
        if self.options.durable and ids:
            self._confirm(replies[-1], before)
        if failure is not None:
            raise self.failed(failure, before + len(ids)) from failure
        if len(ids) < asked and self.options.max_backlog is not None:
            raise BacklogFull(self.options.stream, self.options.max_backlog, before + len(ids))
        return [entry.decode() if isinstance(entry, bytes) else entry for entry in ids]

    def failed(self, error: Exception, accepted: int) -> ContractError:
        """Return the error of the contract for an error of redis-py."""
        failure = server_error(error, "publish", self.server)
        failure.accepted = accepted
        return failure

    def _confirm(self, reply: Any, before: int) -> None:
        if isinstance(reply, Exception) and not isinstance(reply, ResponseError):
            raise self.failed(reply, before) from reply
        cause = self._doubt(reply)
        if cause:
            failure = NotDurable(cause)
            failure.accepted = before
            raise failure from (reply if isinstance(reply, ResponseError) else None)

    def _doubt(self, reply: Any) -> str:
        """Return why the reply to WAITAOF confirms nothing, empty where it confirms."""
        if not isinstance(reply, ResponseError):
            if int(reply[0]) >= 1:
                return ""
            return (
                f"no fsync within {self.options.durable_timeout_ms} ms (durable_timeout_ms); "
                "the server's disk is slow or appendfsync is 'no'"
            )
        text = str(reply)
        if "unknown command" in text.lower():
            return "the server does not know WAITAOF; it needs Redis 7.2 or Valkey 7.2 or later"
        if "permission" in text.lower():
            return f"{text}; give the user the right +waitaof"
        if "appendonly" in text.lower():
            return f"{text}; set appendonly yes on the server"
        return text


def iterator_of(events: Iterable[Publishable]) -> Iterator[Publishable]:
    """Return an iterator over events.

    Raises:
        InvalidArgument: It is no iterable.
    """
    try:
        return iter(events)
    except TypeError:
        kind = type(events)
        raise InvalidArgument(
            "events", f"of type {kind.__module__}.{kind.__qualname__}", "an iterable of events"
        ) from None


@dataclass(slots=True)
class Chunks:
    """Events drawn from an iterable until a round trip is full.

    A failure of the iterable, or an event that is not valid, ends the drawing; the
    events before are still to be written. `finish` raises the failure afterwards.
    """

    sending: Sending
    done: bool = False
    _bodies: list[bytes] = field(default_factory=list)
    _size: int = 0
    _failure: Exception | None = None

    def draw(self, events: Iterator[Publishable]) -> list[bytes]:
        """Return the next encoded events; empty only at the end."""
        while not self._full():
            try:
                self._take(next(events))
            except StopIteration:
                self.done = True
                break
            except Exception as error:  # noqa: BLE001  any; raised by `finish`
                self._end(error)
                break
        return self._chunk()

    async def draw_async(self, events: AsyncIterator[Publishable]) -> list[bytes]:
        """Return the next encoded events of an asynchronous iterator."""
        while not self._full():
            try:
                self._take(await anext(events))
            except StopAsyncIteration:
                self.done = True
                break
            except Exception as error:  # noqa: BLE001  any; raised by `finish`
                self._end(error)
                break
        return self._chunk()

    def finish(self, accepted: int) -> None:
        """Raise the failure that ended the drawing, if any.

        Args:
            accepted: Number of events that were written.
        """
        if self._failure is None:
            return
        if isinstance(self._failure, ContractError):
            self._failure.accepted = accepted
        else:
            self._failure.add_note(f"{accepted} events of this publish_many were written before")
        raise self._failure

    def _full(self) -> bool:
        return self.done or len(self._bodies) >= CHUNK_EVENTS or self._size >= CHUNK_BYTES

    def _take(self, event: Publishable) -> None:
        body = self.sending.encoded(ingested(event))
        self._bodies.append(body)
        self._size += len(body)

    def _end(self, error: Exception) -> None:
        self._failure, self.done = error, True

    def _chunk(self) -> list[bytes]:
        bodies, self._bodies, self._size = self._bodies, [], 0
        return bodies
