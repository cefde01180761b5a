"""What a text is about, in its own words.

A candidate is a run of up to four words between function words, punctuation
and line ends, or a part of one that the text repeats. It scores by how rare its
words are in the language at large, how often it occurs, whether it fills its
run, how long it is and how early it comes.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from itertools import islice, pairwise
from math import exp, sqrt
from typing import Final

from fanmill.core.abbreviations import abbreviations
from fanmill.core.analysis import Analysis, is_word
from fanmill.core.background import UNKNOWN, Background, cold_start
from fanmill.core.stopwords import pale_words, stop_words

MAX_KEYPHRASES: Final = 10
_LOOKED_AT: Final = 200_000
"""Words and separators, about half a megabyte of English: a book names its subject by then."""
_LONGEST_PHRASE: Final = 80
"""Code points; a longer "word" is an identifier or an encoding."""

# Fitted on Inspec, SemEval-2010, SemEval-2017 and 500N-KPCrowd; each stands on a broad plateau.
_LONGEST: Final = 4
_SIZE_GAIN: Final = (0.0, 0.6, 1.2, 1.15, 1.0)
"""Weight by number of words, on top of the sum of their own weights over its root."""
_COMMON: Final = 2.5
"""Rarity up to which a word says nothing."""
_RAREST: Final = 4.0
"""Above `_COMMON`: what is rarer than this is no more telling, misspellings are rare too."""
_LEAST: Final = 0.05
_PARTIAL: Final = 0.5
"""Weight of a phrase that never fills its run, against one that always does."""
_REPEATED: Final = {"en": 1.05}
_REPEATED_ELSEWHERE: Final = 2.0
"""Gain of what occurs again, by language: where verbs are not seen to be verbs, a clause that
occurs once is worth less against what the text repeats."""
_SWOLLEN: Final = 0.7
"""Weight of a run around a phrase that stands elsewhere alone: often verb and object."""
_EARLY_GAIN: Final = 1.5
_EARLY_WORDS: Final = 120
"""What standing first adds, and over how many words that falls to a third."""
_HALF_SCORE: Final = 8.0
"""The weight that scores 0.5."""
_FUNCTION_WORD: Final = 3.2
"""Rarity below which a word is a function word, where there is no list of them."""
_ROOTS: Final = tuple(map(sqrt, range(_LONGEST + 1)))
_RIVALS: Final = 60
"""Best candidates among which repetitions are weeded out."""

_UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})
# Hiragana alone is grammar; numerals with a unit are dates and amounts.
_NO_CONTENT: Final = re.compile("[\u3040-\u309fー]+|第?[一二三四五六七八九十百千万亿億零〇两]+.?")
_ELISION: Final = re.compile(r"(?:[cdjlmnst]|qu|un|all|dall|dell|nell|sull)['’]", re.IGNORECASE)
_ELIDING: Final = frozenset({"fr", "it", "ca"})
_POSSESSIVE: Final = ("'s", "’s")
_HYPHENS: Final = frozenset("-\u2010\u2011")

_SPACE: Final = " "
_HYPHEN: Final = "-"
_BREAK: Final = ""
_MARKS: Final = frozenset({_SPACE, _HYPHEN, _BREAK})


@dataclass(frozen=True, slots=True)
class Keyphrase:
    """A phrase as the text has it, its score between 0.0 and 1.0, and where it stands first."""

    phrase: str
    score: float
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A phrase, how often it occurs, its first place and its weight."""

    key: "_Key"
    count: int
    place: int
    weight: float


_Key = str | tuple[str, ...]
"""A word, or several: words are by far the most, and their hashes are computed once."""


class _Classes(dict[str, str]):
    """What each piece is for keyphrases: a folded content word, or one of three marks.

    Kept between documents: a language has the same words again and again.
    """

    MOST = 50_000

    def __init__(self, language: str, rarities: "_Weights") -> None:
        super().__init__()
        known = abbreviations(language)
        function_words = stop_words(language)
        self._stopped = (
            function_words
            | pale_words(language)
            | known.never_last
            | known.before_number
            | known.seldom_last
        )
        self._unspaced = language in _UNSPACED
        self._eliding = language in _ELIDING
        self._common = {} if function_words else rarities.known
        # Without any list the short words are taken for function words.
        self._shortest = 2 if self._unspaced or function_words or self._common else 4

    def __missing__(self, piece: str) -> str:
        if len(self) > self.MOST:
            self.clear()
        found = self[piece] = self._class_of(piece)
        return found

    def _class_of(self, piece: str) -> str:
        if piece == " ":
            return _SPACE
        if not is_word(piece):
            return _HYPHEN if piece in _HYPHENS else _BREAK
        word = _bare(piece, eliding=self._eliding).casefold()
        if (
            word in self._stopped
            or (len(word) < self._shortest and not (len(word) > 1 and piece.isupper()))
            or len(word) > _LONGEST_PHRASE
            or word[0].isdecimal()
            or self._common.get(word, UNKNOWN) < _FUNCTION_WORD
            or (self._unspaced and _NO_CONTENT.fullmatch(word) is not None)
        ):
            return _BREAK
        return word


