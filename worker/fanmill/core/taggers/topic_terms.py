"""The 17 first-level IPTC Media Topics, and their terms by language.

The terms are our own, in a data file for each language: `terms/<language>.toml`. A term with `*`
behind it has twice the weight, because it rarely occurs in texts on other topics. A term that ends
in `-` matches all words that begin with it.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("en", "zh", "de", "fr", "es", "ru")
STEM: Final = "-"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its id and name in the IPTC's NewsCodes."""

    medtop: str
    name: str


TOPICS: Final = (
    Topic("01000000", "arts, culture, entertainment and media"),
    Topic("16000000", "conflict, war and peace"),
    Topic("02000000", "crime, law and justice"),
    Topic("03000000", "disaster, accident and emergency incident"),
    Topic("04000000", "economy, business and finance"),
    Topic("05000000", "education"),
    Topic("06000000", "environment"),
    Topic("07000000", "health"),
    Topic("08000000", "human interest"),
    Topic("09000000", "labour"),
    Topic("10000000", "lifestyle and leisure"),
    Topic("11000000", "politics and government"),
    Topic("12000000", "religion"),
    Topic("13000000", "science and technology"),
    Topic("14000000", "society"),
    Topic("15000000", "sport"),
    Topic("17000000", "weather"),
)


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a topic, with the topic's number in `TOPICS`; strong terms weigh twice."""

    text: str
    topic: int
    strong: bool


@cache
def terms_of(language: str) -> tuple[Term, ...]:
    """Return the terms of a language; none for a language without a list."""
    if language not in LANGUAGES:
        return ()
    listed = tomllib.loads(_written(language))
    return tuple(
        Term(written.rstrip("*"), number, written.endswith("*"))
        for number, topic in enumerate(TOPICS)
        for written in listed[topic.medtop]["terms"].split()
    )


@cache
def terms_hash() -> str:
    """Return 12 hexadecimal digits that identify the term lists of all languages."""
    return sha256("\n".join(map(_written, LANGUAGES)).encode()).hexdigest()[:12]


def _written(language: str) -> str:
    path = files("fanmill.core.taggers") / "terms" / f"{language}.toml"
    return path.read_text(encoding="utf-8")
