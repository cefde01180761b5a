"""Document frequencies of the stream on Redis: per language, decayed, bounded in memory."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from redis import Redis
from redis.exceptions import NoScriptError

from fanmill.core.trends import (
    DECAY_SECONDS,
    HOUR_SECONDS,
    KEPT_HOURS,
    RECENT_HOURS,
    Frequency,
    counts_of,
    max_past_terms,
    ranked,
    terms_of,
)
from fanmill.stores.keys import Keys
from fanmill.stores.redis.connection import text
from fanmill.stores.script import load
from fanmill_contracts.tagging import Tagging

_MAX_LOOKUPS: Final = 50_000
"""Maximum number of terms times hours in one call of the script: about 20 ms of the server."""
_MAX_READ: Final = 240_000
"""Maximum number of counts that `top` reads of all hours: about 20 MB of answers."""
_MAX_CANDIDATES: Final = 20_000
"""Maximum number of terms that `top` ranks: those with the highest counts."""


class RedisTrends:
    """`fanmill.ports.Trends` on Redis.

    Args:
        redis: A client that answers with bytes.
        keys: The keys of the namespace.
        max_terms: Maximum number of terms of the long run, of the current hour and of the one
            before, exceeded by a tenth for a while. Earlier hours keep a tenth of it.
    """

    def __init__(self, redis: Redis, keys: Keys, max_terms: int) -> None:
        self._redis = redis
        self._keys = keys
        self._max_terms = max_terms
        self._observe = load("redis", "trends_observe")
        self._read = load("redis", "trends_read")

    def frequencies(self, language: str, terms: Sequence[str]) -> list[Frequency]:
        """Return how often terms occur; see the port."""
        return self._frequencies(language, RECENT_HOURS, terms)

    def observe(self, documents: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Count the terms of documents, in one round trip; see the port."""
        calls: list[tuple[list[str], list[Any]]] = []
        for language, counts in counts_of(documents).items():
            arguments = [
                self._max_terms,
                HOUR_SECONDS,
                KEPT_HOURS * HOUR_SECONDS,
                DECAY_SECONDS,
                max_past_terms(self._max_terms),
            ]
            pairs = [part for pair in sorted(counts.terms.items()) for part in pair]
            calls.append((self._named(language), [*arguments, counts.documents, *pairs]))
        if not calls:
            return
        with self._redis.pipeline(transaction=False) as pipe:
            for keys, arguments in calls:
                self._observe.enqueue(pipe, keys, arguments)
            answers = pipe.execute(raise_on_error=False)
        for (keys, arguments), answer in zip(calls, answers, strict=True):
            if isinstance(answer, NoScriptError):
                self._observe.run(self._redis, keys, arguments)
            elif isinstance(answer, Exception):
                raise answer

    def top(
        self, language: str, hours: int, most: int, *, bursting: bool = False
    ) -> list[Frequency]:
        """Return the terms of the last hours with the highest deviations; see the port."""
        hours = max(1, min(hours, KEPT_HOURS))
        seconds, _ = self._redis.time()
        recent, _, _ = self._named(language)
        counted: Counter[str] = Counter()
        for back in range(hours):
            key = f"{recent}{seconds // HOUR_SECONDS - back}"
            rows: Any = self._redis.zrevrange(key, 0, _MAX_READ // hours - 1, withscores=True)
            counted.update({text(term): int(count) for term, count in rows})
        candidates = [term for term, _ in counted.most_common(_MAX_CANDIDATES)]
        found = self._frequencies(language, hours, candidates)
        return ranked((each for each in found if each.bursts or not bursting), most)

    def languages(self) -> list[str]:
        """Return the languages that were counted; see the port."""
        prefix = self._keys.trends("")
        names = {
            text(key).removeprefix(prefix).partition(":")[0]
            for key in self._redis.scan_iter(match=f"{prefix}*:counts", count=1000)
        }
        return sorted(names)

    def _named(self, language: str) -> list[str]:
        return _named(self._keys, language)

    def _frequencies(self, language: str, hours: int, terms: Sequence[str]) -> list[Frequency]:
        found: list[Frequency] = []
        at_once = _MAX_LOOKUPS // hours
        for first in range(0, len(terms), at_once):
            chunk = terms[first : first + at_once]
            answer = self._read.run(
                self._redis, self._named(language), [hours, HOUR_SECONDS, DECAY_SECONDS, *chunk]
            )
            documents, before, *counts = map(float, answer)
            found += [
                Frequency(term, counts[2 * at], documents, counts[2 * at + 1], before)
                for at, term in enumerate(chunk)
            ]
        return found


def forget_terms(redis: Redis, keys: Keys, tagging: Tagging, completed_ms: int) -> int:
    """Take the terms of a document out of the counts; return how many of them were counted.

    Args:
        redis: The server.
        keys: Its keys.
        tagging: The tagging of the record.
        completed_ms: Time at which the record was complete, in ms since 1970.
    """
    return int(
        load("redis", "trends_forget").run(
            redis,
            _named(keys, tagging.language),
            [completed_ms // 1000, HOUR_SECONDS, DECAY_SECONDS, *terms_of(tagging)],
        )
    )


def _named(keys: Keys, language: str) -> list[str]:
    base = keys.trends(language)
    return [f"{base}:hour:", f"{base}:usual", f"{base}:counts"]
