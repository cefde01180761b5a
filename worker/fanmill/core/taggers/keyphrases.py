"""Keyphrases of a text, in its own words.

A candidate is a run of up to four words between stop words, punctuation and line ends, or a
repeated part of one. Its score depends on the inverse frequencies of its words, its number of
occurrences, its length, its first place, and whether it is a whole run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from typing import Final, NamedTuple

import numpy as np

from fanmill.core.analysis import Analysis
from fanmill.core.taggers.candidate_phrases import BREAK, Runs, phrases_of, runs_of
from fanmill.core.taggers.phrase_breaks import (
    break_headlines,
    break_markup,
    break_numbers,
    break_pieces,
    break_repetitions,
)
from fanmill.core.taggers.phrase_words import ELIDING, UNSPACED, PhraseWords
from fanmill.core.taggers.signed_names import join_names
from fanmill.core.text.phrase_forms import contains_phrase, display_form, normalize_phrase
from fanmill.core.text.segmentation import well_formed
from fanmill.core.text.word_frequencies import ReferenceFrequencies, reference_frequencies

MAX_KEYPHRASES: Final = 10

# Fitted on half of twelve public sets of texts with keyphrases (news, abstracts, papers, theses,
# reports), and tested on the other half; each optimum is broad.
_LONGEST: Final = 4


class _Taste(NamedTuple):
    """Weights of a language."""

    gains: tuple[float, ...]
    """Factor by number of words, for the sum of their weights divided by its root."""
    partial: float
    """Factor of a phrase that is never a whole run; 1 for one that always is."""
    repeated: float
    """Gain of a repeated phrase. In languages without a list of verbs, a clause that occurs once
    weighs less than repeated phrases."""
    swollen: float
    """Factor of a run around a phrase that also occurs alone, often a verb and its object."""


_TASTES: Final = {"en": _Taste((0.0, 0.62, 1.15, 1.15, 0.95), 0.4, 1.15, 0.9)}
_TASTE_ELSEWHERE: Final = _Taste((0.0, 0.66, 1.1, 1.15, 0.95), 0.5, 2.0, 0.7)
_EARLY_GAIN: Final = 1.7
_EARLY_WORDS: Final = 100
"""Gain of the first place, and the number of words over which it falls to a third."""
_HALF_SCORE: Final = 10.0
"""Weight of a phrase with the score 0.5."""
_LATE: Final = 3 * _EARLY_WORDS
"""Place from which a single word that occurs once is no keyphrase, as most words are."""
_NOTHING: Final = np.zeros(1)
_GAINS: Final = {
    each: np.array(each.gains) / np.sqrt(np.maximum(np.arange(len(each.gains)), 1))
    for each in (*_TASTES.values(), _TASTE_ELSEWHERE)
}
"""Divisors of the sum of weights, by number of words."""
_SHARED: Final = 0.6
"""Factor of a phrase that is part of a better one, or has one as a part; an editor wants three
different phrases first."""
_PLURALS: Final = frozenset({"en", "es", "fr", "pt", "nl"})
_PLURAL: Final = re.compile(r"(?<=[^\Ws]{3})(?:e?s)(?= )")
_SAME_START: Final = 4
_RIVALS: Final = 60
"""Number of best candidates from which repetitions are removed."""


@dataclass(frozen=True, slots=True)
class Keyphrase:
    """A phrase in the text's spelling, its score from 0.0 to 1.0, and its first span."""

    phrase: str
    score: float
    start: int = 0
    end: int = 0


class _Candidate(NamedTuple):
    """A phrase with its number of occurrences, its first place and its weight."""

    framed: str
    """Its folded words between spaces, for a search of whole words."""
    length: int
    times: int
    place: int
    weight: float


def keyphrases(
    analysis: Analysis, frequencies: ReferenceFrequencies | None = None
) -> tuple[Keyphrase, ...]:
    """Return up to ten keyphrases, best first; none is part of another.

    Phrases that differ only in case are the same. The spelling is in lower case if the text has it
    so, otherwise as at the first place, without soft hyphens and full-width letters. A text without
    content words has no keyphrases.

    Args:
        analysis: Analysis of the text.
        frequencies: Reference frequencies; by default those of wordfreq.
    """
    language = analysis.language.code
    against = frequencies or reference_frequencies()
    kinds = analysis.lexicon.made(
        ("keyphrases", against), lambda made: PhraseWords(made, language, against)
    )
    found = kinds.of(analysis.numbers)
    starts = join_names(found, analysis, kinds)
    break_markup(found, analysis)
    break_repetitions(found)
    break_numbers(found, kinds.is_number, partial(_written, analysis))
    break_pieces(found)
    break_headlines(found, kinds.is_headline_verb, partial(_written, analysis))
    runs = runs_of(found)
    if not len(runs.words):
        return ()
    longest = 3 if language in UNSPACED else _LONGEST
    chosen: list[_Candidate] = []
    for candidate in islice(_ranked(runs, kinds, longest, language), _RIVALS):
        shared = [other for other in chosen if _overlap(candidate, other, language)]
        if any(candidate.times <= other.times for other in shared):
            continue  # it repeats a better one
        weight = candidate.weight * (_SHARED if shared else 1.0)
        chosen.append(candidate._replace(weight=weight))
        if len(chosen) == MAX_KEYPHRASES:
            break
    chosen.sort(key=lambda each: -each.weight)
    return _placed(analysis, chosen, runs, starts)


