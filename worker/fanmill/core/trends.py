"""Which terms burst: their share of the newest documents against their long-run share."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Final

from fanmill_contracts.results import Producer, Tag, Tagging

LEAST_DOCUMENTS: Final = 5
"""Documents of the window that must have a term: fewer are a coincidence."""
LEAST_DEVIATION: Final = 4.0
"""Standard deviations above what the long run lets expect."""
MOST_TAGS: Final = 5
MOST_TERMS: Final = 10
"""Terms that one document puts in: its keyphrases."""
LONGEST_TERM: Final = 80

_PRODUCER: Final = Producer(name="trend", version="1")


@dataclass(frozen=True, slots=True)
class Frequency:
    """How many documents have a term.

    Attributes:
        recent: In the window.
        recent_documents: All documents of the window.
        usual: Decayed count of the long run.
        usual_documents: Decayed count of all documents.
    """

    term: str
    recent: float
    recent_documents: float
    usual: float
    usual_documents: float

    @property
    def deviation(self) -> float:
        """How far the window is above the long run, in standard deviations; 0.0 or more."""
        if not self.recent_documents or not self.usual_documents:
            return 0.0
        # The long run has the window in it: what is left is what was usual before.
        before = max(0.0, self.usual - self.recent)
        documents = max(1.0, self.usual_documents - self.recent_documents)
        expected = (before + 0.5) / (documents + 1.0) * self.recent_documents
        return max(0.0, (self.recent - expected) / sqrt(expected + 1.0))

    @property
    def bursts(self) -> bool:
        """Whether it is told from chance, and from the first documents of a new stream."""
        return (
            self.recent >= LEAST_DOCUMENTS
            and self.usual_documents >= 2 * self.recent_documents
            and self.deviation >= LEAST_DEVIATION
        )


def terms_of(tagging: Tagging) -> tuple[str, ...]:
    """Return the terms of a document that are counted: its keyphrases, folded, each once."""
    folded = (tag.value.casefold() for tag in tagging.tags if tag.namespace == "keyphrase")
    return tuple(dict.fromkeys(term for term in folded if len(term) <= LONGEST_TERM))[:MOST_TERMS]


def with_trends(tagging: Tagging, frequencies: Iterable[Frequency]) -> Tagging:
    """Return a tagging with tags for the terms of the document that burst."""
    bursting = sorted(
        (each for each in frequencies if each.bursts),
        key=lambda each: (-each.deviation, each.term),
    )[:MOST_TAGS]
    if not bursting:
        return tagging
    tags = [
        Tag(
            namespace="trend",
            value=each.term,
            score=round(each.deviation / (each.deviation + LEAST_DEVIATION), 4),
            score_kind="heuristic",
            producer=_PRODUCER,
            reason=f"{each.recent:.0f} of {each.recent_documents:.0f} recent documents; "
            f"{each.deviation:.1f} deviations above usual",
        )
        for each in bursting
    ]
    both = sorted([*tagging.tags, *tags], key=lambda tag: (tag.namespace, -tag.score))
    return tagging.model_copy(update={"tags": tuple(both)})
