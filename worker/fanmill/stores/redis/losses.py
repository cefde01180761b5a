"""The number of entries that other programs removed from the ledger unread."""

from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from fanmill.stores.keys import GROUP, Keys


def lost_unread(redis: Redis, keys: Keys) -> int:
    """Return how many entries were lost unread since the namespace began; writes nothing.

    They were added, never read, and are no longer there: XTRIM, `XADD ... MAXLEN`, XDEL or
    DEL by another program. Entries lost while in work are counted too until intake has
    rejected them, which takes seconds. 0 for a namespace that does not exist.

    Formula: entries-added - entries read - (length - pending), plus the losses before the
    consumer group was last made. An intake observes the ledger each second, so a stream that
    is deleted counts with what waited in it a second before.
    """
    with redis.pipeline(transaction=True) as pipe:
        pipe.xinfo_stream(keys.ingested)
        pipe.xpending(keys.ingested, GROUP)
        pipe.hmget(keys.reading, ["read", "lost", "added", "unread", "current"])
        stream, pending, known = pipe.execute(raise_on_error=False)
    if isinstance(known, Exception):
        raise known
    read, lost, added_before, unread_before, current = (int(value or 0) for value in known)
    for answer in (stream, pending):
        if isinstance(answer, ResponseError):
            # Neither stream nor group: an intake that runs will make them.
            return lost + current + (unread_before if added_before else 0)
        if isinstance(answer, Exception):
            raise answer
    facts: dict[str, Any] = stream
    waiting = max(0, int(facts["length"]) - int(pending["pending"]))
    return lost + max(0, int(facts["entries-added"]) - read - waiting)