def _ranked(runs: Runs, kinds: PhraseWords, longest: int, language: str) -> Iterator[_Candidate]:
    """Yield at least the best `_RIVALS` candidates, best first; equal ones in text order.

    A phrase that occurs once is a candidate only if it is a whole run.
    """
    taste = _TASTES.get(language, _TASTE_ELSEWHERE)
    ids, words = runs.ids, np.concatenate(([BREAK], runs.words))
    total = np.bincount(ids)
    said = (kinds.weights[words] * np.sqrt(total))[ids]
    found = phrases_of(runs, total, longest, _LATE, by_word=language != "en")
    places, lengths, counts, fills = found.places, found.lengths, found.counts, found.fills
    sums = np.concatenate((_NOTHING, said.cumsum()))
    weight = sums[places + lengths] - sums[places]
    weight *= _GAINS[taste][lengths]
    again = np.sqrt(counts) * (taste.partial + (1 - taste.partial) * fills / counts)
    once = np.where(found.swollen, taste.swollen, 1.0)
    weight *= np.where(counts > 1, again * taste.repeated, once)
    weight *= 1 + _EARLY_GAIN * np.exp(places / -_EARLY_WORDS)
    first, last = words[ids[places]], words[ids[places + lengths - 1]]
    alone = lengths == 1
    weight[kinds.never_last[last] | (~alone & kinds.never_first[first])] = 0.0
    weight[alone & (kinds.never_alone[first] | kinds.is_number[first])] = 0.0
    best = weight.nonzero()[0]
    if len(best) > _RIVALS:
        # Only the best ones are sorted, and those with the same weight as the last of them.
        least = np.partition(weight, len(weight) - _RIVALS)[len(weight) - _RIVALS]
        best = (weight >= least).nonzero()[0]
    # Two candidates never have the same place and length.
    order = np.lexsort((places[best] * (_LONGEST + 1) + lengths[best], -weight[best]))
    for at in best[order].tolist():
        place, length = int(places[at]), int(lengths[at])
        key = words[ids[place : place + length]].tolist()
        framed = f" {' '.join([kinds.words[each] for each in key])} "
        yield _Candidate(framed, length, int(counts[at]), place, float(weight[at]))


def _overlap(candidate: _Candidate, chosen: _Candidate, language: str) -> bool:
    """Tell whether one phrase is part of the other, or its plural.

    The candidate is kept only if it occurs mostly outside of the chosen one.
    """
    one, other = candidate.framed, chosen.framed
    if one in other or other in one:
        return True
    if language not in _PLURALS or candidate.length != chosen.length:
        return False
    # A shortcut: a plural begins as its singular does.
    return one[:_SAME_START] == other[:_SAME_START] and _singular(one) == _singular(other)


@lru_cache(maxsize=256)
def _singular(framed: str) -> str:
    """Return a phrase without the endings of plurals; each is compared with up to ten others."""
    return _PLURAL.sub("", framed)


def _placed(
    analysis: Analysis, chosen: list[_Candidate], runs: Runs, starts: dict[int, int]
) -> tuple[Keyphrase, ...]:
    """Return the phrases as written, with the offsets of their first occurrence.

    `starts` has the starts of words that are more than one token.
    """
    bounds = analysis.token_bounds
    found = []
    for each in chosen:
        # The ends of runs are no tokens; the numbers omit the break before the first token.
        first = runs.tokens[each.place]
        last = runs.tokens[each.place + each.length - 1]
        start = starts.get(int(first), int(bounds[first]))
        end = int(bounds[last + 1])
        score = round(each.weight / (each.weight + _HALF_SCORE), 4)
        found.append(Keyphrase(_as_written(analysis, start, end), score, start, end))
    return tuple(found)


def _written(analysis: Analysis, token: int) -> str:
    start, end = analysis.token_bounds[token : token + 2].tolist()
    return well_formed(analysis.layout.prose[start:end])


def _as_written(analysis: Analysis, start: int, end: int) -> str:
    eliding = analysis.language.code in ELIDING
    phrase = display_form(well_formed(analysis.layout.prose[start:end]))
    phrase = " ".join(normalize_phrase(phrase, eliding=eliding).split())
    lower = phrase.casefold()
    if phrase == lower or not contains_phrase(lower, analysis.layout.prose):
        return phrase
    return lower
