"""What a text is about, in its own words.

A candidate is a run of up to three words between function words, punctuation
and line ends. It scores by how often it occurs, how long it is and how early it
comes. No model and no background corpus: the text alone decides.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from fanmill.core.abbreviations import abbreviations
from fanmill.core.analysis import Analysis, is_word
from fanmill.core.stopwords import stop_words

MAX_KEYPHRASES: Final = 10
_LOOKED_AT: Final = 200_000
"""Words and separators, about half a megabyte of English: a book names its subject by then."""
_LONGEST_PHRASE: Final = 80
"""Code points; a longer "word" is an identifier or an encoding."""

_WORD_GAIN: Final = (0.0, 1.0, 1.5, 1.65)
"""Weight by number of words: `climate change` beats `climate` at two thirds of its count."""
_WHOLE_GAIN: Final = 1.15
"""For a phrase that is all there is between two function words or marks."""
_EARLY_GAIN: Final = 0.5
"""What standing first adds, falling to nothing at the end of the text."""
_HALF_SCORE: Final = 3.0
"""The weight that scores 0.5."""
_FULL_LENGTH: Final = 8
"""Letters from which a single word has its full weight; short ones say less."""

_UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})
_UNSPACED_LETTER: Final = 3
"""Two Chinese characters say about as much as one Latin word of six letters."""
# Hiragana alone is grammar; numerals with a unit are dates and amounts.
_NO_CONTENT: Final = re.compile("[\u3040-\u309fー]+|第?[一二三四五六七八九十百千万亿億零〇两]+.?")
_ELISION: Final = re.compile(r"(?:[cdjlmnst]|qu|un|all|dall|dell|nell|sull)['’]", re.IGNORECASE)
_ELIDING: Final = frozenset({"fr", "it", "ca"})
_POSSESSIVE: Final = ("'s", "’s")
_HYPHENS: Final = frozenset("-\u2010\u2011")


@dataclass(frozen=True, slots=True)
class Keyphrase:
    """A phrase as the text has it, and its score between 0.0 and 1.0."""

    phrase: str
    score: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    key: str
    weight: float
    count: int
    first: int
    last: int


def keyphrases(analysis: Analysis) -> tuple[Keyphrase, ...]:
    """Return up to ten keyphrases, best first, none part of another.

    Phrases that differ in case alone are one; it is written in lower case if
    the text ever does so, as it stands first otherwise. The same text always
    gives the same phrases in the same order. None for a text of function words,
    numbers or nothing.
    """
    words, indexes = _content_words(analysis)
    chosen: list[_Candidate] = []
    for candidate in _candidates(words, unspaced=analysis.language.code in _UNSPACED):
        if not any(_repeats(candidate, other) for other in chosen):
            chosen.append(candidate)
            if len(chosen) == MAX_KEYPHRASES:
                break
    return tuple(
        Keyphrase(
            _as_written(analysis, found.key, indexes[found.first], indexes[found.last]),
            round(found.weight / (found.weight + _HALF_SCORE), 4),
        )
        for found in chosen
    )


def _content_words(analysis: Analysis) -> tuple[list[str], list[int]]:
    """Return the folded content words and their piece indexes; "" stands where a run ends."""
    language = analysis.language.code
    function_words = stop_words(language)
    known = abbreviations(language)
    stopped = function_words | known.never_last | known.before_number | known.seldom_last
    unspaced = language in _UNSPACED
    eliding = language in _ELIDING
    # Without a list of function words, the short words are taken for them.
    shortest = 2 if unspaced or function_words else 4
    words = [""]
    indexes = [0]
    joint = ""
    for index, piece in enumerate(islice(analysis.pieces, _LOOKED_AT)):
        if piece == " " and joint != "-":
            joint = " "
            continue
        if is_word(piece):
            word = _bare(piece, eliding=eliding).casefold()
            bounds = (
                word in stopped
                or (len(word) < shortest and not (len(word) > 1 and piece.isupper()))
                or len(word) > _LONGEST_PHRASE
                or word[0].isdecimal()
                or (unspaced and _NO_CONTENT.fullmatch(word) is not None)
            )
            joint = ""
        elif piece in _HYPHENS and not joint:
            bounds, word = False, ""
            joint = "-"
        else:
            bounds, word = joint == "-" or "\n" in piece or not piece.isspace(), ""
            joint = " "
        if bounds:
            if words[-1]:
                words.append("")
                indexes.append(index)
        elif word:
            words.append(word)
            indexes.append(index)
    # A phrase may begin at the last word, and two more are looked at.
    return [*words, "", "", ""], indexes


def _bare(piece: str, *, eliding: bool) -> str:
    """Return a word without an elided article before it and a possessive behind it."""
    if "'" in piece or "’" in piece:
        if eliding:
            piece = _ELISION.sub("", piece, count=1)
        elif piece.endswith(_POSSESSIVE):
            piece = piece[:-2]
    return piece


def _candidates(words: list[str], *, unspaced: bool) -> list[_Candidate]:
    """Return all candidates, best first; equal ones in the order of the text.

    A phrase that occurs once is a candidate if it fills its run: of the parts
    of a run nothing is known.
    """
    longest = 2 if unspaced else 3
    total = len(words)
    candidates = []
    for key, (count, place) in _phrases(words, longest).items():
        size = key.count(" ") + 1
        begins, ends = not words[place - 1], not words[place + size]
        if count == 1 and not (begins and (ends or size == longest)):
            continue
        weight = count * _WORD_GAIN[size] * (1 + _EARLY_GAIN * (1 - place / total))
        if size == 1:
            letters = len(key) * (_UNSPACED_LETTER if unspaced else 1)
            weight *= min(letters, _FULL_LENGTH) / _FULL_LENGTH
        elif begins and ends:
            weight *= _WHOLE_GAIN
        candidates.append(_Candidate(key, weight, count, place, place + size - 1))
    candidates.sort(key=lambda found: (-found.weight, found.first, found.key))
    return candidates


def _phrases(words: list[str], longest: int) -> dict[str, tuple[int, int]]:
    """Return how often each run of words occurs, and its first place."""
    counts: dict[str, int] = {}
    places: dict[str, int] = {}
    for place, word in enumerate(words[:-2]):
        if not word:
            continue
        keys = [word]
        if words[place + 1]:
            keys.append(f"{word} {words[place + 1]}")
            if words[place + 2] and longest > len(keys):
                keys.append(f"{keys[1]} {words[place + 2]}")
        for key in keys:
            if key in counts:
                counts[key] += 1
            else:
                counts[key] = 1
                places[key] = place
    return {key: (counts[key], place) for key, place in places.items()}


def _repeats(candidate: _Candidate, chosen: _Candidate) -> bool:
    """Tell whether a candidate says what a better one says already."""
    if f" {chosen.key} " in f" {candidate.key} ":
        return True
    if f" {candidate.key} " in f" {chosen.key} ":
        # A part counts when it mostly stands outside of the whole.
        return candidate.count < 2 * chosen.count
    overlap = candidate.first <= chosen.last and chosen.first <= candidate.last
    return overlap and candidate.count <= chosen.count


def _as_written(analysis: Analysis, key: str, first: int, last: int) -> str:
    pieces = analysis.pieces
    eliding = analysis.language.code in _ELIDING
    if first == last:
        phrase = _bare(pieces[first], eliding=eliding)
    else:
        phrase = "".join(pieces[first : last + 1])
        phrase = " ".join(_bare(phrase, eliding=eliding).split())
    if phrase == key or key not in analysis.layout.prose:
        return phrase
    lower = re.search(rf"(?<!\w){re.escape(key)}(?!\w)", analysis.layout.prose)
    return key if lower else phrase