class _Weights(dict[str, float]):
    """How much each word says, by its rarity in the language."""

    def __init__(self, language: str, background: Background) -> None:
        super().__init__()
        self.known = background.rarities(language)

    def __missing__(self, word: str) -> float:
        if len(self) > _Classes.MOST:
            self.clear()
        rarity = self.known.get(word, UNKNOWN) - _COMMON
        found = self[word] = min(max(rarity, _LEAST), _RAREST)
        return found


@lru_cache(maxsize=64)
def _tables(language: str, background: Background) -> tuple[_Classes, _Weights]:
    weights = _Weights(language, background)
    return _Classes(language, weights), weights


def keyphrases(analysis: Analysis, background: Background | None = None) -> tuple[Keyphrase, ...]:
    """Return up to ten keyphrases, best first, none part of another.

    Phrases that differ in case alone are one; it is written in lower case if
    the text ever does so, as it stands first otherwise. The same text always
    gives the same phrases in the same order. None for a text of function words,
    numbers or nothing.
    """
    language = analysis.language.code
    classes, weights = _tables(language, background or cold_start())
    words, indexes = _content_words(analysis.pieces, classes)
    longest = 3 if language in _UNSPACED else _LONGEST
    chosen: list[_Candidate] = []
    for candidate in _ranked(words, weights, longest, language):
        if not any(_repeats(candidate, other) for other in chosen):
            chosen.append(candidate)
            if len(chosen) == MAX_KEYPHRASES:
                break
    return _placed(analysis, chosen, indexes)


def _content_words(pieces: list[str], classes: _Classes) -> tuple[list[str], list[int]]:
    """Return the folded content words and their piece indexes; "" stands where a run ends."""
    words = [""]
    indexes = [0]
    broken = True
    kinds = list(map(classes.__getitem__, islice(pieces, _LOOKED_AT)))
    kinds.append(_BREAK)
    for index, kind in enumerate(kinds):
        if kind == _SPACE:
            continue
        if kind == _HYPHEN:
            # `word-word` is one phrase; `word - word` and `word- and` are not.
            if kinds[index - 1] not in _MARKS and kinds[index + 1] not in _MARKS:
                continue
            kind = _BREAK  # noqa: PLW2901
        if kind:
            words.append(kind)
            indexes.append(index)
            broken = False
        elif not broken:
            words.append("")
            indexes.append(index)
            broken = True
    return [*words, ""], indexes


def _bare(piece: str, *, eliding: bool) -> str:
    """Return a word without an elided article before it and a possessive behind it."""
    if "'" in piece or "’" in piece:
        if eliding:
            piece = _ELISION.sub("", piece, count=1)
        elif piece.endswith(_POSSESSIVE):
            piece = piece[:-2]
    return piece


_FILLS: Final = 1 << 32
"""Counts run below, and above how often a phrase fills its run: one number for both."""


_ONCE: Final = 1 + _FILLS
_LATE: Final = 2 * _EARLY_WORDS
"""Words from which a single word that never comes again is no keyphrase: most are such."""


def _counted(words: list[str], longest: int) -> tuple[dict[_Key, int], dict[_Key, int]]:
    """Return how often each run or part of a run occurs and fills it, and its first place."""
    counts: dict[_Key, int] = {}
    places: dict[_Key, int] = {}
    end = len(words)
    # From the end on, so that the first place is what remains.
    for start in range(len(words) - 1, -1, -1):
        if words[start]:
            continue
        size = end - start - 1
        if size == 1:
            key: _Key = words[start + 1]
            counts[key] = counts.get(key, 0) + 1 + _FILLS
            places[key] = start + 1
        elif size:
            for at in range(end - 1, start, -1):
                key = words[at]
                counts[key] = counts.get(key, 0) + 1
                places[key] = at
            for length in range(2, min(longest, size) + 1):
                more = 1 + _FILLS if length == size else 1
                for at in range(end - length, start, -1):
                    key = tuple(words[at : at + length])
                    counts[key] = counts.get(key, 0) + more
                    places[key] = at
        end = start
    return counts, places


