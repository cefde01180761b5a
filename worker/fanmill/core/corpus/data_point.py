"""Data points: the numbers of a document that the corpus view aggregates.

The day of a data point is the day on which the ledger accepted the event, by the server's
clock, so a document that is processed again counts on the same day.
"""

from __future__ import annotations

from dataclasses import dataclass
from json import JSONEncoder, loads
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from fanmill.core.entry_ids import day_of

if TYPE_CHECKING:
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
"""Statistics whose mean and distribution the corpus view keeps."""

_OF_WHOLE_TEXT: Final = attrgetter(*MEASURES[:-1])

_JSON: Final = JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class DataPoint:
    """A document as the corpus view counts it.

    Attributes:
        day: Day in UTC, such as `2026-01-31`.
        source: Source of the event.
        language: ISO 639-1 code, or `und`.
        values: Values in the order of `MEASURES`; None for an undefined one.
        categories: Categories to count, such as `c4:few_sentences` for a failed filter.
    """

    day: str
    source: str
    language: str
    values: tuple[float | None, ...]
    categories: tuple[str, ...]

    @classmethod
    def from_json(cls, text: bytes | str) -> DataPoint:
        """Return the data point of `data_point_of`; measures that it lacks are None."""
        day, source, language, values, categories = loads(text)
        padded = (*values, *[None] * len(MEASURES))[: len(MEASURES)]
        return cls(day, source, language, padded, tuple(categories))


def data_point_of(statistics: Statistics, source: str, entry_id: str) -> str:
    """Return the data point of a document as JSON.

    Args:
        statistics: Statistics of the document.
        source: Source of its event.
        entry_id: Id of its ledger entry, which begins with the server's time.
    """
    diversity, filters = statistics.diversity, statistics.filters
    ratio = None if diversity is None else diversity.compression_ratio
    categories = []
    if filters is not None:
        categories = [f"{name}:{result.failed}" for name, result in filters if not result.passed]
    values = (*_OF_WHOLE_TEXT(statistics), ratio)
    language = statistics.language or "und"
    return _JSON.encode([day_of(entry_id), source, language, values, categories])
