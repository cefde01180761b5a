"""The rejections in memory, for operators."""

from collections.abc import Iterator
from dataclasses import replace

from fanmill.core.entry_ids import order_of
from fanmill.ports import FailureGroup, NotReplayable, RejectedEntry
from fanmill.stores.event_field import event_body
from fanmill.stores.samples import with_samples
from fanmill.testing.failure_groups import leave_group, list_groups
from fanmill.testing.server import MemoryServer
from fanmill_contracts import (
    InvalidEvent,
    decode_ingested,
)


class MemoryRejections:
    """`fanmill.ports.Rejections` in memory."""

    def __init__(self, server: MemoryServer) -> None:
        self._server = server

    def entries(
        self, after: str | None = None, limit: int | None = None
    ) -> Iterator[RejectedEntry]:
        """Return rejected entries without their originals; see the port."""
        behind = [
            entry
            for entry in self._server.rejected.values()
            if after is None or order_of(entry.id) > order_of(after)
        ]
        yield from (replace(entry, original={}) for entry in behind[:limit])

    def of_document(self, document_id: str) -> Iterator[RejectedEntry]:
        """Return the rejections that name a document; see the port."""
        return (entry for entry in self.entries() if entry.event.data.document_id == document_id)

    def get(self, rejected_id: str) -> RejectedEntry | None:
        """Return one entry with its original; None when there is none of this id."""
        return self._server.rejected.get(rejected_id) or self._server.replayed.get(rejected_id)

    def replay(self, rejected_id: str) -> str | None:
        """Put the original back on the ledger and remove the rejection; see the port."""
        server = self._server
        entry = server.rejected.get(rejected_id)
        if entry is None:
            return None
        if not entry.original or entry.cut_bytes is not None:
            raise NotReplayable(rejected_id, entry.cut_bytes)
        self.drop(rejected_id)
        body = event_body(entry.original)
        if body is not None:
            try:
                event = decode_ingested(body)
            except InvalidEvent:
                pass
            else:
                server.events.pop((event.source, event.id), None)
        return server.write(entry.original)

    def drop(self, rejected_id: str) -> bool:
        """Remove one rejection for good; False when there is none of this id."""
        self._server.failed.discard(rejected_id)
        entry = self._server.rejected.pop(rejected_id, None)
        if entry is None:
            return False
        leave_group(self._server, entry.group, rejected_id)
        return True

    def groups(self) -> list[FailureGroup]:
        """Return the failure groups, the one with the latest rejection first; see the port."""
        return with_samples(list_groups(self._server), self.entries)

    def now_ms(self) -> int:
        """Return the server's time in ms since 1970."""
        return int(self._server.now() * 1000)

    def count(self) -> int:
        """Return how many there are."""
        return len(self._server.rejected)

    def count_failed(self) -> int:
        """Return how many of them a stage rejected; see the port."""
        return len(self._server.failed)
