"""Compression of records that were just stored: a quarter of their memory remains."""

from collections.abc import Sequence
from contextlib import suppress

from redis import Redis
from redis.exceptions import RedisError

from fanmill.ports import StageResult
from fanmill.stores.keys import Keys
from fanmill.stores.script import load
from fanmill_contracts.stored_records import compressed


def compress_records(redis: Redis, keys: Keys, kept: Sequence[tuple[StageResult, bytes]]) -> None:
    """Replace records, given as JSON with the stage result that completed them.

    The commit comes first and alone completes a document. If this step fails or its process
    dies, the records stay uncompressed and readable.
    """
    if not kept:
        return
    documents = [keys.document(result.document_id) for result, _ in kept]
    arguments: list[str | bytes] = []
    for result, record in kept:
        arguments += (result.entry_id, compressed(record))
    with suppress(RedisError):
        load("redis", "compress").run(redis, documents, arguments)
