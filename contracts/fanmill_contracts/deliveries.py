"""The entries that a subscriber delivers, the troubles it reports, its arguments."""

import logging
import re
import socket
from dataclasses import dataclass, field
from os import getpid
from secrets import token_hex
from typing import Final, Generic, Literal, TypeVar

from fanmill_contracts.errors import InvalidArgument
from fanmill_contracts.events import DocumentProcessed, DocumentRejected
from fanmill_contracts.streams import StreamNames

log: Final = logging.getLogger("fanmill_contracts.subscriber")

_NAME: Final = re.compile(r"[^\x00-\x20\x7f]{1,256}")
_ENTRY_ID: Final = re.compile(r"\d{1,20}-\d{1,20}")

EventT = TypeVar("EventT", DocumentProcessed, DocumentRejected)

TroubleKind = Literal["malformed", "lost", "trimmed", "group-recreated", "disconnected"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something a subscriber met and survived.

    Attributes:
        kind: `malformed`: an entry holds no event of the kind; it was acknowledged and
            skipped. `lost`: an entry was removed from the stream after its delivery and
            before it was acknowledged. `trimmed`: entries were removed before the group
            read them. `group-recreated`: the group or the stream was deleted; the group
            was created again where it had begun. `disconnected`: the connection was lost.
        detail: Explanation for people, without texts of documents.
        entry_id: The entry concerned, None where it is not one entry.
        count: Number of entries concerned.
    """

    kind: TroubleKind
    detail: str
    entry_id: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Delivery(Generic[EventT]):
    """An entry of the stream on its way to a handler.

    Attributes:
        entry_id: Id of the entry: its position in the stream, and the key to be
            idempotent by.
        event: The event.
        attempt: How often the entry has been delivered, 1 for the first time.
        original: For a rejection the fields of the rejected ledger entry by name;
            empty for other events.
    """

    entry_id: str
    event: EventT
    attempt: int = 1
    original: dict[str, bytes] = field(default_factory=dict)


def log_trouble(trouble: Trouble) -> None:
    """Write a trouble to the log `fanmill_contracts.subscriber`."""
    log.warning("%s: %s", trouble.kind, trouble.detail)


@dataclass(frozen=True, slots=True)
class SubscriberOptions(Generic[EventT]):
    """The checked arguments of a subscriber.

    Raises:
        InvalidArgument: An argument is out of its range.
    """

    kind: type[EventT]
    group: str
    consumer: str
    namespace: str
    start: str
    batch_size: int
    reclaim_after_seconds: float
    retry_seconds: float

    def __post_init__(self) -> None:
        StreamNames(self.namespace)
        for name in ("group", "consumer"):
            if not _NAME.fullmatch(getattr(self, name)):
                value = repr(getattr(self, name))[:80]
                raise InvalidArgument(name, value, "1 to 256 characters without white space")
        if self.start not in ("oldest", "new") and not _ENTRY_ID.fullmatch(self.start):
            expected = "'oldest', 'new', or the id of an entry such as '1763000000000-0'"
            raise InvalidArgument("start", repr(self.start)[:80], expected)
        if not 1 <= self.batch_size <= 10_000:  # noqa: PLR2004
            raise InvalidArgument("batch_size", str(self.batch_size), "1 to 10000 entries")
        if not self.reclaim_after_seconds >= 1:
            raise InvalidArgument(
                "reclaim_after_seconds", str(self.reclaim_after_seconds), "at least 1 second"
            )
        if not self.retry_seconds >= 0:
            raise InvalidArgument("retry_seconds", str(self.retry_seconds), "0 or more seconds")
        if self.kind not in (DocumentProcessed, DocumentRejected):
            raise InvalidArgument(
                "events", repr(self.kind)[:80], "DocumentProcessed or DocumentRejected"
            )

    @property
    def stream(self) -> str:
        """Name of the stream that holds the events."""
        names = StreamNames(self.namespace)
        return names.processed if self.kind is DocumentProcessed else names.rejected


def consumer_name() -> str:
    """Return a name that no other consumer has: host, process and a random part."""
    return f"{socket.gethostname()}-{getpid()}-{token_hex(4)}"
