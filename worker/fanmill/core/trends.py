"""Which terms burst: their share of the newest documents against their share before them.

What counts is `fanmill.ports.Trends`; here is what the counts mean.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Final

from fanmill_contracts.results import Producer, Tag, Tagging

HOUR_SECONDS: Final = 3600
KEPT_HOURS: Final = 8 * 24
"""Hours that `fanmill trends --since` can look back over."""
RECENT_HOURS: Final = 2
"""The hour that runs and the one before it: what tags are judged by."""
DECAY_SECONDS: Final = 7 * 24 * HOUR_SECONDS
"""The long run: what was counted a week ago weighs a third (1/e)."""

MIN_DOCUMENTS: Final = 5
"""Documents of the window that must have a term: fewer are a coincidence."""
MIN_DEVIATION: Final = 4.0
"""Standard deviations above what the time before the window lets expect."""
MAX_TAGS: Final = 5
MAX_TERMS: Final = 10
"""Terms that one document puts in: its keyphrases."""
MAX_TERM_LENGTH: Final = 80

_PRODUCER: Final = Producer(name="trend", version="2")
_MIN_HISTORY: Final = 0.25
"""Documents before the window for each of the window: with fewer everything is new."""
_UNCERTAIN: Final = 0.005
"""Of what the window weighs: more than is lost by taking the middle of each hour."""
_PRIOR: Final = 0.5
"""Added to the count of a term before the window: what was never seen may yet be usual."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """How many documents have a term.

    Attributes:
        recent: In the window.
        recent_documents: All documents of the window.
        before: Decayed count of the time before the window.
        before_documents: Decayed count of all documents of that time.
    """

    term: str
    recent: float
    recent_documents: float
    before: float
    before_documents: float

    @property
    def usual_share(self) -> float:
        """The term's share of the documents before the window; 0.0 where there were none."""
        return self.before / self.before_documents if self.before_documents else 0.0

    @property
    def deviation(self) -> float:
        """How far the window is above the time before it, in standard deviations; 0.0 or more.

        Both counts are taken for Poisson ones, so the variance of their
        difference is that of the window and that of what it is measured by,
        brought to the window's size. The one that is added keeps inverse_frequencies quiet,
        as the bias of Schubert, Weiler and Kriegel, SigniTrend (KDD 2014), does.
        0.0 where no document is in the window or none was before it.
        """
        if not self.recent_documents or not self.before_documents:
            return 0.0
        scale = self.recent_documents / (self.before_documents + 1.0)
        expected = (self.before + _PRIOR) * scale
        return max(0.0, (self.recent - expected) / sqrt(expected * (1.0 + scale) + 1.0))

    @property
    def bursts(self) -> bool:
        """Whether it is told from chance, and from the first documents of a new stream."""
        return (
            self.recent >= MIN_DOCUMENTS
            and self.before_documents >= _MIN_HISTORY * self.recent_documents
            and self.deviation >= MIN_DEVIATION
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """What a batch of documents adds: documents, and how many of them have each term."""

    documents: int
    terms: Counter[str]


def counts_of(observed: Iterable[tuple[str, Sequence[str]]]) -> dict[str, Counts]:
    """Return what documents add, by language; each comes as its language and its terms."""
    counted: dict[str, Counts] = {}
    for language, terms in observed:
        so_far = counted.get(language, Counts(0, Counter()))
        so_far.terms.update(set(terms))
        counted[language] = Counts(so_far.documents + 1, so_far.terms)
    return counted


def most_past(most_terms: int) -> int:
    """Return how many terms are kept of an hour that tags no longer look at: a tenth."""
    return max(1, most_terms // 10)


def before_window(usual: float, inside: float) -> float:
    """Return what of the long run was before the window; nothing where it cannot be told.

    Args:
        usual: Decayed count of the long run.
        inside: What the hours of the window weigh in it; see `weights_of`.
    """
    before = usual - inside
    return before if before > _UNCERTAIN * inside else 0.0


def weights_of(seconds: int, hours: int) -> list[float]:
    """Return what a count of each of the last hours weighs in the long run now.

    From the hour that runs on backwards, at most `KEPT_HOURS`. When in its hour
    a document came is not kept: its middle is taken, which errs by 0.3 % at most.

    Args:
        seconds: Now, since 1970.
        hours: Hours of the window, the one that runs included; at least 1.
    """
    into = seconds % HOUR_SECONDS
    ages = [into / 2, *(into + (back - 0.5) * HOUR_SECONDS for back in range(1, hours))]
    return [exp(-age / DECAY_SECONDS) for age in ages]


def ranked(frequencies: Iterable[Frequency], most: int) -> list[Frequency]:
    """Return the terms furthest above what is usual, best first."""
    return sorted(frequencies, key=lambda each: (-each.deviation, -each.recent, each.term))[:most]


def terms_of(tagging: Tagging) -> tuple[str, ...]:
    """Return the terms of a document that are counted: its keyphrases, folded, each once."""
    folded = (tag.value.casefold() for tag in tagging.tags if tag.namespace == "keyphrase")
    return tuple(dict.fromkeys(term for term in folded if len(term) <= MAX_TERM_LENGTH))[:MAX_TERMS]


def with_trends(tagging: Tagging, frequencies: Iterable[Frequency]) -> Tagging:
    """Return a tagging with tags for the terms of the document that burst."""
    bursting = ranked((each for each in frequencies if each.bursts), MAX_TAGS)
    if not bursting:
        return tagging
    tags = [
        Tag(
            namespace="trend",
            value=each.term,
            score=round(each.deviation / (each.deviation + MIN_DEVIATION), 4),
            score_kind="heuristic",
            producer=_PRODUCER,
            reason=f"{each.recent:.0f} of {each.recent_documents:.0f} recent documents; "
            f"{each.deviation:.1f} deviations above usual",
        )
        for each in bursting
    ]
    both = sorted([*tagging.tags, *tags], key=lambda tag: (tag.namespace, -tag.score))
    return tagging.model_copy(update={"tags": tuple(both)})
