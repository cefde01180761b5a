"""The documents in numbers: by day, source and language, and by term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fanmill.core.corpus.aggregate import Aggregate, GroupKey
    from fanmill.core.trends import Frequency


class Corpus(Protocol):
    """All documents in numbers, by day, source and language."""

    def fold(self, at_least: int = 1) -> int:
        """Fold data points into the aggregates if at least so many wait; return how many.

        Leaves them to whoever else is doing so at the same time.
        """

    def aggregates(self, since: date | None = None) -> dict[GroupKey, Aggregate]:
        """Return all aggregates by cell, from this day on; what waits is counted too."""


class Trends(Protocol):
    """Document frequencies of the stream. Counts that a crash loses are not restored."""

    def frequencies(self, language: str, terms: Sequence[str]) -> list[Frequency]:
        """Return how often terms occur in the last two hours and before, in their order."""

    def observe(self, documents: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Count the terms of documents, each of which comes as its language and its terms."""

    def top(
        self, language: str, hours: int, most: int, *, bursting: bool = False
    ) -> list[Frequency]:
        """Return up to `most` terms of the last hours, highest deviation first.

        Args:
            language: Language of the documents.
            hours: Hours to look back over, with the current one; brought to 1 to `KEPT_HOURS`.
            most: Maximum number of terms.
            bursting: Return only terms that burst.
        """

    def languages(self) -> list[str]:
        """Return the languages of which documents were counted, in alphabetical order."""
