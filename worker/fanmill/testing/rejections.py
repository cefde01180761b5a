"""The dead letters in memory, for operators."""

from collections.abc import Iterator

from fanmill.core.entry_ids import order_of
from fanmill.ports import (
    RejectedEntry,
)
from fanmill.testing.server import MemoryServer
from fanmill_contracts import (
    InvalidEvent,
    decode_ingested,
)
from fanmill_contracts.streams import EVENT_FIELD


class MemoryRejections:
    """`fanmill.ports.Rejections` in memory."""

    def __init__(self, server: MemoryServer) -> None:
        self._server = server

    def entries(
        self, after: str | None = None, limit: int | None = None
    ) -> Iterator[RejectedEntry]:
        """Return rejected entries, the oldest first, from behind `after` on."""
        behind = [
            entry
            for entry in self._server.rejected.values()
            if after is None or order_of(entry.id) > order_of(after)
        ]
        yield from behind[:limit]

    def get(self, rejected_id: str) -> RejectedEntry | None:
        """Return one entry; None when there is none of this id."""
        return self._server.rejected.get(rejected_id)

    def replay(self, rejected_id: str) -> str | None:
        """Put the original back on the ledger and remove the rejection; see the port."""
        server = self._server
        entry = server.rejected.pop(rejected_id, None)
        if entry is None:
            return None
        body = entry.original.get(EVENT_FIELD)
        if body is not None:
            try:
                event = decode_ingested(body)
            except InvalidEvent:
                pass
            else:
                server.events.pop((event.source, event.id), None)
        entry_id = server.next_id()
        server.ledger[entry_id] = dict(entry.original)
        server.unread.append(entry_id)
        return entry_id

    def drop(self, rejected_id: str) -> bool:
        """Remove one rejection for good; False when there is none of this id."""
        return self._server.rejected.pop(rejected_id, None) is not None

    def count(self) -> int:
        """Return how many there are."""
        return len(self._server.rejected)
