"""Texts that the server still has: of documents in work, and of rejected events."""

from typing import Any

from redis import Redis

from fanmill.stores.event_field import event_body
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.redis.rejections import RedisRejections
from fanmill_contracts import ContractError, DocumentIngested
from fanmill_contracts.codec import decode_ingested


def kept_event(redis: Redis, keys: Keys, document_id: str) -> DocumentIngested | None:
    """Return the newest event of a document with its text, if the server keeps it.

    The ledger has it until the document is complete; a rejection until it is replayed or dropped.
    None if neither has it, or not as a whole.
    """
    found: Any = redis.hmget(keys.document(document_id), ["newest", "rejection"])
    newest, rejection = found
    fields: dict[str, bytes] = {}
    if newest is not None:
        entries: Any = redis.xrange(keys.ingested, text(newest), text(newest))
        fields = {text(name): value for _, values in entries for name, value in values.items()}
    if not fields and rejection is not None:
        rejected = RedisRejections(redis, keys).get(text(rejection))
        if rejected is not None and rejected.cut_bytes is None:
            fields = dict(rejected.original)
    body = event_body(fields) if fields else None
    if body is None:
        return None
    try:
        event = decode_ingested(body)
    except ContractError:
        return None
    return event if event.data.document_id == document_id else None
