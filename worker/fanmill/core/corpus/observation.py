"""What the corpus view takes from one document: a few numbers, its source, language and day.

The day is that on which the ledger took the event, by the server's clock, so
that a document worked on again falls on the same day.
"""

from dataclasses import dataclass
from json import dumps, loads
from typing import Final

from fanmill.core.entry_ids import received_at
from fanmill_contracts.statistics import Statistics

MEASURES: Final = (
    "bytes",
    "words",
    "sentences",
    "mean_word_length",
    "mean_sentence_length",
    "unique_word_ratio",
    "compression_ratio",
)
"""Statistics of which the corpus view keeps mean and distribution."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One document as the corpus view counts it.

    Attributes:
        day: `2026-01-31`, in UTC.
        source: Who sent it.
        language: ISO 639-1 code, or `und`.
        values: By the names in `MEASURES`; None where it is not defined.
        marks: What is counted by value, such as `c4:few_sentences` for a filter that failed.
    """

    day: str
    source: str
    language: str
    values: tuple[float | None, ...]
    marks: tuple[str, ...]

    @classmethod
    def from_json(cls, text: bytes | str) -> "Observation":
        """Read what `observe` wrote; measures that a later version added are None."""
        day, source, language, values, marks = loads(text)
        padded = (*values, *[None] * len(MEASURES))[: len(MEASURES)]
        return cls(day, source, language, padded, tuple(marks))


def observe(statistics: Statistics, source: str, entry_id: str) -> str:
    """Return the observation of a document as JSON.

    Args:
        statistics: Of the document.
        source: Of its event.
        entry_id: In the ledger: it begins with the server's time.
    """
    diversity, filters = statistics.diversity, statistics.filters
    values = [getattr(statistics, name) for name in MEASURES[:-1]]
    values.append(None if diversity is None else diversity.compression_ratio)
    marks = []
    if filters is not None:
        for name in type(filters).model_fields:
            result = getattr(filters, name)
            if not result.passed:
                marks.append(f"{name}:{result.failed}")
    day = received_at(entry_id)[:10]
    language = statistics.language or "und"
    return dumps([day, source, language, values, marks], ensure_ascii=False, separators=(",", ":"))
