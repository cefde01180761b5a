"""The corpus view on Redis.

The commit that first stores a document's statistics also writes its
data point, in one act; a script takes data points off and puts aggregates in
their place, in one act. So each document counts once, whoever dies when.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from redis import Redis

from fanmill.core.corpus.aggregate import Aggregate, GroupKey, merge_data_points
from fanmill.core.corpus.data_point import DataPoint
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.script import load

_AT_ONCE: Final = 1000
_SEPARATOR: Final = "\x1f"
_DAY_SECONDS: Final = 86_400


class RedisCorpus:
    """`fanmill.ports.Corpus` on Redis.

    Args:
        redis: A client that answers with bytes.
        keys: The keys of the namespace.
        retention_days: How long aggregates are kept; at least 1.
    """

    def __init__(self, redis: Redis, keys: Keys, *, retention_days: int) -> None:
        self._redis = redis
        self._keys = keys
        self._retention_days = retention_days
        self._fold = load("redis", "fold")

    def fold(self, at_least: int = 1) -> int:
        """Work data points into aggregates; see the port."""
        folded = 0
        while self._redis.llen(self._keys.data_points) >= max(1, at_least):
            version, data_points = self._waiting(_AT_ONCE)
            changed = self._changed(data_points)
            if not self._replace(version, len(data_points), changed):
                return folded  # Another process is at it.
            folded += len(data_points)
        return folded

    def aggregates(self, since: date | None = None) -> dict[GroupKey, Aggregate]:
        """Return all aggregates by group; see the port."""
        while True:
            version, data_points = self._waiting(-1)
            groups = self._stored(self._days(since))
            if version == self._waiting(0)[0]:
                break
        first = "" if since is None else since.isoformat()
        merge_data_points(groups, (each for each in data_points if each.day >= first))
        return groups

    def _waiting(self, count: int) -> tuple[str, list[DataPoint]]:
        with self._redis.pipeline() as pipe:
            pipe.get(self._keys.corpus_version)
            # 0: none, -1: all.
            pipe.lrange(self._keys.data_points, 0, count - 1 if count > 0 else count)
            version, rows = pipe.execute()
        data_points = [DataPoint.from_json(row) for row in rows] if count else []
        return ("0" if version is None else text(version)), data_points

    def _changed(self, data_points: list[DataPoint]) -> dict[GroupKey, Aggregate]:
        groups = self._stored(sorted({each.day for each in data_points}))
        changed = merge_data_points(groups, data_points)
        return {group: groups[group] for group in changed}

    def _stored(self, days: list[str]) -> dict[GroupKey, Aggregate]:
        with self._redis.pipeline(transaction=False) as pipe:
            for day in days:
                pipe.hgetall(self._keys.corpus_day(day))
            found = pipe.execute()
        return {
            GroupKey(day, *text(name).split(_SEPARATOR)): Aggregate.from_bytes(written)
            for day, fields in zip(days, found, strict=True)
            for name, written in fields.items()
        }

    def _replace(self, version: str, count: int, changed: dict[GroupKey, Aggregate]) -> bool:
        days = sorted({group.day for group in changed})
        keys = [self._keys.data_points, self._keys.corpus_version]
        keys += [self._keys.corpus_day(day) for day in days]
        arguments: list[Any] = [version, count, self._retention_days * _DAY_SECONDS]
        for group, aggregate in changed.items():
            name = f"{group.source}{_SEPARATOR}{group.language}"
            arguments += [days.index(group.day) + 1, name, aggregate.to_bytes()]
        return bool(self._fold.run(self._redis, keys, arguments))

    def _days(self, since: date | None) -> list[str]:
        seconds, _ = self._redis.time()
        today = datetime.fromtimestamp(seconds, UTC).date()
        # A day is kept for its retention from the last document on that fell on it.
        earliest = today - timedelta(days=2 * self._retention_days)
        first = earliest if since is None else max(since, earliest)
        return [
            (first + timedelta(days=number)).isoformat()
            for number in range((today - first).days + 1)
        ]
