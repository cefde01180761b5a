"""Document frequencies of the stream on Redis: bounded, decayed, per language."""

from collections.abc import Sequence
from typing import Final

from redis import Redis

from fanmill.core.trends import Frequency
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.script import load

HOUR_SECONDS: Final = 3600
KEPT_HOURS: Final = 8 * 24
"""Hours that `fanmill trends --since` can look back over."""
RECENT_HOURS: Final = 2
"""The hour that runs and the one before it: what tags are judged by."""
DECAY_SECONDS: Final = 7 * 24 * HOUR_SECONDS
"""The long run: what was counted a week ago weighs a third (1/e)."""
_MOST_LISTED: Final = 200


class RedisTrends:
    """`fanmill.ports.Trends` on Redis: about 100 bytes a term and hour, `most_terms` at most."""

    def __init__(self, redis: Redis, keys: Keys, most_terms: int) -> None:
        self._redis = redis
        self._keys = keys
        self._most_terms = most_terms
        self._observe = load("redis", "trends_observe")
        self._read = load("redis", "trends_read")

    def frequencies(self, language: str, terms: Sequence[str]) -> list[Frequency]:
        """Return how often terms occur; see the port."""
        return self._frequencies(language, RECENT_HOURS, terms) if terms else []

    def observe(self, language: str, terms: Sequence[str]) -> None:
        """Count the terms of one document; see the port."""
        self._observe.run(
            self._redis,
            self._named(language),
            [self._most_terms, HOUR_SECONDS, KEPT_HOURS * HOUR_SECONDS, DECAY_SECONDS, *terms],
        )

    def top(self, language: str, hours: int) -> list[Frequency]:
        """Return the terms of the last hours that are furthest above the long run."""
        found = self._frequencies(language, max(1, min(hours, KEPT_HOURS)), ())
        return sorted(found, key=lambda each: (-each.deviation, -each.recent, each.term))

    def languages(self) -> list[str]:
        """Return the languages that were counted."""
        prefix = self._keys.trends("")
        names = {
            text(key).removeprefix(prefix).partition(":")[0]
            for key in self._redis.scan_iter(match=f"{prefix}*:counts", count=1000)
        }
        return sorted(names)

    def _named(self, language: str) -> list[str]:
        base = self._keys.trends(language)
        return [f"{base}:hour:", f"{base}:usual", f"{base}:counts"]

    def _frequencies(self, language: str, hours: int, terms: Sequence[str]) -> list[Frequency]:
        answer = self._read.run(
            self._redis,
            self._named(language),
            [hours, HOUR_SECONDS, DECAY_SECONDS, _MOST_LISTED, *terms],
        )
        recent, usual, *rest = map(text, answer)
        return [
            Frequency(
                rest[at], float(rest[at + 1]), float(recent), float(rest[at + 2]), float(usual)
            )
            for at in range(0, len(rest), 3)
        ]
