"""Abbreviations by language: words that end in a full stop without ending a sentence.

The data is `abbreviations.toml`; only `sentences` uses it. Entries are case-folded and lack the
last full stop. Dotted forms (`z.b`) and initials need no entry; their shape identifies them.
"""

import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal

from fanmill.core.text.stop_words import stop_words

Ordinals = Literal["", "always", "names"]

_FILE: Final = Path(__file__).with_name("abbreviations.toml")
_ENDS_OF_WORDS: Final = ("suffixes", "streets", "surnames")
_NAMES: Final = {"nb": "no", "nn": "no", "bs": "hr"}
"""Codes of languages that use the list of another one."""


@dataclass(frozen=True)
class Abbreviations:
    """Abbreviations of a language.

    Attributes:
        titles: Abbreviations that never end a sentence, such as titles.
        seldom_last: Abbreviations that end a sentence only before a function word.
        may_end: Abbreviations that end a sentence before a capital letter.
        units: Abbreviations that behave as `may_end` behind a number, otherwise as `titles`.
        before_number: Abbreviations that continue before a digit (`No. 5`), or before a letter and
            a digit (`art. L. 5`).
        before_letter: Abbreviations that continue before an initial (`Fed. R. Evid.`).
        before_small: Abbreviations that continue before a small letter.
        contractions: Abbreviations that are written without a full stop (`mln`); behind them it
            ends a sentence, except before a small letter.
        brands: Names that end in an exclamation mark.
        speech: Verbs of speech that continue the sentence of a speech in quotation marks: the
            second word behind it (`"Why?" Anna asked.`), or in scripts without capitals any of the
            first words of the clause.
        speech_continued: Words that do so as the first word (`then`), in scripts without capitals.
        small_titles: Titles that are written with a small letter within a sentence, so a capital
            letter begins one (`w 1990 r. Prof. Nowak`).
        starters: Words that begin sentences: function words of the language.
        followers: Words behind `may_end` whose sentence continues (`p.m. Monday`).
        suffixes: Abbreviations that end compounds: `str` of `Hauptstr.`
        streets: Ends of names of streets, which continue before a number (`Storg. 5`).
        surnames: Ends of surnames, for surnames in front of their initials (`Иванов И. И.`).
        ordinal: Languages in which `3.` means `third`: before any word ("always"), only before
            two capitalised words ("names"), or never ("").
    """

    titles: frozenset[str] = field(default=frozenset())
    seldom_last: frozenset[str] = field(default=frozenset())
    may_end: frozenset[str] = field(default=frozenset())
    units: frozenset[str] = field(default=frozenset())
    before_number: frozenset[str] = field(default=frozenset())
    before_letter: frozenset[str] = field(default=frozenset())
    before_small: frozenset[str] = field(default=frozenset())
    contractions: frozenset[str] = field(default=frozenset())
    brands: frozenset[str] = field(default=frozenset())
    speech: frozenset[str] = field(default=frozenset())
    speech_continued: frozenset[str] = field(default=frozenset())
    small_titles: frozenset[str] = field(default=frozenset())
    starters: frozenset[str] = field(default=frozenset())
    followers: frozenset[str] = field(default=frozenset())
    suffixes: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    ordinal: Ordinals = ""

    def stem_of(self, word: str) -> str:
        """Return the abbreviation at the end of a compound, otherwise the folded word itself."""
        if self.suffixes and word.endswith(self.suffixes):
            return next(each for each in self.suffixes if word.endswith(each))
        return word

    @cached_property
    def all(self) -> frozenset[str]:
        """All abbreviations whose sentence may continue before a capital letter or a digit."""
        ends = self.seldom_last | self.may_end | self.units
        return self.titles | ends | self.before_number | self.before_letter

    @cached_property
    def before_small_letters(self) -> frozenset[str]:
        """All abbreviations, including those that continue only before a small letter."""
        return self.all | self.before_small | self.contractions

    @cached_property
    def speech_first(self) -> frozenset[str]:
        """Words that continue the sentence of a speech as the first word behind it."""
        return self.speech | self.speech_continued

    def is_street(self, word: str) -> bool:
        """Tell whether a word is the short name of a street, such as `Storg`."""
        return bool(self.streets) and word[:1].isupper() and word.endswith(self.streets)


@cache
def abbreviations(language: str) -> Abbreviations:
    """Return the abbreviations of a language; the shared titles for an unknown language."""
    tables = _tables()
    shared = tables["shared"]
    own = dict(tables.get(_NAMES.get(language, language), {}))
    ordinal = own.pop("ordinal", "")
    ends_of = {kind: tuple(own.pop(kind, "").split()) for kind in _ENDS_OF_WORDS}
    sets = {kind: _words(own, kind) for kind in own}
    ends = sets.get("seldom_last", frozenset()) | sets.get("may_end", frozenset())
    ends |= sets.get("units", frozenset())
    # Names keep their titles in foreign texts, so all languages share them.
    sets["titles"] = sets.get("titles", frozenset()) | (_words(shared, "titles") - ends)
    numbered = sets.get("before_number", frozenset()) | _words(shared, "before_number")
    sets["before_number"] = numbered - sets["titles"]
    sets["brands"] = _words(shared, "brands")
    sets["starters"] = sets.get("starters", frozenset()) | set(
        map(str.casefold, stop_words(language))
    )
    return Abbreviations(ordinal=ordinal, **ends_of, **sets)  # type: ignore[arg-type]


def languages() -> frozenset[str]:
    """Return the codes of all languages with a list."""
    return frozenset(_tables()) - {"shared"}


def _words(table: dict[str, str], kind: str) -> frozenset[str]:
    return frozenset(table.get(kind, "").casefold().split())


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
