"""Topics of a text, among the 17 first-level IPTC Media Topics, by counts of terms.

A topic needs enough terms of its own, so short texts, lists and texts in other languages have none.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import compress
from math import exp, log
from typing import Final

import numpy as np
import numpy.typing as npt
from ahocorasick_rs import AhoCorasick

from fanmill.core.taggers.topic_stems import Stems
from fanmill.core.taggers.topic_terms import LANGUAGES, STEM, TOPICS, Topic, terms_of
from fanmill.core.tagging.document_view import DocumentView
from fanmill.core.text.characters import Integers
from fanmill.core.text.lexicon import Column, Lexicon
from fanmill.core.text.normal_words import NormalWords
from fanmill.core.text.segmentation import well_formed
from fanmill.core.text.source_lines import Span

MAX_TOPICS: Final = 3
MIN_PROBABILITY: Final = 0.61
"""Minimum probability of a topic; below it a topic is nearly as often wrong as right."""
_STRONG: Final = 2.0
_PLAIN: Final = 0.7
"""Weights of terms with `*` and without."""
_MAX_SPANS: Final = 12
_LOOKED_AT: Final = 20_000
"""Maximum number of words (in Chinese, of characters) that are read."""

# Logistic regression on halves of AG News, BBC, 10kGNAD, MasakhaNEWS (English, French) and THUCNews
# titles: about p of the first topics with probability p have the section of the text.
_EVEN: Final = 0.39
"""Logarithm of the odds of a topic that weighs as much as its rival and a plain term more."""
_SLOPE: Final = 1.43
_NEARLY: Final = 0.8
"""Minimum weight of the second topic, as a share of the first, in a text on two subjects."""
_PAIR: Final = 0.75
"""Factor of the probability of each of two such topics."""
_CHANCE: Final = 1.0
"""Weight that chance may give to a rival, so that a single plain term is not enough."""


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic with its probability, its terms in the text, and their spans."""

    topic: Topic
    probability: float
    terms: tuple[str, ...]
    spans: tuple[Span, ...]


def find_topics(doc: DocumentView) -> tuple[FoundTopic, ...]:
    """Return up to three topics by falling probability; none below `MIN_PROBABILITY`."""
    code = doc.language.code
    if code not in LANGUAGES:
        return ()
    counts = _COUNTS.get(code, _stemmed)(doc)
    table = _table(code)
    weights: dict[int, float] = {}
    for term, count in counts.items():
        number, weight = table[term]
        weights[number] = weights.get(number, 0.0) + weight * (1 + log(count))
    found = []
    ranked = sorted(weights, key=lambda each: (-weights[each], each))
    probabilities = _probabilities([weights[each] for each in ranked])
    for number, probability in zip(ranked[:MAX_TOPICS], probabilities, strict=False):
        if probability >= MIN_PROBABILITY:
            terms = sorted(
                (term for term in counts if table[term][0] == number),
                key=lambda term: (-counts[term] * table[term][1], term),
            )[:6]
            found.append(
                FoundTopic(
                    TOPICS[number],
                    probability,
                    tuple(term.removesuffix(STEM) for term in terms),
                    _spans(doc, code, terms),
                )
            )
    return tuple(found)


def _probabilities(weights: list[float]) -> list[float]:
    """Return the probabilities of the first topics, given the weights of all in falling order.

    The rival of a topic is the next one. A text on two subjects has two topics of nearly the same
    weight, whose common rival is the third. A further topic is never more probable than the first.
    """
    found: list[float] = []
    padded = [*weights, 0.0, 0.0]
    for place, weight in enumerate(weights[:MAX_TOPICS]):
        share = weight / weights[0]
        one = _probability(weight, padded[place + 1]) * share
        pair = _probability(weight, padded[2]) * _PAIR
        both = place <= 1 and padded[1] >= _NEARLY * weights[0]
        found.append(round(min([max(one, pair) if both else one, *found]), 4))
    return found


def _probability(weight: float, rival: float) -> float:
    odds = exp(_EVEN + _SLOPE * log(weight / (rival + _CHANCE)))
    return min(0.98, odds / (1 + odds))


def _english(doc: DocumentView) -> Counter[str]:
    terms = _terms("en")
    read = doc.normal_numbers[: 2 * _LOOKED_AT]
    if doc.furniture:
        read = read[~_in_spans(doc.token_bounds[: len(read)], doc.furniture)]
    found = doc.lexicon.made("topics", _column).of(read)
    numbers = np.bincount(found, minlength=1)
    counts = Counter({terms[each]: int(numbers[each]) for each in numbers[1:].nonzero()[0] + 1})
    if doc.document.title:
        for word in doc.document.title.casefold().split():
            term = terms[_number_of(word)]
            if term:
                counts[term] += 1
    return counts


