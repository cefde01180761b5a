"""The data of one Redis server, shared by the stores in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from fanmill.core.corpus.aggregate import GroupKey
from fanmill.core.entry_ids import order_of
from fanmill.core.trends import Counts
from fanmill.ports import (
    RejectedEntry,
    StageResult,
)
from fanmill_contracts import (
    DocumentProcessed,
    DocumentResult,
    RejectionReason,
)
from fanmill_contracts.streams import EVENT_FIELD
from fanmill_contracts.terms import Stage


@dataclass(slots=True)
class Pending:
    """An entry that was read and is not complete."""

    consumer: str
    since: float
    deliveries: int = 1


@dataclass(slots=True)
class Work:
    """The stage results of one entry in flight."""

    record_prefix: str
    event_prefix: str
    revision: int
    results: dict[Stage, StageResult] = field(default_factory=dict)
    attempts: dict[Stage, int] = field(default_factory=dict)
    causes: dict[Stage, RejectionReason] = field(default_factory=dict)
    released: set[Stage] = field(default_factory=set)
    lost: bool = False
    span: str | None = None


@dataclass(slots=True)
class Document:
    """The record of one document, and the state of its newest event."""

    newest: str
    state: Literal["received", "complete", "rejected"] = "received"
    revisions: int = 0
    entry: str | None = None
    record: DocumentResult | None = None
    fingerprint: bytes = b""
    rejection: str | None = None


@dataclass(slots=True)
class TermCounts:
    """Document frequencies of one language: by the hour, and decayed as of `seconds`."""

    seconds: int
    documents: float = 0.0
    usual: dict[str, float] = field(default_factory=dict)
    hours: dict[int, Counts] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    """Counts of one failure group."""

    facts: dict[str, str]
    first_ms: int
    last_ms: int = 0
    sample: str | None = None
    open: int = 0
    ever: int = 0
    hours: dict[int, int] = field(default_factory=dict)


class MemoryServer:
    """The data of one Redis server, shared by the stores in memory.

    Args:
        now: Seconds since 1970, the server's clock.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.ledger: dict[str, dict[str, bytes]] = {}
        self.unread: list[str] = []
        self.pending: dict[str, Pending] = {}
        self.added = 0
        self.read = 0
        self.work: dict[str, Work] = {}
        self.documents: dict[str, Document] = {}
        self.events: dict[tuple[str, str], str] = {}
        self.processed: list[DocumentProcessed] = []
        self.rejected: dict[str, RejectedEntry] = {}
        self.failed: set[str] = set()
        self.groups: dict[str, Group] = {}
        self.replayed: dict[str, RejectedEntry] = {}
        self.express: list[str] = []
        self.completions: dict[str, float] = {}
        self.data_points: list[str] = []
        self.aggregates: dict[GroupKey, bytes] = {}
        self.trends: dict[str, TermCounts] = {}
        self._last = (0, 0)

    def add(self, body: bytes, name: str = EVENT_FIELD) -> str:
        """Write one entry to the ledger, as XADD does, and return its id."""
        return self.write({name: body})

    def write(self, fields: Mapping[str, bytes], entry_id: str | None = None) -> str:
        """Write one entry of several fields, under an id of its own if one is given."""
        entry_id = entry_id or self.next_id()
        self._last = order_of(entry_id)
        self.ledger[entry_id] = dict(fields)
        self.unread.append(entry_id)
        self.added += 1
        return entry_id

    def next_id(self) -> str:
        """Return an id above all earlier ones."""
        now = (int(self.now() * 1000), 0)
        milliseconds, sequence = self._last
        self._last = now if now > self._last else (milliseconds, sequence + 1)
        return f"{self._last[0]}-{self._last[1]}"

    def remove(self, entry_id: str) -> None:
        """Acknowledge and delete an entry and its work."""
        self.pending.pop(entry_id, None)
        self.ledger.pop(entry_id, None)
        self.work.pop(entry_id, None)
