"""The counts of failure groups on Redis.

A group is a hash of at most 55 fields, some 700 bytes: facts, numbers, first and last id, and
a ring of 24 hours. There are at most 1,000 groups and `others`, so they take less than 1 MB.
"""

from typing import Any, Final

from pydantic_core import from_json
from redis import Redis

from fanmill.core.entry_ids import order_of
from fanmill.ports import FailureGroup
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.script import load

TREND_HOURS: Final = 24

_HOUR_MS: Final = 3_600_000


def list_groups(redis: Redis, keys: Keys) -> list[FailureGroup]:
    """Return the failure groups, the one with the latest rejection first."""
    answers: Any = load("redis", "list_groups").run(redis, [keys.groups], [])
    if not answers:
        return []
    seconds, _ = redis.time()
    hour = int(seconds) * 1000 // _HOUR_MS
    return [_group(text(group), fields, hour) for group, fields in answers]


def _group(group_id: str, flat: list[bytes], hour: int) -> FailureGroup:
    pairs = iter(map(text, flat))
    fields = dict(zip(pairs, pairs, strict=True))
    facts = from_json(fields.get("facts", "{}"))
    return FailureGroup(
        id=group_id,
        reason=facts.get("reason", ""),
        stage=facts.get("stage", ""),
        exception=facts.get("exception", ""),
        frame=facts.get("frame", ""),
        open=int(fields["open"]),
        ever=int(fields["ever"]),
        first_ms=order_of(fields["first"])[0],
        last_ms=order_of(fields["last"])[0],
        sample=fields.get("sample"),
        trend=tuple(_count(fields, at) for at in range(hour - TREND_HOURS + 1, hour + 1)),
    )


def _count(fields: dict[str, str], hour: int) -> int:
    slot = hour % TREND_HOURS
    return int(fields[f"count:{slot}"]) if fields.get(f"hour:{slot}") == str(hour) else 0
