"""Sentences that ICU joins to the one before: small letters, dialogue, citations, odd marks."""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from typing import Final

from fanmill.core.text.abbreviations import Abbreviations
from fanmill.core.text.continuations import BEHIND_CJK
from fanmill.core.text.signs import Signs

_MAX_WORD_LENGTH: Final = 30
# By UAX #29 a sentence continues behind a full stop if a small letter or a dash follows. Mails and
# comments begin sentences this way; abbreviations in them are in the list or have points.
_UNCAPITALISED: Final = {
    mark: re.compile(re.escape(mark) + r"(?:[ \u00a0]+(?=[a-z])|[)\]]?[ \u00a0]+(?=[-–—*]))")
    for mark in ".!?"
}
"""A pattern for each mark: `re` finds a single character in a sixth of the time of a set."""
_DIALOGUE: Final = re.compile(r"[.!?…][)\]\"”»]?[ \u00a0]+(?=[-–—][ \u00a0]?[^\W\d_])")
_DASHES: Final = Signs(" -", " –", " —")
_PLAIN_WORD: Final = re.compile(r"(?:^|[\s(\[\"“‘-])([^\W_]{2,})[)\]]?$")
_VOWELS: Final = frozenset("aeiouy")
_MAX_CONSONANTS: Final = 5
_NUMBER: Final = re.compile(r"\.[ \u00a0]+(?=\d)")
"""A full stop before a number."""
_MIN_BEFORE_NUMBER: Final = 5
"""Minimum number of letters of the word before it."""
_UNCAPITALISED_LANGUAGES: Final = frozenset({"en"})
_DIGIT: Final = re.compile(r"\s+\d")
_INCHES: Final = re.compile(r"\d[ \u00a0-]in$")
_BAR: Final = re.compile(r"(?<=[\u0900-\u0dff])[ \u00a0]?\|{1,2}(?=[\s\u0900-\u0dff]|$)")
"""The ASCII bar, typed for the danda."""
_COLON: Final = re.compile(r"(?<=[\u0561-\u0587]):[ \u00a0]+(?=[\u0531-\u0556«(—–\d])")
"""The ASCII colon, typed for the full stop of Armenian."""

_CITED: Final = re.compile(
    r"\[(?:[^\W_]{1,3}|note \d+|citation needed)\](?:\[(?:[^\W_]{1,3}|note \d+)\])*+"
    r"[ \u00a0]?(?=[^\s\[a-z.,;:)])"
)
"""Citations behind the full stop: `known.[1][2] Others`."""
_NOTED: Final = re.compile(r"[¹²³⁰⁴-⁹]{1,3}[ \u00a0]?(?=[^\s\[a-z.,;:)])")
"""Raised numbers behind the full stop: `known.¹ Others`."""
_ENDED: Final = re.compile(r"[.!?…。！？][\"”’»')]{0,2}\Z")
_NOTE: Final = re.compile(r"\.[\"”’)]?\d{1,2}[ \u00a0](?=[A-Z])")
"""A number of a footnote behind the full stop, as in text from PDF files: `known.1 Others`."""
_MIN_NOTED: Final = 4
"""Minimum number of letters of the word before a footnote; `No.5` is none."""
_ELLIPSIS: Final = re.compile(r"…[\"”’»')\]]{0,2}[ \u00a0]+(?=[\"“„«‘(¿¡]?([^\W\d_]))")
"""The sign of three points, before a word."""
_GUILLEMET: Final = re.compile(r"[.!?…][ \u00a0\u202f]»[ \u00a0]+(?=([^\W\d_]))")
"""A French quotation mark behind its space, before a word."""
_ELIDED: Final = re.compile(r"[.!?][\"”’»']?[ \u00a0]+(?=['’][stn] [^\W\d_])")
"""Dutch `'t` and Afrikaans `'n` at the start of a sentence."""
_STRESSED: Final = {
    mark: re.compile(
        re.escape(mark) + rf"[{mark}]{{0,2}}" + r"[ \u00a0]+(?=[\"“„«‘(¿¡*_]{0,3}([^\W_]))"
    )
    for mark in "*_"
}
"""The end of a stressed sentence of Markdown: `**Note.** The`, by its mark."""
_SHAD: Final = re.compile(r"[\u0f0d\u0f0e]{1,2}[ \u00a0]+(?=[\u0f40-\u0f6c])")
"""The mark of Tibetan that ends clauses and sentences."""
_OF_LANGUAGE: Final = {
    "af": (_ELIDED, "'’"),
    "bo": (_SHAD, "།༎"),
    "dz": (_SHAD, "།༎"),
    "hy": (_COLON, ":"),
    "nl": (_ELIDED, "'’"),
}
"""Patterns of a few languages alone, each with marks of which it needs one."""
_EMOTICON: Final = {
    eyes: re.compile(
        rf"{eyes}(?<= {eyes})" + r"['’]?-?(?:\)+|\(+|D+|[Pp*|])[ \u00a0]+(?=[\"“„«‘(¿¡]?([^\W\d_]))"
    )
    for eyes in ":;"
}
"""A face of ASCII signs, by its eyes, before a word. Chats end sentences with it."""


