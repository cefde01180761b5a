"""Bytes that a document takes in Redis: waiting, in flight, completed, rejected."""

from typing import Any, Final

from memory_service import (
    INTAKE,
    TEXT_BYTES,
    WORKER,
    counted,
    documents,
    keys_of,
    place,
    wait,
    wait_completed,
)
from processes import running
from redis import Redis
from service import say

from fanmill_contracts import Publisher

REDIS_WARM_UP: Final = 3_000
"""Documents before the measured ones: counts of terms are bounded, and full by then."""
REDIS_DOCUMENTS: Final = 2_000


def of_redis() -> dict[str, Any]:
    """Return the bytes that a completed document takes in Redis, by kind of key and in all."""
    with (
        place() as where,
        running(WORKER, where.environment, "worker"),
        running(INTAKE, where.environment, "intake"),
    ):
        keys, redis = keys_of(where), where.redis
        publisher = Publisher(client=redis)
        warm = publisher.publish_many(documents(("en",), REDIS_WARM_UP, "warm"))
        wait_completed(redis, keys.counters, warm)
        before, kinds_before = used(redis), by_kind(redis)
        publisher.publish_many(documents(("en",), REDIS_DOCUMENTS, "measured"))
        wait_completed(redis, keys.counters, warm + REDIS_DOCUMENTS)
        after, kinds = used(redis), by_kind(redis)
    grown = {
        kind: round((size - kinds_before.get(kind, 0)) / REDIS_DOCUMENTS)
        for kind, size in kinds.items()
    }
    row = {
        "text_bytes": TEXT_BYTES,
        "documents": REDIS_DOCUMENTS,
        "bytes_per_document": round((after - before) / REDIS_DOCUMENTS),
        "by_kind": {
            kind: size
            for kind, size in sorted(grown.items(), key=lambda each: -each[1])
            if size >= 10
        },
    }
    say(f"  Redis: {row['bytes_per_document']:,} bytes for a document; {row['by_kind']}")
    return row


def of_waiting() -> dict[str, int]:
    """Return the bytes in Redis of an event that waits, is in flight, or was rejected."""
    with place() as where:
        where.environment["FANMILL_MAX_IN_FLIGHT"] = str(10 * REDIS_DOCUMENTS)
        keys, redis = keys_of(where), where.redis
        empty = used(redis)
        Publisher(client=redis).publish_many(documents(("en",), REDIS_DOCUMENTS, "waiting"))
        waiting = used(redis)
        with running(INTAKE, where.environment, "intake"):
            wait(lambda: counted(redis, keys, "admitted") == REDIS_DOCUMENTS, "all admitted")
            in_flight = used(redis)
    with place() as where:
        keys, redis = keys_of(where), where.redis
        before = used(redis)
        body = b'{"specversion": "1.0", "text": "%s"' % (b"a" * TEXT_BYTES)
        for _ in range(REDIS_DOCUMENTS // 4):
            redis.xadd(keys.ingested, {"event": body})
        with running(INTAKE, where.environment, "intake"):
            wait(lambda: not redis.xlen(keys.ingested), "all rejected")
            rejected = used(redis)
    return {
        "waiting": round((waiting - empty) / REDIS_DOCUMENTS),
        "in flight": round((in_flight - waiting) / REDIS_DOCUMENTS),
        "rejected": round((rejected - before) / (REDIS_DOCUMENTS // 4)),
    }


def used(redis: Redis) -> int:
    """Return what the server has allocated for data and clients, in bytes."""
    info: Any = redis.info("memory")
    return int(info["used_memory"])


def by_kind(redis: Redis) -> dict[str, int]:
    """Return the bytes of all keys by the word behind the namespace."""
    sizes: dict[str, int] = {}
    for key in redis.scan_iter(count=1000):
        kind = [*key.decode().split(":"), "queues"][1]
        size: Any = redis.memory_usage(key, samples=0)
        sizes[kind] = sizes.get(kind, 0) + int(size or 0)
    return sizes
