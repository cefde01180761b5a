"""Events as producers write them."""

from json import dumps
from typing import Any

from fanmill_contracts import DocumentIngested

SOURCE = "/tests"


def ingested(
    document_id: str = "doc-1", text: str = "The mill stands on the river.", **more: Any
) -> DocumentIngested:
    """Return a valid event; `more` as in `DocumentIngested.create`."""
    return DocumentIngested.create(document_id, text, **{"source": SOURCE, **more})


def raw_event(**changes: Any) -> dict[str, Any]:
    """Return a small valid event as a producer without Python would write it.

    Keyword arguments replace or add members; `data` is merged; `...` removes one.
    """
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": "event-1",
        "source": SOURCE,
        "type": "fanmill.document.ingested.v1",
        "data": {"document_id": "doc-1", "text": "The mill stands on the river."},
    }
    data = changes.pop("data", {})
    event.update(changes)
    event["data"] = {**event["data"], **data} if isinstance(data, dict) else data
    if isinstance(event["data"], dict):
        event["data"] = {key: value for key, value in event["data"].items() if value is not ...}
    return {key: value for key, value in event.items() if value is not ...}


def raw_body(**changes: Any) -> bytes:
    """Return `raw_event` as the bytes in the ledger."""
    return dumps(raw_event(**changes), ensure_ascii=False).encode()
