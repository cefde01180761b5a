"""The results in memory, for readers."""

from collections.abc import Iterator
from datetime import UTC, datetime

from fanmill.ports import (
    StoredDocument,
    StoredFingerprint,
)
from fanmill.testing.server import MemoryServer
from fanmill_contracts import (
    DocumentResult,
)


class MemoryRecords:
    """`fanmill.ports.Records` in memory."""

    def __init__(self, server: MemoryServer) -> None:
        self._server = server

    def get(self, document_id: str) -> StoredDocument | None:
        """Return what is known of a document; None for an unknown one."""
        document = self._server.documents.get(document_id)
        if document is None:
            return None
        return StoredDocument(
            document_id, document.state, document.revisions, document.record, document.rejection
        )

    def completed(self, since: datetime | None, limit: int | None) -> Iterator[DocumentResult]:
        """Return results in order of completion, from `since` on; the oldest first."""
        server = self._server
        given = 0
        for document_id, moment in list(server.completions.items()):
            if limit is not None and given == limit:
                return
            record = server.documents[document_id].record
            if record is None or (
                since is not None and datetime.fromtimestamp(moment, UTC) < since
            ):
                continue
            given += 1
            yield record

    def fingerprints(self) -> Iterator[StoredFingerprint]:
        """Return the fingerprints of all documents with a result, in order of completion."""
        for document_id in list(self._server.completions):
            document = self._server.documents[document_id]
            if document.record is not None:
                yield StoredFingerprint.of(document.record, document.fingerprint)

    def count(self) -> int:
        """Return how many documents have a result."""
        return len(self._server.completions)
