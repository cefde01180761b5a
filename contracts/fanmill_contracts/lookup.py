"""The questions that `Results` and `AsyncResults` ask, without input and output."""

from contextlib import suppress
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any, Final, Literal, cast

from fanmill_contracts.codec import decode
from fanmill_contracts.errors import (
    ContractError,
    DocumentNotCompleted,
    InvalidArgument,
    InvalidEvent,
    PositionLost,
    ResultTimeout,
    ServerRefused,
)
from fanmill_contracts.events import DocumentProcessed, DocumentRejected
from fanmill_contracts.results import DocumentResult
from fanmill_contracts.steps import Pause, Steps, command, entries, order, streams, text
from fanmill_contracts.stored_records import stored_record
from fanmill_contracts.streams import EVENT_FIELD, StreamNames

_PAGE: Final = 100
_SLICE_SECONDS: Final = 1.0
"""Longest time one command waits: far less than the time-out of a socket."""

_CHECK_SECONDS: Final = 0.02
"""Pause between two looks at a document while others are being completed all the time."""

State = Literal["received", "complete", "rejected"]


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """The state of one document.

    Attributes:
        document_id: The document.
        state: State of its newest event: `received`, `complete` or `rejected`.
        revisions: Number of events of this document that were accepted.
        newest: Ledger entry of its newest event.
        entry: Ledger entry of the event that `result` belongs to; None without a result.
        result: Record of its newest completed event; None before the first one.
        rejection: Entry in the stream of rejected events; None unless `rejected`.
    """

    document_id: str
    state: State
    revisions: int
    newest: str | None
    entry: str | None
    result: DocumentResult | None
    rejection: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    """A completed document and the position of its event in the stream.

    Attributes:
        position: Entry id; give it as `after` to go on behind this document.
        event: The event, with the whole record as `data`.
    """

    position: str
    event: DocumentProcessed


