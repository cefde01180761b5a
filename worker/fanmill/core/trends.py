"""Bursts: terms whose share of the newest documents is far above their share before.

Counting is the concern of `fanmill.ports.Trends`; this module judges the counts.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Final

from fanmill_contracts.tagging import Producer, Tag, Tagging

HOUR_SECONDS: Final = 3600
KEPT_HOURS: Final = 8 * 24
"""Hours that `fanmill trends --since` can look back over."""
RECENT_HOURS: Final = 2
"""Hours of the window that tags are judged by: the current hour and the one before it."""
DECAY_SECONDS: Final = 7 * 24 * HOUR_SECONDS
"""Time in which the weight of a count falls to 1/e: after a week it is about a third."""

MIN_DOCUMENTS: Final = 5
"""Documents of the window that must contain a term; fewer are a coincidence."""
MIN_DEVIATION: Final = 4.0
"""Standard deviations above the count that is expected from the time before the window."""
MIN_HISTORY_DOCUMENTS: Final = 100
"""Decayed number of documents before the window below which nothing bursts: a share measured on
100 documents has a standard error of up to 5 percentage points."""
MIN_HISTORY_SHARE: Final = 0.25
"""Documents before the window for each document of the window, below which nothing bursts: while
most documents of a stream are in the window, every term is new."""
MAX_TAGS: Final = 5
"""Tags `trend` of one document."""
MAX_TERMS: Final = 10
"""Terms of one document that are counted: its keyphrases."""
MAX_TERM_LENGTH: Final = 80
"""Code points of a term; longer ones are not counted."""

_PRODUCER: Final = Producer(name="trend", version="2")
_UNCERTAIN: Final = 0.005
"""Share of the window's weight below which the remainder of the long run is taken for 0. The
error that comes from taking the middle of each hour is smaller."""
_PRIOR: Final = 0.5
"""Documents added to the count of a term before the window: a term never seen may be usual."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """Number of documents with a term, in a window and before it.

    Attributes:
        term: The term, case-folded.
        recent: Documents of the window with the term.
        recent_documents: All documents of the window.
        before: Decayed number of earlier documents with the term.
        before_documents: Decayed number of all earlier documents.
    """

    term: str
    recent: float
    recent_documents: float
    before: float
    before_documents: float

    @property
    def usual_share(self) -> float:
        """Share of the documents before the window that have the term; 0.0 without any."""
        return self.before / self.before_documents if self.before_documents else 0.0

    @property
    def deviation(self) -> float:
        """Standard deviations by which the window is above the time before it; at least 0.0.

        Both counts are taken as Poisson distributed. The variance of their difference is the
        sum of both variances, the earlier one scaled to the size of the window. The 1 that is
        added keeps rare terms from bursting, as the bias of Schubert, Weiler and Kriegel,
        SigniTrend (KDD 2014), does. 0.0 if there are no documents in the window or before it.
        """
        if not self.recent_documents or not self.before_documents:
            return 0.0
        scale = self.recent_documents / (self.before_documents + 1.0)
        expected = (self.before + _PRIOR) * scale
        return max(0.0, (self.recent - expected) / sqrt(expected * (1.0 + scale) + 1.0))

    @property
    def has_history(self) -> bool:
        """Whether there are enough documents before the window to measure it by."""
        return self.before_documents >= needed_history(self.recent_documents)

    @property
    def bursts(self) -> bool:
        """Whether the term bursts: enough documents, enough history, and no chance."""
        # Few terms are frequent enough, and that costs nothing to see.
        return self.recent >= MIN_DOCUMENTS and self.has_history and self.deviation >= MIN_DEVIATION


def needed_history(recent_documents: float) -> float:
    """Return how many documents before a window of this many documents are needed to judge it."""
    return max(MIN_HISTORY_DOCUMENTS, MIN_HISTORY_SHARE * recent_documents)


@dataclass(frozen=True, slots=True)
class Counts:
    """Number of documents, and number of documents with each term, of a batch or an hour."""

    documents: int
    terms: Counter[str]


def counts_of(observed: Iterable[tuple[str, Sequence[str]]]) -> dict[str, Counts]:
    """Return the counts of documents by language.

    Args:
        observed: Language and terms of each document. A repeated term counts once.
    """
    counted: dict[str, Counts] = {}
    for language, terms in observed:
        so_far = counted.get(language, Counts(0, Counter()))
        so_far.terms.update(set(terms))
        counted[language] = Counts(so_far.documents + 1, so_far.terms)
    return counted


def max_past_terms(max_terms: int) -> int:
    """Return how many terms are kept of an hour that tags no longer look at: a tenth, at least 1.

    Args:
        max_terms: Terms kept of a recent hour.
    """
    return max(1, max_terms // 10)


def before_window(usual: float, inside: float) -> float:
    """Return the part of the long run that is before the window; 0.0 if it is too small to tell.

    Args:
        usual: Decayed count of the long run, window included.
        inside: Decayed count of the hours of the window; see `weights_of`.
    """
    before = usual - inside
    return before if before > _UNCERTAIN * inside else 0.0


def weights_of(seconds: int, hours: int) -> list[float]:
    """Return the weight in the long run of a count of each of the last hours, newest first.

    The time of a document within its hour is not kept. The middle of the hour is taken, which is
    wrong by at most 0.3 %.

    Args:
        seconds: The current time, in seconds since 1970.
        hours: Hours of the window with the current one, 1 to `KEPT_HOURS`.
    """
    into = seconds % HOUR_SECONDS
    ages = [into / 2, *(into + (back - 0.5) * HOUR_SECONDS for back in range(1, hours))]
    return [exp(-age / DECAY_SECONDS) for age in ages]


def ranked(frequencies: Iterable[Frequency], most: int) -> list[Frequency]:
    """Return up to `most` terms by falling deviation, then by falling count."""
    return sorted(frequencies, key=lambda each: (-each.deviation, -each.recent, each.term))[:most]


def terms_of(tagging: Tagging) -> tuple[str, ...]:
    """Return the terms of a document that are counted: its keyphrases, case-folded, each once."""
    folded = (tag.value.casefold() for tag in tagging.tags.get("keyphrase", ()))
    return tuple(dict.fromkeys(term for term in folded if len(term) <= MAX_TERM_LENGTH))[:MAX_TERMS]


def with_trends(tagging: Tagging, frequencies: Iterable[Frequency]) -> Tagging:
    """Return a tagging with a tag `trend` for each term that bursts, at most `MAX_TAGS`."""
    bursting = ranked((each for each in frequencies if each.bursts), MAX_TAGS)
    if not bursting:
        return tagging
    tags = [
        Tag(
            value=each.term,
            score=round(each.deviation / (each.deviation + MIN_DEVIATION), 4),
            score_kind="heuristic",
            producer=len(tagging.producers),
            reason=f"{each.recent:.0f} of {each.recent_documents:.0f} recent documents; "
            f"{each.deviation:.1f} deviations above usual",
        )
        for each in bursting
    ]
    by_namespace = {**tagging.tags, "trend": tuple(sorted(tags, key=lambda tag: -tag.score))}
    update = {
        "tags": dict(sorted(by_namespace.items())),
        "producers": (*tagging.producers, _PRODUCER),
    }
    return tagging.model_copy(update=update)
