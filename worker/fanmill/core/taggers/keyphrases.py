"""What a text is about, in its own words.

A candidate is a run of up to four words between function words, punctuation
and line ends, or a part of one that the text repeats. It scores by how rare its
words are in the language at large, how often it occurs, whether it fills its
run, how long it is and how early it comes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

import numpy as np

from fanmill.core.analysis import Analysis
from fanmill.core.taggers.candidate_phrases import BREAK, Runs, phrases_of, runs_of
from fanmill.core.taggers.phrase_words import ELIDING, UNSPACED, PhraseWords
from fanmill.core.text.phrase_forms import contains_phrase, display_form, normalize_phrase
from fanmill.core.text.word_frequencies import ReferenceFrequencies, reference_frequencies

MAX_KEYPHRASES: Final = 10

# Fitted on one half of twelve public sets of texts with keyphrases (news, abstracts, papers,
# theses, reports), tried on the other half; each stands on a broad plateau.
_LONGEST: Final = 4


class _Taste(NamedTuple):
    """What counts in a language, and how much."""

    gains: tuple[float, ...]
    """Weight by number of words, on top of the sum of their own weights over its root."""
    partial: float
    """Weight of a phrase that never fills its run, against one that always does."""
    repeated: float
    """Gain of what occurs again. Where verbs are not seen to be verbs, a clause that occurs once
    is worth less against what the text repeats."""
    swollen: float
    """Weight of a run around a phrase that stands elsewhere alone: often verb and object."""


_TASTES: Final = {"en": _Taste((0.0, 0.62, 1.15, 1.15, 0.95), 0.4, 1.15, 0.9)}
_TASTE_ELSEWHERE: Final = _Taste((0.0, 0.66, 1.1, 1.15, 0.95), 0.5, 2.0, 0.7)
_EARLY_GAIN: Final = 1.7
_EARLY_WORDS: Final = 100
"""What standing first adds, and over how many words that falls to a third."""
_HALF_SCORE: Final = 10.0
"""The weight that scores 0.5."""
_LATE: Final = 3 * _EARLY_WORDS
"""Words from which a single word that never comes again is no keyphrase: most are such."""
_NOTHING: Final = np.zeros(1)
_GAINS: Final = {
    each: np.array(each.gains) / np.sqrt(np.maximum(np.arange(len(each.gains)), 1))
    for each in (*_TASTES.values(), _TASTE_ELSEWHERE)
}
"""By number of words, and by what the sum of their weights is divided."""
_RIVALS: Final = 60
"""Best candidates among which repetitions are weeded out."""


@dataclass(frozen=True, slots=True)
class Keyphrase:
    """A phrase as the text has it, its score between 0.0 and 1.0, and where it stands first."""

    phrase: str
    score: float
    start: int = 0
    end: int = 0


class _Candidate(NamedTuple):
    """A phrase, how often it occurs, its first place and its weight."""

    framed: str
    """Its folded words, so that only whole words are found in it."""
    length: int
    times: int
    place: int
    weight: float


def keyphrases(
    analysis: Analysis, frequencies: ReferenceFrequencies | None = None
) -> tuple[Keyphrase, ...]:
    """Return up to ten keyphrases, best first, none part of another.

    Phrases that differ in case alone are one; it is written in lower case if
    the text ever does so, as it stands first otherwise, without soft hyphens
    and full-width letters. The same text always gives the same phrases in the
    same order. None for a text of function words, numbers or nothing.
    """
    language = analysis.language.code
    against = frequencies or reference_frequencies()
    kinds = analysis.lexicon.made(
        ("keyphrases", against), lambda made: PhraseWords(made, language, against)
    )
    runs = runs_of(kinds.of(analysis.numbers))
    if not len(runs.words):
        return ()
    longest = 3 if language in UNSPACED else _LONGEST
    chosen: list[_Candidate] = []
    for candidate in islice(_ranked(runs, kinds, longest, language), _RIVALS):
        if not any(_repeats(candidate, other) for other in chosen):
            chosen.append(candidate)
            if len(chosen) == MAX_KEYPHRASES:
                break
    return _placed(analysis, chosen, runs)


def _ranked(runs: Runs, kinds: PhraseWords, longest: int, language: str) -> Iterator[_Candidate]:
    """Yield candidates, best first; equal ones in the order of the text.

    A phrase that occurs once is a candidate if it fills its run: of the parts
    of a run nothing is known.
    """
    taste = _TASTES.get(language, _TASTE_ELSEWHERE)
    ids, words = runs.ids, np.concatenate(([BREAK], runs.words))
    total = np.bincount(ids)
    said = (kinds.weights[words] * np.sqrt(total))[ids]
    found = phrases_of(runs, total, longest, _LATE, by_word=language != "en")
    places, lengths, counts, fills = found.places, found.lengths, found.counts, found.fills
    sums = np.concatenate((_NOTHING, np.cumsum(said)))
    weight = sums[places + lengths] - sums[places]
    weight *= _GAINS[taste][lengths]
    again = np.sqrt(counts) * (taste.partial + (1 - taste.partial) * fills / counts)
    once = np.where(found.swollen, taste.swollen, 1.0)
    weight *= np.where(counts > 1, again * taste.repeated, once)
    weight *= 1 + _EARLY_GAIN * np.exp(places / -_EARLY_WORDS)
    first, last = words[ids[places]], words[ids[places + lengths - 1]]
    weight[kinds.never_last[last] | ((lengths > 1) & kinds.never_first[first])] = 0.0
    # No two have place and length in common.
    for at in np.lexsort((places * (_LONGEST + 1) + lengths, -weight)).tolist():
        if not weight[at]:
            return
        place, length = int(places[at]), int(lengths[at])
        key = words[ids[place : place + length]].tolist()
        framed = f" {' '.join([kinds.words[each] for each in key])} "
        yield _Candidate(framed, length, int(counts[at]), place, float(weight[at]))


def _repeats(candidate: _Candidate, chosen: _Candidate) -> bool:
    """Tell whether a candidate says what a better one says already.

    A part of another counts when it mostly stands outside of the whole.
    """
    one, other = candidate.framed, chosen.framed
    return (one in other or other in one) and candidate.times <= chosen.times


def _placed(analysis: Analysis, chosen: list[_Candidate], runs: Runs) -> tuple[Keyphrase, ...]:
    """Return the phrases as written, with the offsets of their first occurrence."""
    tokens = analysis.tokens
    found = []
    for each in chosen:
        last = each.place + each.length - 1
        # Where runs end stands no token; tokens are counted without the break before the first.
        found.append((int(runs.tokens[each.place]), int(runs.tokens[last])))
    offsets: dict[int, int] = {}
    wanted = {index for pair in found for index in pair}
    at = done = 0
    for index in sorted(wanted):
        at += len("".join(tokens[done:index]))
        offsets[index] = at
        done = index
    return tuple(
        Keyphrase(
            _as_written(analysis, first, last),
            round(each.weight / (each.weight + _HALF_SCORE), 4),
            offsets[first],
            offsets[last] + len(tokens[last]),
        )
        for each, (first, last) in zip(chosen, found, strict=True)
    )


def _as_written(analysis: Analysis, first: int, last: int) -> str:
    eliding = analysis.language.code in ELIDING
    phrase = display_form("".join(analysis.tokens[first : last + 1]))
    phrase = " ".join(normalize_phrase(phrase, eliding=eliding).split())
    lower = phrase.casefold()
    if phrase == lower or not contains_phrase(lower, analysis.layout.prose):
        return phrase
    return lower
