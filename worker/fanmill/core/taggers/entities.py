"""People, organisations and places in English texts, by lists and the structure of names.

There is no statistical model: every name can be explained, in a hundredth of the time.
`fanmill.taggers.gazetteer` reads the lists.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from fanmill.core.taggers.entity_terms import (
    ADDRESSES,
    CALENDAR,
    JOINERS,
    NO_PLACES,
    ORGANISATION_ENDS,
    ORGANISATION_HEADS,
    ORGANISATIONS,
    ORGANISATIONS_OF_WORDS,
    PARTICLES,
    PLACES,
    TITLES,
)
from fanmill.core.text.phrase_forms import POSSESSIVE
from fanmill.core.text.stop_words import stop_words

Kind = Literal["person", "organisation", "place"]

_TOKEN: Final = re.compile(
    r"(?:[^\W\d_]\.)+(?=\W|$)|[^\W_]+(?:[-'’&.][^\W_]+)*|\n+|[^\w\s]"  # noqa: RUF001
)
_INITIALS: Final = re.compile(r"(?:[A-Z]\.)+|[A-Z]")
_POSSESSIVES: Final = (*POSSESSIVE, "'", "’")  # noqa: RUF001
_POSSESSIVE_ENDS: Final = frozenset("s'’")  # noqa: RUF001
_NO_INITIALS: Final = frozenset({"U.S.", "U.N.", "U.K.", "I", "A"})
_NO_STOP_WORDS: Final = frozenset({"us", "will"})
"""Stop words that are names if they begin with a capital."""
_MAX_NAME_LENGTH: Final = 4
_MAX_TITLES: Final = 4
_MAX_ORGANISATION_LENGTH: Final = 8
"""Maximum number of words in a name; longer runs are headlines."""
_KNOWN_PERSON: Final = 0.85
_NAMED_ELSEWHERE: Final = "named in full elsewhere"
_COUNTRY: Final = 10**7
"""Minimum weight of countries, states and continents in the gazetteer."""
_LOOKED_AT: Final = 200_000
"""Maximum number of characters that are read."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its weight: inhabitants of a city, at least `10**7` for states and countries."""

    weight: int
    concept: str | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names of places, first names and surnames, in lower case."""

    places: Mapping[str, Place]
    first_names: frozenset[str]
    surnames: frozenset[str]

    def place(self, name: str) -> Place | None:
        """Return the place of a name; None for an unknown name."""
        return self.places.get(name) or (_OUR_OWN if name in PLACES else None)


_OUR_OWN: Final = Place(10**9)


@dataclass(frozen=True, slots=True)
class Entity:
    """A name with its span, its score and the reason for it."""

    kind: Kind
    start: int
    end: int
    score: float
    reason: str
    concept: str | None = None


class _Token(NamedTuple):
    word: str
    low: str
    start: int
    end: int
    large: bool
    """It begins with a capital letter."""
    owns: bool
    """A possessive ending follows, which ends a name."""


class _Found(NamedTuple):
    kind: Kind
    first: int
    """Number of its first token, behind a title."""
    end: int
    score: float
    reason: str
    concept: str | None = None


def find(text: str, gazetteer: Gazetteer) -> list[Entity]:
    """Return the names of a text in text order; none for the empty text."""
    tokens = _tokens(text[:_LOOKED_AT])
    reader = _Reader(gazetteer, {token.word for token in tokens if token.word.islower()})
    found = [each for run in _runs(tokens, text) for each in reader.read(*run)]
    # A surname alone, before the full name.
    found += [
        Entity("person", token.start, token.end, _KNOWN_PERSON, _NAMED_ELSEWHERE)
        for token in tokens
        if token.word in reader.people and token.start not in reader.taken
    ]
    return sorted(found, key=lambda each: each.start)


def _tokens(text: str) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        start, end = match.span()
        owns = False
        if word[-1] in _POSSESSIVE_ENDS:
            ending = next((each for each in _POSSESSIVES if word.endswith(each)), "")
            if 0 < len(ending) < len(word):
                word, end, owns = word.removesuffix(ending), end - len(ending), True
        tokens.append(_Token(word, word.lower(), start, end, word[0].isupper(), owns))
    return tokens


def _runs(tokens: Sequence[_Token], text: str) -> Iterator[tuple[list[_Token], str]]:
    """Yield runs of capitalised words, each with the word before it."""
    at = 0
    while at < len(tokens):
        if not tokens[at].large:
            at += 1
            continue
        end = at + 1
        while end < len(tokens) and _goes_on(tokens, end, text):
            end += 1
        while not tokens[end - 1].large:
            end -= 1
        yield list(tokens[at:end]), tokens[at - 1].low if at else ""
        at = end


def _goes_on(tokens: Sequence[_Token], at: int, text: str) -> bool:
    before, token = tokens[at - 1], tokens[at]
    if (
        before.owns
        or token.start - before.end > 1
        or text[before.end : token.start] not in {"", " "}
    ):
        return False
    return token.large or token.word in JOINERS


class _Reader:
    """Reader of runs of capitalised words; it remembers people and the words of names."""

    def __init__(self, gazetteer: Gazetteer, written_small: set[str]) -> None:
        self.people: set[str] = set()
        self.taken: set[int] = set()
        self._gazetteer = gazetteer
        self._written_small = written_small
        self._stop_words = stop_words("en") - _NO_STOP_WORDS - TITLES

    def read(self, run: list[_Token], before: str) -> Iterator[Entity]:
        """Yield the names of a run; `before` is the word before it."""
        at = 0
        while at < len(run):
            found = self._at(run, at, before if at == 0 else "")
            if found is None:
                at += 1
                continue
            last = run[found.end - 1]
            if found.kind == "person" and found.end - found.first > 1:
                self.people.add(last.word)
            self.taken.update([token.start for token in run[found.first : found.end]])
            start = run[found.first].start
            yield Entity(found.kind, start, last.end, found.score, found.reason, found.concept)
            at = found.end

    def _at(self, run: list[_Token], at: int, before: str) -> _Found | None:
        found = self._place_of_words(run, at)
        if found is not None:
            return found
        low = run[at].low
        if low in self._stop_words or low in CALENDAR or low in JOINERS:
            return None
        return (
            self._organisation(run, at)
            or self._place(run, at)
            or self._person(run, at, titled=before in TITLES)
        )

    def _place_of_words(self, run: list[_Token], at: int) -> _Found | None:
        for end in range(min(len(run), at + _MAX_NAME_LENGTH), at + 1, -1):
            place = self._gazetteer.place(_joined(run, at, end))
            if place and not (end < len(run) and run[end].low in ORGANISATION_ENDS):
                return _Found("place", at, end, 0.85, "a known place", place.concept)
        return None

    def _organisation(self, run: list[_Token], at: int) -> _Found | None:
        if run[at].word in ORGANISATIONS and not (at + 1 < len(run) and run[at + 1].large):
            return _Found("organisation", at, at + 1, 0.8, "a known organisation")
        for end in range(min(len(run), at + _MAX_ORGANISATION_LENGTH), at + 1, -1):
            name = run[at:end]
            if _joined(run, at, end) in ORGANISATIONS_OF_WORDS:
                return _Found("organisation", at, end, 0.85, "a known organisation")
            if not name[-1].large or any(token.low == "and" for token in name):
                continue
            joined = next((each for each in pairwise(name) if each[1].low in {"of", "for"}), None)
            if joined and joined[0].low in ORGANISATION_HEADS:
                reason = f"{joined[0].word} {joined[1].word}"
                return _Found("organisation", at, end, 0.75, reason)
            if not joined and name[-1].low in ORGANISATION_ENDS:
                reason = f"ends in {name[-1].word}"
                return _Found("organisation", at, end, 0.75, reason)
        return None

    def _place(self, run: list[_Token], at: int) -> _Found | None:
        token, name = run[at], run[at].low
        place = self._gazetteer.place(name)
        if (
            place is None
            or name in NO_PLACES
            or name in self._written_small - {"us"}
            or (name == "us" and (token.word != "US" or len(run) > 1))
        ):
            return None
        if place.weight < _COUNTRY and (
            token.word in self.people or (name in self._gazetteer.surnames and place.weight < 10**6)
        ):
            return None
        if at + 1 < len(run) and not (token.word.isupper() and run[at + 1].word.isupper()):
            # Paris Hilton, Manchester United: a place before another name is part of the name.
            after = run[at + 1].low
            if not (
                after in TITLES
                or after in JOINERS
                or after in self._stop_words
                or self._gazetteer.place(after)
            ):
                return None
        score = 0.9 if place.weight >= _COUNTRY else 0.75
        return _Found("place", at, at + 1, score, "a known place", place.concept)

    def _person(self, run: list[_Token], at: int, *, titled: bool) -> _Found | None:
        first = at
        while first < min(len(run), at + _MAX_TITLES) and run[first].low in TITLES:
            first += 1
        end = first
        while (
            end < len(run)
            and end - first < _MAX_NAME_LENGTH
            and self._is_name(run[end], end > first)
        ):
            end += 1
        while end > first and run[end - 1].low in PARTICLES:
            end -= 1
        size = end - first
        if not size:
            return None
        name = run[first]
        title = run[first - 1].word if first > at else ""
        if size > 1 and name.low in self._gazetteer.first_names:
            return _Found(
                "person", first, end, 0.95 if title else 0.9, f"{name.word} is a first name"
            )
        if (
            size > 1
            and _INITIALS.fullmatch(name.word)
            and name.word not in _NO_INITIALS
            and len(run[end - 1].word) > 2  # noqa: PLR2004  an initial more
        ):
            return _Found("person", first, end, 0.85, "begins with initials")
        if (size > 1 and (title or titled)) or title.lower() in ADDRESSES:
            return _Found(
                "person", first, end, 0.9, f"behind {title}" if title else "behind a title"
            )
        if size == 1 and name.word in self.people:
            return _Found("person", first, end, _KNOWN_PERSON, _NAMED_ELSEWHERE)
        return None

    def _is_name(self, token: _Token, inside: bool) -> bool:
        if token.low in PARTICLES:
            return inside
        return token.large and token.low not in self._stop_words and token.low not in TITLES


def _joined(run: Sequence[_Token], start: int, end: int) -> str:
    return " ".join([token.low for token in run[start:end]])