def _ranked(words: list[str], weights: _Weights, longest: int, language: str) -> list[_Candidate]:
    """Return the best candidates, best first; equal ones in the order of the text.

    A phrase that occurs once is a candidate if it fills its run: of the parts
    of a run nothing is known.
    """
    counts, places = _counted(words, longest)
    said = {
        key: weights[key] * sqrt(packed % _FILLS)
        for key, packed in counts.items()
        if isinstance(key, str)
    }
    repeated = _REPEATED.get(language, _REPEATED_ELSEWHERE)
    english = language == "en"
    ranked = []
    for key, packed in counts.items():
        if packed == 1:
            continue
        place = places[key]
        if packed == _ONCE and place > _LATE and isinstance(key, str):
            continue
        fills, count = divmod(packed, _FILLS)
        if isinstance(key, str):
            last, weight, gain = key, said[key], _SIZE_GAIN[1]
        else:
            last, gain = key[-1], _SIZE_GAIN[len(key)]
            weight = sum([said[word] for word in key]) / _ROOTS[len(key)]
            if english and key[0].endswith("ly"):
                continue
        if english and last.endswith(("ed", "ly")):
            continue
        weight *= gain * (1 + _EARLY_GAIN * exp(-place / _EARLY_WORDS))
        if count == 1:
            if not isinstance(key, str) and _holds_repeated(key, counts, by_word=not english):
                weight *= _SWOLLEN
        else:
            weight *= sqrt(count) * (_PARTIAL + (1 - _PARTIAL) * fills / count) * repeated
        # No two have place and size in common: the keys are never compared.
        ranked.append((-weight, place, 1 if isinstance(key, str) else len(key), count, key))
    best = nsmallest(_RIVALS, ranked)
    return [_Candidate(key, count, place, -weight) for weight, place, _, count, key in best]


def _holds_repeated(key: tuple[str, ...], counts: dict[_Key, int], *, by_word: bool) -> bool:
    """Tell whether a phrase that occurs once has in it what occurs elsewhere.

    That is a pair of words, with `by_word` also a single one.
    """
    if by_word:
        return any(counts[word] % _FILLS > 1 for word in key)
    return len(key) > 2 and any(  # noqa: PLR2004  a pair is no part of a pair
        counts[pair] % _FILLS > 1 for pair in pairwise(key)
    )


def _words(key: _Key) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else key


def _repeats(candidate: _Candidate, chosen: _Candidate) -> bool:
    """Tell whether a candidate says what a better one says already.

    A part of another counts when it mostly stands outside of the whole.
    """
    one = f" {' '.join(_words(candidate.key))} "
    other = f" {' '.join(_words(chosen.key))} "
    return (one in other or other in one) and candidate.count <= chosen.count


def _placed(
    analysis: Analysis, chosen: list[_Candidate], indexes: list[int]
) -> tuple[Keyphrase, ...]:
    """Return the phrases as written, with the offsets of their first occurrence."""
    if not chosen:
        return ()
    pieces = analysis.pieces
    ends = [
        (indexes[each.place], indexes[each.place + len(_words(each.key)) - 1]) for each in chosen
    ]
    offsets: dict[int, int] = {}
    at = 0
    wanted = sorted({index for pair in ends for index in pair})
    done = 0
    for index in wanted:
        at += sum(map(len, pieces[done:index]))
        offsets[index] = at
        done = index
    return tuple(
        Keyphrase(
            _as_written(analysis, first, last),
            round(each.weight / (each.weight + _HALF_SCORE), 4),
            offsets[first],
            offsets[last] + len(pieces[last]),
        )
        for each, (first, last) in zip(chosen, ends, strict=True)
    )


def _as_written(analysis: Analysis, first: int, last: int) -> str:
    pieces = analysis.pieces
    eliding = analysis.language.code in _ELIDING
    if first == last:
        phrase = _bare(pieces[first], eliding=eliding)
    else:
        phrase = "".join(pieces[first : last + 1])
        phrase = " ".join(_bare(phrase, eliding=eliding).split())
    lower = phrase.casefold()
    if phrase == lower or lower not in analysis.layout.prose:
        return phrase
    found = re.search(rf"(?<!\w){re.escape(lower)}(?!\w)", analysis.layout.prose)
    return lower if found else phrase
