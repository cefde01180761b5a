"""A new ledger for a stream whose last id is far ahead of the clock.

An entry with an id of its own may carry the ledger's ids beyond the clock, as far as the
last possible id; then XADD refuses every event. Ids never go back within a stream, so the
cure is a new stream. Producers may go on meanwhile; intakes must be stopped.
"""

from collections.abc import Iterator
from typing import Any, Final

from redis import Redis

from fanmill.core.entry_ids import order_of
from fanmill.stores.keys import GROUP, Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.script import load

_PAGE: Final = 500
_EARLIEST: Final = "0-1"


class EntriesInFlight(Exception):
    """Entries are read and not complete, so the ledger must stay where it is."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count

    def __str__(self) -> str:
        return (
            f"entries of the ledger in flight: {self.count:,}; stop every intake, let the "
            "workers go on until `fanmill status` shows none in flight, and try again"
        )


def seconds_ahead(redis: Redis, keys: Keys) -> float:
    """Return by how many seconds the ledger's last id is ahead of the server's clock.

    0.0 if it is not, or if there is no ledger.
    """
    if not redis.exists(keys.ingested):
        return 0.0
    stream: Any = redis.xinfo_stream(keys.ingested)
    last = order_of(text(stream["last-generated-id"]))[0]
    return max(0.0, (last - _now_ms(redis)) / 1000)


def repair_stream(redis: Redis, keys: Keys) -> Iterator[int]:
    """Move what waits in the ledger to a new stream; yield the number moved so far.

    Each entry moves in one atomic act, in its order, behind what producers have written
    meanwhile. A repair that was interrupted goes on where it stopped. Yields at least once.

    Raises:
        EntriesInFlight: Nothing was changed.
    """
    in_flight = load("redis", "set_aside").run(
        redis, [keys.ingested, keys.set_aside, keys.reading], [GROUP]
    )
    if in_flight:
        raise EntriesInFlight(in_flight)
    load("redis", "open").run(redis, [keys.ingested, keys.reading], [GROUP])
    _forget_later_ids(redis, keys)
    moved = 0
    yield moved
    # Entry by entry: an entry may have any size.
    while page := redis.xrange(keys.set_aside, count=1):
        entries: Any = page
        ((entry_id, fields),) = entries
        with redis.pipeline(transaction=True) as pipe:
            pipe.xadd(keys.ingested, fields)
            pipe.xdel(keys.set_aside, entry_id)
            pipe.execute()
        moved += 1
        yield moved
    redis.delete(keys.set_aside)


def _forget_later_ids(redis: Redis, keys: Keys) -> None:
    # Otherwise no event to come would be newer than the one that carried a later id.
    now = _now_ms(redis)
    documents = redis.scan_iter(match=keys.document("*"), count=_PAGE)
    for document in documents:
        known: Any = redis.hmget(document, ["newest", "entry"])
        for name, entry_id in zip(("newest", "entry"), known, strict=True):
            if entry_id is not None and order_of(text(entry_id))[0] > now:
                redis.hset(document, name, _EARLIEST)


def _now_ms(redis: Redis) -> int:
    seconds, microseconds = redis.time()
    return int(seconds) * 1000 + int(microseconds) // 1000
