"""The corpus view on Redis.

The commit that first stores a document's statistics also writes its
observation, in one act; a script takes observations off and puts aggregates in
their place, in one act. So each document counts once, whoever dies when.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from redis import Redis

from fanmill.core.corpus.aggregate import Aggregate, Cell, work_in
from fanmill.core.corpus.observation import Observation
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
        """Work observations into aggregates; see the port."""
        folded = 0
        while self._redis.llen(self._keys.observations) >= max(1, at_least):
            version, observations = self._waiting(_AT_ONCE)
            changed = self._changed(observations)
            if not self._replace(version, len(observations), changed):
                return folded  # Another process is at it.
            folded += len(observations)
        return folded

    def aggregates(self, since: date | None = None) -> dict[Cell, Aggregate]:
        """Return all aggregates by cell; see the port."""
        while True:
            version, observations = self._waiting(-1)
            cells = self._stored(self._days(since))
            if version == self._waiting(0)[0]:
                break
        first = "" if since is None else since.isoformat()
        work_in(cells, (each for each in observations if each.day >= first))
        return cells

    def _waiting(self, count: int) -> tuple[str, list[Observation]]:
        with self._redis.pipeline() as pipe:
            pipe.get(self._keys.corpus_version)
            # 0: none, -1: all.
            pipe.lrange(self._keys.observations, 0, count - 1 if count > 0 else count)
            version, rows = pipe.execute()
        observations = [Observation.from_json(row) for row in rows] if count else []
        return ("0" if version is None else text(version)), observations

    def _changed(self, observations: list[Observation]) -> dict[Cell, Aggregate]:
        cells = self._stored(sorted({each.day for each in observations}))
        changed = work_in(cells, observations)
        return {cell: cells[cell] for cell in changed}

    def _stored(self, days: list[str]) -> dict[Cell, Aggregate]:
        with self._redis.pipeline(transaction=False) as pipe:
            for day in days:
                pipe.hgetall(self._keys.corpus_day(day))
            found = pipe.execute()
        return {
            Cell(day, *text(name).split(_SEPARATOR)): Aggregate.from_bytes(written)
            for day, fields in zip(days, found, strict=True)
            for name, written in fields.items()
        }

    def _replace(self, version: str, count: int, changed: dict[Cell, Aggregate]) -> bool:
        days = sorted({cell.day for cell in changed})
        keys = [self._keys.observations, self._keys.corpus_version]
        keys += [self._keys.corpus_day(day) for day in days]
        arguments: list[Any] = [version, count, self._retention_days * _DAY_SECONDS]
        for cell, aggregate in changed.items():
            name = f"{cell.source}{_SEPARATOR}{cell.language}"
            arguments += [days.index(cell.day) + 1, name, aggregate.to_bytes()]
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