def _in_spans(places: Integers, spans: list[Span]) -> npt.NDArray[np.bool_]:
    """Tell for each place of a text whether one of some spans in text order contains it."""
    starts, ends = np.array(spans, np.int64).T
    before = starts.searchsorted(places, side="right") - 1
    inside: npt.NDArray[np.bool_] = (before >= 0) & (places < ends[before])
    return inside


def _column(lexicon: Lexicon) -> Column[np.int16]:
    return Column(lexicon.made("normal words", NormalWords), _number_of, np.int16)


def _number_of(word: str) -> int:
    """Return the number of a word's term; 0 for none."""
    numbers = _numbers("en")
    if word in numbers:
        return numbers[word]
    single = word.removesuffix("s")
    if single not in numbers and word.endswith("ies"):
        single = f"{word[:-3]}y"
    return numbers.get(single, 0)


@cache
def _terms(language: str) -> list[str]:
    """Return the terms by number, from 1."""
    return ["", *_table(language)]


@cache
def _numbers(language: str) -> dict[str, int]:
    return {term: number for number, term in enumerate(_terms(language)) if number}


def _chinese(doc: DocumentView) -> Counter[str]:
    text = well_formed(f"{doc.document.title or ''}\n{_without_furniture(doc)}")
    searcher, terms = _searcher()
    return Counter(terms[number] for number, _, _ in searcher.find_matches_as_indexes(text))


def _without_furniture(doc: DocumentView) -> str:
    parts, at = [], 0
    for start, end in doc.furniture:
        parts.append(doc.text[at:start])
        at = end
    return "".join((*parts, doc.text[at:]))[:_LOOKED_AT]


def _stemmed(doc: DocumentView) -> Counter[str]:
    """Return counts of terms in a language that inflects its words."""
    known = _stems(doc.language.code)
    read = doc.normal_words
    if doc.furniture and len(read) == len(doc.word_starts):
        inside = ~_in_spans(doc.word_starts, doc.furniture)
        read = list(compress(read, inside.tolist()))
    words = Counter(read[:_LOOKED_AT])
    if doc.document.title:
        words.update(doc.document.title.casefold().split())
    counts: Counter[str] = Counter()
    for word, count in words.items():
        term = known[word]
        if term:
            counts[term] += count
    return counts


@cache
def _stems(language: str) -> Stems:
    return Stems(_table(language))


def _spans(doc: DocumentView, code: str, terms: list[str]) -> tuple[Span, ...]:
    """Return the span of the first occurrence of each term."""
    text = doc.text if code == "zh" else doc.folded
    places = (_place(text, term, bounded=code != "zh") for term in terms)
    return tuple(sorted(place for place in places if place is not None))[:_MAX_SPANS]


def _place(text: str, term: str, *, bounded: bool) -> Span | None:
    found = term.removesuffix(STEM)
    at = text.find(found)
    if at < 0 and "ss" in found:
        # Folded words have ss for ß, but the text keeps ß, so that offsets remain valid.
        found = found.replace("ss", "ß")
        at = text.find(found)
    while bounded and at > 0 and text[at - 1].isalnum():
        at = text.find(found, at + 1)
    if at < 0:
        return None
    end = at + len(found)
    while term.endswith(STEM) and end < len(text) and text[end].isalnum():
        end += 1
    return at, end


@cache
def _table(language: str) -> dict[str, tuple[int, float]]:
    """Return topic number and weight of each term; terms of two topics are left out."""
    table: dict[str, tuple[int, float]] = {}
    shared: set[str] = set()
    for each in terms_of(language):
        weight = _STRONG if each.strong else _PLAIN
        known = table.get(each.text)
        if known and known[0] != each.topic and known[1] == weight:
            shared.add(each.text)
        elif not known or known[0] == each.topic or weight > known[1]:
            table[each.text] = (each.topic, weight)
    for term in shared:
        del table[term]
    return table


@cache
def _searcher() -> tuple[AhoCorasick, list[str]]:
    from ahocorasick_rs import MatchKind  # noqa: PLC0415

    terms = list(_table("zh"))
    return AhoCorasick(terms, matchkind=MatchKind.LeftmostLongest), terms


_COUNTS: Final = {"en": _english, "zh": _chinese}
"""Counting functions of languages whose terms are whole words."""
