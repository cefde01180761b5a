"""The reading of a stream by a consumer group, without its input and output.

Each entry is delivered until it is acknowledged: by the consumer that got it, or by
another when it was silent for too long.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final, Generic

from redis.exceptions import NoPermissionError, RedisError, ResponseError

from fanmill_contracts.codec import decode
from fanmill_contracts.connections import CONNECTION_ERRORS, RetryWindow
from fanmill_contracts.deliveries import Delivery, EventT, SubscriberOptions, Trouble, TroubleKind
from fanmill_contracts.errors import InvalidEvent, MalformedEvent
from fanmill_contracts.server_errors import server_error
from fanmill_contracts.steps import Pause, Steps, entries, mapping, streams, text
from fanmill_contracts.streams import EVENT_FIELD

SLICE_SECONDS: Final = 1.0
"""Longest time one command waits, so that `stop` takes effect soon."""

_ORIGINAL: Final = b"original:"
_GONE: Final = re.compile(r"NOGROUP|UNBLOCKED|(?i:no such key)")
"""Replies that mean: the group or the whole stream was deleted."""


@dataclass(slots=True)
class Subscription(Generic[EventT]):
    """The state of one consumer of a group; its methods are sequences of commands."""

    options: SubscriberOptions[EventT]
    server: str
    report: Callable[[Trouble], None]
    stopped: bool = False
    troubles: Counter[str] = field(default_factory=Counter)
    _origin: str = ""
    _held: set[str] = field(default_factory=set)
    # Whether a reply may have been lost: entries are ours then that nobody has seen.
    _unsure: bool = True
    _cursor: str = "0-0"
    _next_reclaim: float = 0.0
    _lagging: bool = True
    # Whether the server has answered since the last failure.
    _answered: bool = True

    def read(self, wait_seconds: float) -> Steps[list[Delivery[EventT]]]:
        """Return the next deliveries; empty when none came in time or after `stop`."""
        end = monotonic() + wait_seconds
        window: RetryWindow | None = None
        while True:
            try:
                found = yield from self._poll(end)
            except (*CONNECTION_ERRORS, OSError) as error:
                if window is None or self._answered:
                    window = RetryWindow(self.options.retry_seconds)
                    self._trouble("disconnected", str(error))
                    self._answered = False
                pause = window.pause(error)
                if self.stopped:
                    return []
                if pause is None:
                    raise server_error(error, "subscribe", self.server) from error
                yield Pause(pause)
                continue
            except ResponseError as error:
                if not _GONE.search(f"{getattr(error, 'status_code', '')} {error}"):
                    raise server_error(error, "subscribe", self.server) from error
                yield from self._recreate()
                continue
            except RedisError as error:
                raise server_error(error, "subscribe", self.server) from error
            if found or self.stopped or monotonic() >= end:
                return found

    def ack(self, entry_ids: list[str]) -> Steps[int]:
        """Acknowledge entries; return how many were pending."""
        window = RetryWindow(self.options.retry_seconds)
        while True:
            try:
                count = yield ("XACK", self.options.stream, self.options.group, *entry_ids)
            except (*CONNECTION_ERRORS, OSError) as error:
                pause = window.pause(error)
                if pause is None:
                    raise server_error(error, "acknowledge", self.server) from error
                yield Pause(pause)
                continue
            except RedisError as error:
                raise server_error(error, "acknowledge", self.server) from error
            self._held.difference_update(entry_ids)
            return int(count)

    def leave(self) -> Steps[None]:
        """Remove the consumer from its group if it holds nothing; errors are ignored."""
        own = self.options
        try:
            pending = yield ("XPENDING", own.stream, own.group, "-", "+", 1, own.consumer)
            # With entries its removal would lose them: others reclaim them later.
            if not pending:
                yield ("XGROUP", "DELCONSUMER", own.stream, own.group, own.consumer)
        except (RedisError, OSError):
            return

    def _poll(self, end: float) -> Steps[list[Delivery[EventT]]]:
        if not self._origin:
            yield from self._join()
        if self._unsure:
            found = yield from self._read_own()
            if found:
                return found
        if self._lagging:
            yield from self._count_trimmed()
        if monotonic() >= self._next_reclaim:
            found = yield from self._reclaim()
            if found:
                return found
        return (yield from self._read_new(end))

    def _join(self) -> Steps[None]:
        """Create the group where it does not exist, and remember where it begins."""
        origin = self.options.start
        if origin == "oldest":
            origin = "0-0"
        elif origin == "new":
            newest = entries((yield ("XREVRANGE", self.options.stream, "+", "-", "COUNT", 1)))
            origin = newest[0][0] if newest else "0-0"
        yield from self._create(origin)
        self._origin = origin

    def _create(self, origin: str) -> Steps[None]:
        try:
            yield ("XGROUP", "CREATE", self.options.stream, self.options.group, origin, "MKSTREAM")
        except ResponseError as error:
            if "BUSYGROUP" not in f"{getattr(error, 'status_code', '')} {error}":
                raise

    def _recreate(self) -> Steps[None]:
        self._trouble(
            "group-recreated",
            f"group {self.options.group!r} of {self.options.stream!r} was deleted; it was created "
            f"again at {self._origin}: entries after it are delivered again",
        )
        self._held.clear()
        self._unsure, self._cursor, self._lagging = False, "0-0", True
        try:
            yield from self._create(self._origin)
        except (*CONNECTION_ERRORS, OSError):
            return

    def _read_own(self) -> Steps[list[Delivery[EventT]]]:
        """Read what is pending for this consumer and not known to it."""
        after = "0"
        while True:
            reply = yield (
                "XREADGROUP", "GROUP", self.options.group, self.options.consumer,
                "COUNT", self.options.batch_size, "STREAMS", self.options.stream, after,
            )  # fmt: skip
            page = entries(streams(reply).get(self.options.stream))
            if not page:
                self._unsure = False
                return []
            after = page[-1][0]
            unseen = [entry for entry in page if entry[0] not in self._held]
            found = yield from self._deliver(unseen, again=True)
            if found:
                return found

    def _read_new(self, end: float) -> Steps[list[Delivery[EventT]]]:
        own = self.options
        while not self.stopped:
            left = min(end - monotonic(), SLICE_SECONDS, self._next_reclaim - monotonic())
            waiting: tuple[Any, ...] = ("BLOCK", max(1, int(left * 1000))) if left > 0 else ()
            self._unsure = True
            reply = yield (
                "XREADGROUP", "GROUP", own.group, own.consumer, "COUNT", own.batch_size,
                *waiting, "STREAMS", own.stream, ">",
            )  # fmt: skip
            self._answered = True
            page = entries(streams(reply).get(self.options.stream))
            self._lagging = len(page) == self.options.batch_size
            found = yield from self._deliver(page, again=False)
            self._unsure = False
            if found or not waiting or monotonic() >= self._next_reclaim:
                return found
        return []

    def _reclaim(self) -> Steps[list[Delivery[EventT]]]:
        """Take over entries that were delivered and neither acknowledged nor touched."""
        own = self.options
        idle = int(own.reclaim_after_seconds * 1000)
        self._unsure = True
        reply = yield (
            "XAUTOCLAIM", own.stream, own.group, own.consumer, idle, self._cursor,
            "COUNT", own.batch_size,
        )  # fmt: skip
        self._cursor = text(reply[0])
        if self._cursor == "0-0":
            self._next_reclaim = monotonic() + min(self.options.reclaim_after_seconds / 2, 30.0)
        for removed in reply[2] if len(reply) > 2 else []:  # noqa: PLR2004
            self._report_lost(text(removed))
        found = yield from self._deliver(entries(reply[1]), again=True)
        self._unsure = False
        return found

    def _count_trimmed(self) -> Steps[None]:
        """Report entries that were trimmed before the group read them."""
        self._lagging = False
        try:
            groups = yield ("XINFO", "GROUPS", self.options.stream)
            length = yield ("XLEN", self.options.stream)
        except NoPermissionError:
            return
        for group in map(mapping, groups):
            lag = group.get("lag")
            if (
                text(group["name"]) == self.options.group
                and lag is not None
                and int(lag) > int(length)
            ):
                count = int(lag) - int(length)
                detail = (
                    f"{count} entries of {self.options.stream!r} were trimmed before they were read"
                )
                self._trouble("trimmed", detail, count=count)

    def _deliver(
        self, page: list[tuple[str, dict[bytes, Any] | None]], *, again: bool
    ) -> Steps[list[Delivery[EventT]]]:
        found: list[Delivery[EventT]] = []
        for entry_id, fields in page:
            if fields is None:
                self._report_lost(entry_id)
                yield ("XACK", self.options.stream, self.options.group, entry_id)
                continue
            try:
                event = self._event(fields)
            except InvalidEvent as error:
                self._trouble("malformed", f"entry {entry_id} was skipped: {error}", entry_id)
                yield ("XACK", self.options.stream, self.options.group, entry_id)
                continue
            attempt = (yield from self._attempts(entry_id)) if again else 1
            original = {
                name[len(_ORIGINAL) :].decode("utf-8", "replace"): value
                for name, value in fields.items()
                if name.startswith(_ORIGINAL)
            }
            found.append(Delivery(entry_id, event, attempt, original))
        self._held.update(delivery.entry_id for delivery in found)
        return found

    def _attempts(self, entry_id: str) -> Steps[int]:
        pending = yield ("XPENDING", self.options.stream, self.options.group, entry_id, entry_id, 1)
        return int(pending[0][3]) if pending else 1

    def _event(self, fields: dict[bytes, Any]) -> EventT:
        body = fields.get(EVENT_FIELD.encode(), b"")
        event = decode(body)
        if not isinstance(event, self.options.kind):
            expected = self.options.kind.model_fields["type"].default
            raise MalformedEvent("type", repr(event.type), repr(expected))
        return event

    def _report_lost(self, entry_id: str) -> None:
        self._held.discard(entry_id)
        self._trouble("lost", f"entry {entry_id} was removed before it was acknowledged", entry_id)

    def _trouble(
        self, kind: TroubleKind, detail: str, entry_id: str | None = None, count: int = 1
    ) -> None:
        self.troubles[kind] += count
        self.report(Trouble(kind, detail, entry_id, count))