@dataclass(slots=True)
class Lookup:
    """The questions of one client; its methods are sequences of commands."""

    names: StreamNames
    server: str
    retry_seconds: float
    read_rejections: bool = True
    malformed: int = 0

    def status(self, document_id: str) -> Steps[DocumentStatus | None]:
        """Return the status of a document, None for an unknown or expired one."""
        reply = yield from self._ask("HMGET", self.names.document(document_id), *_FIELDS)
        state, revisions, newest, entry, record, rejection = reply
        if state is None:
            return None
        return DocumentStatus(
            document_id=document_id,
            state=cast("State", text(state)),
            revisions=int(revisions or 0),
            newest=None if newest is None else text(newest),
            entry=None if entry is None else text(entry),
            result=None if record is None else stored_record(record),
            rejection=None if rejection is None else text(rejection),
        )

    def wait(self, document_id: str, seconds: float, entry_id: str | None) -> Steps[DocumentResult]:
        """Return the record of a document as soon as there is one."""
        if not seconds >= 0:
            raise InvalidArgument("wait_seconds", str(seconds), "0 or more seconds")
        wanted = None if entry_id is None else _position("entry_id", entry_id)
        end = monotonic() + seconds
        while True:
            # The end of the stream comes first: no result falls between question and wait.
            stream = self.names.processed
            newest = entries((yield from self._ask("XREVRANGE", stream, "+", "-", "COUNT", 1)))
            status = yield from self.status(document_id)
            result = yield from self._outcome(status, wanted)
            if result is not None:
                return result
            left = end - monotonic()
            if left <= 0:
                state = "unknown" if status is None else status.state
                raise ResultTimeout(document_id, seconds, state)
            yield from self._ask(
                "XREAD", "COUNT", 1, "BLOCK", max(1, int(min(left, _SLICE_SECONDS) * 1000)),
                "STREAMS", stream, newest[0][0] if newest else "0-0",
            )  # fmt: skip
            yield Pause(min(_CHECK_SECONDS, max(0.0, end - monotonic())))

    def oldest(self) -> Steps[str]:
        """Return the oldest entry of the processed stream, empty where there is none."""
        found = entries(
            (yield from self._ask("XRANGE", self.names.processed, "-", "+", "COUNT", 1))
        )
        return found[0][0] if found else ""

    def page(self, after: str, wait_seconds: float) -> Steps[tuple[str, list[Finished]]]:
        """Return the next completed documents after a position, and the new position.

        Raises:
            PositionLost: The entry at `after` is gone, and with it maybe later ones.
        """
        end = monotonic() + wait_seconds
        position = after
        while True:
            if _position("after", position) > (0, 0):
                at = yield from self._ask("XRANGE", self.names.processed, position, position)
                oldest = "" if at else (yield from self.oldest())
                if not at and (not oldest or order(oldest) > order(position)):
                    newest = yield from self._last_id()
                    if order(newest) > order(position):
                        raise PositionLost(self.names.processed, position, oldest)
            left = min(end - monotonic(), _SLICE_SECONDS)
            waiting = ("BLOCK", max(1, int(left * 1000))) if left > 0 else ()
            reply = yield from self._ask(
                "XREAD", "COUNT", _PAGE, *waiting, "STREAMS", self.names.processed, position
            )
            found: list[Finished] = []
            for entry_id, fields in entries(streams(reply).get(self.names.processed)):
                position = entry_id
                event = self._event(fields or {})
                if event is not None:
                    found.append(Finished(entry_id, event))
            if found or monotonic() >= end:
                return position, found

    def _last_id(self) -> Steps[str]:
        """Return the last id the processed stream gave out, also when its entry is gone."""
        try:
            info = yield from self._ask("XINFO", "STREAM", self.names.processed)
        except ContractError:
            # No stream, or no right to ask: entries may have been lost.
            return f"{2**63}-0"
        pairs = info if isinstance(info, dict) else dict(zip(info[::2], info[1::2], strict=True))
        found = {text(name): value for name, value in pairs.items()}
        return text(found["last-generated-id"])

    def _event(self, fields: dict[bytes, Any]) -> DocumentProcessed | None:
        try:
            event = decode(fields.get(EVENT_FIELD.encode(), b""))
        except InvalidEvent:
            event = None
        if isinstance(event, DocumentProcessed):
            return event
        self.malformed += 1
        return None

    def _outcome(
        self, status: DocumentStatus | None, wanted: tuple[int, int] | None
    ) -> Steps[DocumentResult | None]:
        if status is None:
            return None
        fresh = wanted is None or (status.entry is not None and order(status.entry) >= wanted)
        if status.result is not None and fresh:
            return status.result
        newest = (0, 0) if status.newest is None else order(status.newest)
        if status.state == "rejected" and status.rejection and (wanted is None or newest >= wanted):
            reason, error = yield from self._cause(status.rejection)
            raise DocumentNotCompleted(status.document_id, status.rejection, reason, error)
        return None

    def _cause(self, rejection: str) -> Steps[tuple[str, str]]:
        """Return reason and error of a rejection, as far as they may and can be read."""
        found: list[Any] = []
        if self.read_rejections:
            with suppress(ServerRefused):
                found = entries(
                    (yield from self._ask("XRANGE", self.names.rejected, rejection, rejection))
                )
        if found and found[0][1]:
            with suppress(InvalidEvent):
                event = decode(found[0][1].get(EVENT_FIELD.encode(), b""))
                if isinstance(event, DocumentRejected):
                    return event.data.reason, event.data.error
        return "unknown", ""

    def _ask(self, *arguments: Any) -> Steps[Any]:
        return (yield from command("read results", self.server, self.retry_seconds, *arguments))


_FIELDS: Final = ("state", "revisions", "newest", "entry", "record", "rejection")


def follow_seconds(value: float | None) -> float:
    """Return how long one page of an iteration waits: 0 for none, None for any time."""
    if value is None:
        return inf
    if not value >= 0:
        raise InvalidArgument("wait_seconds", str(value), "None (any time) or 0 or more seconds")
    return value


def _position(name: str, value: str) -> tuple[int, int]:
    try:
        return order(value)
    except (ValueError, AttributeError):
        expected = "the id of an entry such as '1763000000000-0'"
        raise InvalidArgument(name, repr(value)[:80], expected) from None
