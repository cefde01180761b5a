"""Readability of a text, by formulas made for its language.

Words, sentences and syllables are counted by fanmill. If a formula gives a value outside its range,
the text is no prose (a table, a list) and has no score.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import sqrt
from typing import Final

import numpy as np

from fanmill.core.analysis import Analysis
from fanmill.core.statistics.plain_prose import plain_prose
from fanmill.core.statistics.syllables import syllables_of
from fanmill.core.text.characters import SPACE, codes_of
from fanmill.core.text.code_lines import is_code
from fanmill.core.text.lexicon import Lexicon, ListColumn
from fanmill.core.text.whitespace_words import split_words
from fanmill_contracts.catalogue import BY_NAME
from fanmill_contracts.statistics import Readability

LONG_WORD: Final = 7
"""Minimum number of letters in a long word: LIX, RIX, Wiener Sachtextformel."""
POLYSYLLABLE: Final = 3
SMOG_SENTENCES: Final = 30
"""Minimum number of sentences for SMOG."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts that the formulas use.

    Attributes:
        words: Number of words, at least 1.
        sentences: Number of sentences, at least 1.
        characters: Number of letters and digits in all words.
        long_words: Number of words with at least seven letters.
        syllables: Number of syllables; 0 for languages without syllable counts.
        polysyllables: Number of words with at least three syllables.
        monosyllables: Number of words with a single syllable.
    """

    words: int
    sentences: int
    characters: int
    long_words: int
    syllables: int = 0
    polysyllables: int = 0
    monosyllables: int = 0

    @property
    def sentence_length(self) -> float:
        """Mean number of words in a sentence."""
        return self.words / self.sentences


Formula = Callable[[Amounts], float | None]


def _flesch(of: Amounts) -> float:
    return 206.835 - 1.015 * of.sentence_length - 84.6 * of.syllables / of.words


def _kincaid(of: Amounts) -> float:
    return 0.39 * of.sentence_length + 11.8 * of.syllables / of.words - 15.59


def _fog(of: Amounts) -> float:
    return 0.4 * (of.sentence_length + 100 * of.polysyllables / of.words)


def _smog(of: Amounts) -> float | None:
    if of.sentences < SMOG_SENTENCES:
        return None
    return 1.0430 * sqrt(30 * of.polysyllables / of.sentences) + 3.1291


def _coleman(of: Amounts) -> float:
    return 5.88 * of.characters / of.words - 29.6 * of.sentences / of.words - 15.8


def _ari(of: Amounts) -> float:
    return 4.71 * of.characters / of.words + 0.5 * of.sentence_length - 21.43


def _amstad(of: Amounts) -> float:
    return 180 - of.sentence_length - 58.5 * of.syllables / of.words


def _wiener(of: Amounts) -> float:
    share = 100 / of.words
    return (
        0.1935 * share * of.polysyllables
        + 0.1672 * of.sentence_length
        + 0.1297 * share * of.long_words
        - 0.0327 * share * of.monosyllables
        - 0.875
    )


def _huerta(of: Amounts) -> float:
    return 206.84 - 60 * of.syllables / of.words - 1.02 * of.sentence_length


def _gulpease(of: Amounts) -> float:
    # The scale ends at 100; very short sentences would exceed it.
    return min(100.0, 89 + (300 * of.sentences - 10 * of.characters) / of.words)


def _lix(of: Amounts) -> float:
    return of.sentence_length + 100 * of.long_words / of.words


def _rix(of: Amounts) -> float:
    return of.long_words / of.sentences


_EVERYWHERE: Final[dict[str, Formula]] = {"lix": _lix, "rix": _rix}
FORMULAS: Final[dict[str, dict[str, Formula]]] = {
    **dict.fromkeys(("da", "fi", "fr", "no", "nb", "pt", "ru", "sv"), _EVERYWHERE),
    "en": {
        "flesch_reading_ease": _flesch,
        "flesch_kincaid_grade": _kincaid,
        "gunning_fog": _fog,
        "smog": _smog,
        "coleman_liau": _coleman,
        "automated_readability": _ari,
        **_EVERYWHERE,
    },
    "de": {"amstad": _amstad, "wiener_sachtext": _wiener, **_EVERYWHERE},
    "es": {"fernandez_huerta": _huerta, **_EVERYWHERE},
    "it": {"gulpease": _gulpease, **_EVERYWHERE},
}
"""Formulas by language."""

_LETTER: Final = re.compile(r"[^\W\d_]")
_LOOKED_AT: Final = 50_000
"""Number of code points that decide whether a text is code."""
_WITH_SYLLABLES: Final = frozenset({"en", "de", "es"})


def readability(analysis: Analysis) -> Readability:
    """Return the scores of a text for its language; none for languages without formulas."""
    formulas = FORMULAS.get(analysis.language.code)
    if formulas is None or not analysis.sentences or not len(analysis.whitespace_words.lengths):
        return Readability()
    if is_code(analysis.text[:_LOOKED_AT]):
        return Readability()
    counted = amounts(analysis)
    return Readability() if counted is None else scores(formulas, counted)


def scores(formulas: dict[str, Formula], of: Amounts) -> Readability:
    """Return the score of each formula; None for a value outside its range."""
    found: dict[str, float] = {}
    for name, formula in formulas.items():
        value = formula(of)
        entry = BY_NAME[f"readability.{name}"]
        high = entry.high
        if value is not None and high is not None and entry.low <= value <= high:
            found[name] = round(value, 8)
    return Readability(**found)


def amounts(analysis: Analysis) -> Amounts | None:
    """Return the amounts of a text; None for a text without prose.

    Words are runs between spaces, as in the formulas. Addresses, code and markup are no words, and
    a sentence of them alone is no sentence.
    """
    language = analysis.language.code
    vocabulary = analysis.whitespace_words.vocabulary
    counts, lengths = vocabulary.counts, vocabulary.lengths
    changed: Counter[str] = Counter()
    shown = plain_prose(analysis.text, analysis.markup)
    if shown is analysis.text:
        sentences = len(analysis.sentences)
    else:
        changed = _changed_words(analysis, shown)
        counts = np.append(counts, np.array([*changed.values()], np.int64))
        lengths = np.append(lengths, np.array([*map(len, changed)], np.int64))
        sentences = sum(
            1
            for start, end in analysis.sentences
            if shown[start].isalpha() or _LETTER.search(shown, start, end)
        )
        if not sentences or not counts.sum():
            return None
    counted = Amounts(
        words=int(counts.sum()),
        sentences=sentences,
        characters=int(counts @ lengths),
        long_words=int(counts[lengths >= LONG_WORD].sum()),
    )
    if language not in _WITH_SYLLABLES:
        return counted
    syllables = vocabulary.lexicon.made("syllables", partial(_syllables, language))
    number = syllables.of(vocabulary.kinds)
    if changed:
        number = np.append(number, syllables_of([*changed], language))
    return replace(
        counted,
        syllables=int(counts @ number),
        polysyllables=int(counts[number >= POLYSYLLABLE].sum()),
        monosyllables=int(counts[number == 1].sum()),
    )


def _syllables(language: str, lexicon: Lexicon) -> ListColumn[np.int64]:
    return ListColumn(lexicon, partial(syllables_of, language=language), np.int64)


def _changed_words(analysis: Analysis, shown: str) -> Counter[str]:
    """Return the words of a text without markup, less those of the text itself.

    Only words beside markup differ, so only those are split again.
    """
    text = analysis.text
    places = (codes_of(text) != codes_of(shown)).nonzero()[0]
    spaces = np.concatenate(([-1], (analysis.flags & SPACE).nonzero()[0], [len(text)]))
    runs = np.unique(spaces.searchsorted(places))
    spans = list(zip((spaces[runs - 1] + 1).tolist(), spaces[runs].tolist(), strict=True))
    old, new = (
        split_words(
            " ".join([side[start:end] for start, end in spans]),
            analysis.language.code,
            settled=analysis.is_settled,
        )
        for side in (text, shown)
    )
    changed = Counter(new)
    changed.subtract(old)
    return changed
