"""The open rejections of failure groups, counted anew after other programs removed some.

The scripts of fanmill keep the counts exact. Another program that trims the rejected stream does
not tell; its removals show in the length of the stream.
"""

from collections import Counter
from typing import Any, Final

from redis import Redis

from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.script import load

_PAGE: Final = 500
"""Rejections that one call counts: it blocks the server for some milliseconds."""

_BEHIND: Final = 2000
"""Rejections since the last page that the correcting script counts itself."""


def uncounted(redis: Redis, keys: Keys) -> int:
    """Return the number of rejections less the open ones of all groups.

    Below 0 when another program removed rejections, above 0 when it wrote entries of its own.
    """
    answer: Any = load("redis", "measure_groups").run(redis, [keys.rejected, keys.groups], [])
    return int(answer)


def recount(redis: Redis, keys: Keys) -> int | None:
    """Correct the open rejections of all groups; return how many groups were wrong.

    None if rejections were removed meanwhile: nothing was changed, and another call may succeed.
    It reads the whole stream, page by page.
    """
    counts: Counter[str] = Counter()
    last = "0-0"
    while True:
        answer: Any = load("redis", "count_groups").run(redis, [keys.rejected], [f"({last}", _PAGE])
        at, flat = answer
        if not at:
            break
        last = text(at)
        pairs = iter(flat)
        for group, number in zip(pairs, pairs, strict=True):
            counts[text(group)] += number
    arguments = [part for pair in counts.items() for part in pair]
    corrected: Any = load("redis", "recount_groups").run(
        redis, [keys.rejected, keys.groups], [last, _BEHIND, *arguments]
    )
    return None if corrected < 0 else int(corrected)
