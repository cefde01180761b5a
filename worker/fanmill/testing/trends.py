"""Document frequencies of the stream in memory."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import exp
from typing import Final

from fanmill.core.trends import (
    DECAY_SECONDS,
    HOUR_SECONDS,
    KEPT_HOURS,
    RECENT_HOURS,
    Counts,
    Frequency,
    before_window,
    counts_of,
    max_past_terms,
    ranked,
    weights_of,
)
from fanmill.testing.server import MemoryServer, TermCounts

_NONE: Final = Counts(0, Counter())


class MemoryTrends:
    """`fanmill.ports.Trends` in memory.

    Counts of the long run are decayed as they are added to. On Redis the weight of new counts grows
    instead. Both give the same frequencies, to within rounding.

    Args:
        server: The server in memory; its clock decides the hour.
        max_terms: Maximum number of terms of the long run, of the current hour and of the one
            before, exceeded by a tenth for a while. Earlier hours keep a tenth of it.
    """

    def __init__(self, server: MemoryServer, max_terms: int) -> None:
        self._server = server
        self._max_terms = max_terms

    def frequencies(self, language: str, terms: Sequence[str]) -> list[Frequency]:
        """Return how often terms occur; see the port."""
        return self._frequencies(language, RECENT_HOURS, terms)

    def observe(self, documents: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Count the terms of documents; see the port."""
        seconds = int(self._server.now())
        hour = seconds // HOUR_SECONDS
        for language, counts in counts_of(documents).items():
            kept = self._decayed(language, seconds)
            for old in [each for each in kept.hours if each <= hour - KEPT_HOURS]:
                del kept.hours[old]
            so_far = kept.hours.get(hour, Counts(0, Counter()))
            # The last term counted comes last: of equal counts the oldest go first.
            for term in sorted(counts.terms):
                so_far.terms[term] = so_far.terms.pop(term, 0) + counts.terms[term]
                kept.usual[term] = kept.usual.pop(term, 0.0) + counts.terms[term]
            kept.hours[hour] = Counts(so_far.documents + counts.documents, so_far.terms)
            kept.documents += counts.documents
            for terms in (so_far.terms, kept.usual):
                if len(terms) - self._max_terms > self._max_terms / 10:
                    _cut(terms, self._max_terms)
            for at, past in kept.hours.items():
                if at <= hour - RECENT_HOURS:
                    _cut(past.terms, max_past_terms(self._max_terms))

    def top(
        self, language: str, hours: int, most: int, *, bursting: bool = False
    ) -> list[Frequency]:
        """Return the terms of the last hours with the highest deviations; see the port."""
        hours = max(1, min(hours, KEPT_HOURS))
        windows = self._windows(language, hours)
        terms = {term for counts in windows for term in counts.terms}
        found = self._frequencies(language, hours, sorted(terms))
        return ranked((each for each in found if each.bursts or not bursting), most)

    def languages(self) -> list[str]:
        """Return the languages that were counted; see the port."""
        return sorted(self._server.trends)

    def _windows(self, language: str, hours: int) -> list[Counts]:
        hour = int(self._server.now()) // HOUR_SECONDS
        kept = self._server.trends.get(language, TermCounts(0))
        return [kept.hours.get(hour - back, _NONE) for back in range(hours)]

    def _decayed(self, language: str, seconds: int) -> TermCounts:
        kept = self._server.trends.setdefault(language, TermCounts(seconds))
        weight = exp((kept.seconds - seconds) / DECAY_SECONDS)
        kept.seconds = seconds
        kept.documents *= weight
        for term in kept.usual:
            kept.usual[term] *= weight
        return kept

    def _frequencies(self, language: str, hours: int, terms: Sequence[str]) -> list[Frequency]:
        if not terms:
            return []
        seconds = int(self._server.now())
        windows, weights = self._windows(language, hours), weights_of(seconds, hours)
        weighed = list(zip(windows, weights, strict=True))
        documents = sum(each.documents for each in windows)
        kept = self._server.trends.get(language, TermCounts(seconds))
        grown = exp((kept.seconds - seconds) / DECAY_SECONDS)
        inside = sum(each.documents * weight for each, weight in weighed)
        before = before_window(kept.documents * grown, inside)
        return [
            Frequency(
                term,
                sum(each.terms[term] for each in windows),
                documents,
                before_window(
                    kept.usual.get(term, 0.0) * grown,
                    sum(each.terms[term] * weight for each, weight in weighed),
                ),
                before,
            )
            for term in terms
        ]


def _cut(terms: dict[str, int] | dict[str, float], most: int) -> None:
    for term in sorted(terms, key=terms.__getitem__)[: max(0, len(terms) - most)]:
        del terms[term]