def joined_starts(prose: str, language: str, known: Abbreviations) -> list[int]:
    """Return the places where sentences begin that ICU joins to the one before, rising.

    Args:
        prose: The prose of a layout.
        language: ISO 639-1 code of the language.
        known: Abbreviations of the language.
    """
    places = _of_languages(prose, language, known)
    others = _of_marks(prose, language)
    others += [
        found.end() for found in _NOTE.finditer(prose) if _is_noted(prose, found.start(), known)
    ]
    return sorted({*places, *others}) if others else places


def _of_languages(prose: str, language: str, known: Abbreviations) -> list[int]:
    if language in _UNCAPITALISED_LANGUAGES:
        return sorted(
            gap.end()
            for mark, pattern in _UNCAPITALISED.items()
            if mark in prose
            for gap in pattern.finditer(prose)
            if _ends_in_word(prose, gap.start(), known)
        )
    places = [
        gap.end()
        for gap in _NUMBER.finditer(prose)
        if gap.start() >= _MIN_BEFORE_NUMBER
        and prose[gap.start() - _MIN_BEFORE_NUMBER : gap.start()].isalpha()
        and _ends_in_word(prose, gap.start(), known)
    ]
    if _DASHES.occur_in(prose):
        places += [
            gap.end()
            for gap in _DIALOGUE.finditer(prose)
            if prose[gap.end() :].lstrip("-–— \u00a0")[0].isupper()
            and _ends_in_word(prose, gap.start(), known)
        ]
        places.sort()
    return places


def _of_marks(prose: str, language: str) -> list[int]:
    """Return the places behind marks that seldom occur; each is looked for by a search first."""
    places: list[int] = []
    # A search for a single character is fast.
    if "[" in prose:
        places += _behind_ends(_CITED, prose)
    if "¹" in prose:
        places += _behind_ends(_NOTED, prose)
    if "…" in prose:
        places += [found.end() for found in _ELLIPSIS.finditer(prose) if found[1].isupper()]
    if "»" in prose:
        places += [found.end() for found in _GUILLEMET.finditer(prose) if found[1].isupper()]
    if "|" in prose:
        places += [found.end() for found in _BAR.finditer(prose)]
    places += _behind_stress(prose)
    if language in _OF_LANGUAGE:
        pattern, marks = _OF_LANGUAGE[language]
        if any(mark in prose for mark in marks):
            places += [found.end() for found in pattern.finditer(prose)]
    for eyes, face in _EMOTICON.items():
        if eyes in prose:
            places += [found.end() for found in face.finditer(prose) if not found[1].islower()]
    return places


def _behind_stress(prose: str) -> list[int]:
    """Return the places behind sentences that a mark of stress closes."""
    return [
        found.end()
        for mark, pattern in _STRESSED.items()
        if mark in prose
        for found in pattern.finditer(prose)
        if not found[1].islower() and _ENDED.search(prose, max(0, found.start() - 3), found.start())
    ]


def _behind_ends(pattern: re.Pattern[str], prose: str) -> list[int]:
    """Return the ends of what a pattern finds directly behind the end of a sentence."""
    return [
        found.end()
        for found in pattern.finditer(prose)
        if _ENDED.search(prose, max(0, found.start() - 3), found.start())
    ]


def _is_noted(prose: str, end: int, known: Abbreviations) -> bool:
    """Tell whether a full stop follows a word that may have a footnote."""
    before = _PLAIN_WORD.search(prose[max(0, end - _MAX_WORD_LENGTH) : end])
    return (
        before is not None
        and len(before[1]) >= _MIN_NOTED
        and before[1].islower()
        and before[1] not in known.before_small_letters
    )


def _ends_in_word(prose: str, end: int, known: Abbreviations) -> bool:
    """Tell whether a full stop follows a word that is no abbreviation."""
    before = _PLAIN_WORD.search(prose[max(0, end - _MAX_WORD_LENGTH) : end])
    if prose[end] != ".":
        return before is None or before[1].casefold() not in known.brands
    if before is None:
        return False
    word = before[1].casefold()
    if not word.isascii():
        word = BEHIND_CJK.sub("", word) or word  # `結果はFig. 3`
    if len(word) <= _MAX_CONSONANTS and word.isascii() and _VOWELS.isdisjoint(word):
        return word.isdecimal()  # `pkg. of`, `mtg. at`
    if word == "in" and _INCHES.search(prose[max(0, end - _MAX_WORD_LENGTH) : end]):
        return False  # `10 in. tall`
    if known.is_street(before[1]):
        return not _DIGIT.match(prose, end + 1)  # `Storg. 5`
    return known.stem_of(word) not in known.before_small_letters
