"""Outcomes of the documents of a `Mill`."""

from builders import Mill
from fanmill.ports import StoredDocument
from fanmill_contracts import DocumentResult


def stored(mill: Mill, document_id: str) -> StoredDocument:
    found = mill.stores.records.get(document_id)
    assert found is not None
    return found


def record(mill: Mill, document_id: str) -> DocumentResult:
    found = stored(mill, document_id)
    assert found.state == "complete"
    assert found.result is not None
    return found.result


def nothing_is_left(mill: Mill) -> None:
    assert mill.stores.waiting() == []
    assert mill.stores.works() == 0
    assert mill.stores.ledger.in_flight() == 0
