"""Computation of all statistics of a text; `fanmill_contracts.catalogue` defines each of them."""

from collections.abc import Callable, Collection
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

import numpy as np

from fanmill.core.analysis import Analysis
from fanmill.core.statistics.composition import composition
from fanmill.core.statistics.corpus_filters import filter_results
from fanmill.core.statistics.diversity import diversity
from fanmill.core.statistics.readability import readability
from fanmill.core.statistics.reading_time import reading_seconds, speaking_seconds
from fanmill.core.statistics.redpajama import quality_signals
from fanmill.core.text.characters import JOINING, Integers
from fanmill.core.text.segmentation import count_graphemes
from fanmill.core.text.whitespace_words import WhitespaceWords
from fanmill.core.views import view_property
from fanmill_contracts.catalogue import SETS
from fanmill_contracts.statistics import (
    Composition,
    Diversity,
    FilterResults,
    QualitySignals,
    Readability,
    Statistics,
)

_OF_WORDS: Final = frozenset({"quality", "filters", "readability", "diversity"})
"""Sets that count whitespace words."""
Shown = TypeVar("Shown", bound=Analysis)

BUILT_IN: Final = frozenset(SETS)
"""Names of the built-in sets of statistics."""


def statistics(analysis: Analysis, chosen: Collection[str] = BUILT_IN) -> Statistics:
    """Return the statistics of an unchanged text.

    Counts of the empty text are 0, its ratios and means are None, and its times are 0.0; the
    catalogue defines each case. Sets that are not chosen are None.

    Args:
        analysis: Analysis of the document.
        chosen: Names of sets; `sizes` is always computed, and unknown names are ignored.
    """
    return ChosenSets(analysis, chosen).whole()


class ChosenSets(Generic[Shown]):
    """The sets of statistics of a text, each computed at first use; None if it is not chosen.

    Args:
        analysis: Analysis of the document.
        chosen: Names of sets, as for `statistics`.
    """

    def __init__(self, analysis: Shown, chosen: Collection[str] = BUILT_IN) -> None:
        self.analysis = analysis
        self._chosen = chosen

    @view_property
    def sizes(self) -> dict[str, Any]:
        """The members of `sizes`."""
        return sizes(self.analysis)

    @view_property
    def words(self) -> WhitespaceWords | None:
        """The whitespace words, if a set needs them."""
        needed = not _OF_WORDS.isdisjoint(self._chosen)
        return self.analysis.whitespace_words if needed else None

    @view_property
    def signals(self) -> QualitySignals | None:
        """The set `quality`, which `filters` needs, too."""
        wanted = "quality" in self._chosen or "filters" in self._chosen
        return quality_signals(self.analysis) if wanted else None

    @view_property
    def filters(self) -> FilterResults | None:
        """The set `filters`."""
        signals = self.signals if "filters" in self._chosen else None
        return filter_results(self.analysis, signals) if signals else None

    @view_property
    def readability(self) -> Readability | None:
        """The set `readability`."""
        return readability(self.analysis) if "readability" in self._chosen else None

    @view_property
    def diversity(self) -> Diversity | None:
        """The set `diversity`."""
        return diversity(self.analysis) if "diversity" in self._chosen else None

    @view_property
    def composition(self) -> Composition | None:
        """The set `composition`."""
        return composition(self.analysis) if "composition" in self._chosen else None

    def whole(self) -> Statistics:
        """Return all sets."""
        return Statistics(
            **self.sizes,
            language=self.analysis.language.code,
            sets=tuple(
                f"{name}-{version}"
                for name, (version, _) in SETS.items()
                if name == "sizes" or name in self._chosen
            ),
            quality=self.signals if "quality" in self._chosen else None,
            filters=self.filters,
            readability=self.readability,
            diversity=self.diversity,
            composition=self.composition,
        )


ACTS: Final[tuple[Callable[[ChosenSets[Any]], object], ...]] = tuple(
    map(
        attrgetter,
        (
            "analysis.markup",
            "analysis.detection",
            "analysis.layout",
            "analysis.character_flags",
            "words",
            "analysis.flags",
            "analysis.word_starts",
            "analysis.different_words",
            "analysis.sentences",
            "analysis.body",
            "signals",
            "sizes",
            "filters",
            "readability",
            "diversity",
            "composition",
        ),
    )
)
"""Computations of the sets and of what they share, in order; see `core.turns`."""


def sizes(analysis: Analysis) -> dict[str, Any]:
    """Return the members of the set `sizes`."""
    text = analysis.text
    words = len(analysis.word_starts)
    word_characters = int(analysis.word_lengths.sum())
    unique_words = analysis.different_words
    code = analysis.language.code
    starts = analysis.sentence_starts
    lines = np.fromiter(map(len, analysis.lines), np.int64, len(analysis.lines))
    return {
        "bytes": len(text) if text.isascii() else len(analysis.utf8),
        "characters": len(text),
        "graphemes": count_graphemes(text, (analysis.flags & JOINING) != 0),
        "words": words,
        "unique_words": unique_words,
        "sentences": len(starts),
        "paragraphs": analysis.layout.paragraphs,
        "lines": analysis.layout.lines,
        **_lengths("word", analysis.word_lengths),
        **_lengths("sentence", _words_from(analysis, starts)),
        **_lengths(
            "paragraph", _words_from(analysis, np.array(analysis.layout.paragraph_starts, np.int64))
        ),
        **_lengths("line", lines),
        "unique_word_ratio": unique_words / words if words else None,
        "reading_time_seconds": reading_seconds(code, words, word_characters),
        "speaking_time_seconds": speaking_seconds(code, words, word_characters),
    }


def _words_from(analysis: Analysis, starts: Integers) -> Integers:
    """Return the number of words between each place and the next one."""
    places = analysis.word_starts.searchsorted(starts)
    words = np.empty(len(places), np.int64)
    if len(places):
        np.subtract(places[1:], places[:-1], out=words[:-1])
        words[-1] = len(analysis.word_starts) - places[-1]
    return words


def _lengths(of: str, values: Integers) -> dict[str, float | int | None]:
    names = (f"mean_{of}_length", f"median_{of}_length", f"max_{of}_length")
    if not len(values):
        return dict.fromkeys(names)
    # NumPy sorts lengths that fit into 16 bits in linear time.
    most = int(values.max())
    ordered = values.astype(np.uint16 if most < 1 << 16 else np.int64)
    ordered.sort(kind="stable")
    middle = len(values) // 2
    median = (int(ordered[middle]) + int(ordered[-middle - 1])) / 2
    mean = round(int(values.sum()) / len(values), 8)
    return dict(zip(names, (mean, median, most), strict=True))
