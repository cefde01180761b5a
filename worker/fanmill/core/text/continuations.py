"""Boundaries of ICU that end no sentence: abbreviations, initials, ordinals, continued speech."""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from typing import Final

from fanmill.core.text.abbreviations import Abbreviations
from fanmill.core.text.continued_speech import goes_on_behind_speech

MAX_ABBREVIATION_LENGTH: Final = 12
"""Maximum number of code points in an abbreviation; a longer token is a word."""

_WORD: Final = re.compile(r"[^\W_]+")
_TWO_WORDS: Final = re.compile(r"\W*([^\W_]+)[\s\u00a0]+([^\W_]+)")
_DOTTED: Final = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]{1,2}")
_SPACED: Final = re.compile(r"(?:^|[\s(])(?:[^\W\d_]{1,2}\.[ \u00a0])+[^\W\d_]\.$")
"""A dotted form with spaces: `i. V. m.`"""
_GAPS: Final = re.compile(r"[\s.(\u00a0]+")
_ITEM: Final = re.compile(r"\(?(?:[ivxlIVXL]{1,6}|[^\W\d_]|\d{1,3})[.)]")
"""A mark of a list item."""
_RAISED: Final = tuple("¹²³⁰⁴⁵⁶⁷⁸⁹*_")
_ELIDED: Final = re.compile(r"[^\W\d_]{1,5}['’](?=[^\W\d_]{2})")
"""An article that has lost its vowel: `l'Av.`"""
_KOREAN_DATE: Final = re.compile(r"(?:^|\D)\d{4}\.(?:\s?\d{1,2}\.){0,2}$")
_ROMAN: Final = re.compile(r"[IVX]{2,5}")
_OPENING: Final = "([{<\"'“‘„‚«‹¿¡—–-"
_LETTERED: Final = re.compile(r"[A-Z]\.?[\s*\u00a0-]{0,2}\d")
"""A letter before a number, as articles of French codes have it: `art. L. 123-4`."""
_CHAINED: Final = re.compile(r"([^\W\d_]{1,9}(?:\.[^\W\d_]{1,2})*)\.(?:\s|$)")
_WORD_AND_POINT: Final = re.compile(r"[^\W_]+(?:\.|\s)")
_INITIAL: Final = re.compile(r"[^\W\d_]\.")
CLOSING: Final = tuple("»›”’)]}")
_CLOSING_SET: Final = frozenset(CLOSING)
_MAX_WORD_LENGTH: Final = 30
_MAX_ITEM: Final = 10
"""Maximum number of code points in the mark of a list item, with its spaces."""
LOOKED_BACK: Final = 200
"""Maximum number of code points before a boundary that decide about it; an address may be long."""
_DATE: Final = 16
_LOOKED_BACK: Final = 40
"""Maximum number of code points before a full stop that decide about it."""

_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_BRACKETED: Final = re.compile(
    r"(?:[《〈](?P<title>[^《》〈〉\n]{1,30})|(?<=\w)『(?P<name>[^『』\n]{1,20})|(?<=\w)「(?P<said>[^「」\n]{1,20})"
    r"|(?<=\w)（(?P<aside>[^（）\n]{1,60}))\Z"
)
"""A bracket of East Asian scripts that is open where a sentence seems to end."""
_OPENING_BRACKETS: Final = "《〈『「（"
_MAX_BRACKETED: Final = 64
_WIDE_ENDS: Final = frozenset("。！？…!?")
_WIDE_OR_CLOSED: Final = _WIDE_ENDS | frozenset("》〉")
_CLOSED: Final = {
    "title": re.compile(r"[^《》〈〉\n]{0,30}[》〉]"),
    "name": re.compile(r"[^『』\n]{0,20}』\w"),
    "said": re.compile(r"[^「」\n]{0,20}」[をのにがはもで]"),
    "aside": re.compile(r"[^（）\n]{0,60}）[^\s。！？]"),
}
"""The text behind the mark if the bracket belongs to a longer sentence."""
BEHIND_CJK: Final = re.compile(r".*[\u3040-\u30ff\u3400-\u9fff]")
"""Chinese and Japanese that a Latin word follows without a space."""
_ADDRESS: Final = re.compile(r"(?:/|www\.|@)\S*$")
_BRAND: Final = re.compile(r"([^\W\d_]+)!$")
_QUICK_MARK: Final = re.compile(r"\S\s+([^\W\d_]+)[!?]$")

_NUMBERED: Final = re.compile(r"(?:^|[\s(\[\"“„«])([^\W\d_][^\W_.]{0,11})\.[\s\u00a0]+\d+\.$")
_AMOUNT: Final = re.compile(r"\d[\s\u00a0-]?(?:[^\W\d_]{1,7}\.?[\s\u00a0])?[^\W\d_]+\.$")
_ARTICLE: Final = re.compile(r"\b[Tt]he [A-Z.]+$")
_COUNTRIES: Final = frozenset({"u.s", "u.k", "u.n", "e.u", "u.s.a"})
_ROADS: Final = frozenset({"ave", "blvd", "rd", "hwy", "bldg"})
_STREET: Final = re.compile(
    r"(?:\d+[A-Za-z]?\s+(?:[A-Z]\w*\s+){1,3}|\b(?:on|at|along|down|up|off|from|to|of|in)\s+"
    r"(?!Mount|East|West|North|South|New|Old|Port|Fort|Lake|Downtown|Greater)[A-Z]\w+\s+)St\.$"
)


def ends_plainly(previous: str, following: str, known: Abbreviations) -> bool:
    """Tell whether a word, a full stop and a space end a sentence.

    Most sentences end this way. False leaves the decision to `goes_on`. Neither piece is empty.
    """
    if not previous.endswith(". ") or following[0] in _CLOSING_SET:
        return False
    word = previous[previous.rfind(" ", 0, -2) + 1 : -2]
    if len(previous) <= _MAX_ITEM and _ITEM.fullmatch(previous.strip()):
        return False
    return (
        len(word) > 1
        and word.isalpha()
        and word.casefold() not in known.before_small_letters
        and not (known.suffixes and word.endswith(known.suffixes))
        and not known.is_street(word)
        and not (known.ordinal and _ROMAN.fullmatch(word))
        and (word.isascii() or not _CJK.search(word))
    )


def goes_on(  # noqa: PLR0911  a rule a return
    before: str, following: str, language: str, known: Abbreviations
) -> bool:
    """Tell whether a sentence continues across a boundary of ICU.

    Args:
        before: The sentence so far, with the spaces at its end; the last `LOOKED_BACK` code points.
        following: The piece behind the boundary.
        language: ISO 639-1 code of the language.
        known: Abbreviations of the language.
    """
    if before.endswith("\n"):
        return False
    stem = before.rstrip()
    if following.startswith(CLOSING):
        # French writes a space before a closing quotation mark; German and Swedish open with it.
        return stem == before or not following[1:2].isalnum()
    if stem.endswith("[") or (stem == before and following.startswith(_RAISED)):
        return True  # the number of a citation or a footnote, or the end of stressed words
    if len(stem) <= _MAX_ITEM and _ITEM.fullmatch(stem):
        return True
    if stem[-1:] in _WIDE_OR_CLOSED and _is_bracketed(stem, following):
        return True
    if stem.endswith("."):
        return _goes_on_behind_point(before, stem, following, language, known)
    if stem.endswith(("?", "!")):
        if stem == before and _ADDRESS.search(stem):
            return True  # `example.org/watch?v=1`
        if _is_name(stem, following, known):
            return True
    return goes_on_behind_speech(stem, following, language, known)


def _is_bracketed(stem: str, following: str) -> bool:
    """Tell whether a mark is in brackets within a sentence: a title or an aside."""
    if stem[-1] in "》〉":
        return stem[-2:-1] in _WIDE_ENDS and following[0].isalnum()  # a title is the subject
    # Most sentences have no bracket, and five searches for a character are the fastest.
    if not ("「" in stem or "（" in stem or "《" in stem or "『" in stem or "〈" in stem):
        return False
    tail = stem[-_MAX_BRACKETED:]
    opening = max(map(tail.rfind, _OPENING_BRACKETS))
    if opening < 0:
        return False
    opened = _BRACKETED.match(tail, opening)
    return opened is not None and _CLOSED[opened.lastgroup or ""].match(following) is not None


def _goes_on_behind_point(
    before: str, stem: str, following: str, language: str, known: Abbreviations
) -> bool:
    """Tell whether a sentence continues behind a full stop."""
    if stem == before and following[0].isalnum():
        # Without a space it is a single word, such as `3.5` and `example.org`.
        return not (_CJK.match(following) and _CJK.match(stem[-2:-1]))
    token = stem[-MAX_ABBREVIATION_LENGTH - 2 :].rsplit(None, 1)
    if not token:
        return False
    word = token[-1].lstrip(_OPENING)[:-1]
    if not word.isascii() and _CJK.search(word):
        word = BEHIND_CJK.sub("", word)  # `結果はFig. 3`
    if "'" in word or "’" in word:
        word = _ELIDED.sub("", word, count=1)
    if language == "ko" and word.isdecimal() and _KOREAN_DATE.search(stem[-_DATE:]):
        return True
    return _abbreviates(word, stem, following, known)


def _is_name(stem: str, following: str, known: Abbreviations) -> bool:
    """Tell whether a mark belongs to a name, such as `Yahoo! bought`."""
    brand = _BRAND.search(stem[-_MAX_WORD_LENGTH:])
    following_word = _WORD.match(following)
    if brand is not None and brand[1].casefold() in known.brands and following_word is not None:
        return following[0].islower() or following_word[0].casefold() not in known.starters
    if not following[0].islower() or following_word is None:
        return False
    word = _QUICK_MARK.search(stem[-_LOOKED_BACK:])
    return (
        word is not None
        and word[1][0].isupper()
        and following_word[0].casefold() not in known.starters
    )


def _abbreviates(  # noqa: C901, PLR0911  a rule a return
    word: str, stem: str, following: str, known: Abbreviations
) -> bool:
    """Tell whether `word.` is an abbreviation whose sentence continues."""
    if not word or len(word) > MAX_ABBREVIATION_LENGTH:
        return False
    spaced = _SPACED.search(stem[-_LOOKED_BACK:]) if len(word) == 1 else None
    folded = known.stem_of(word.casefold())
    if spaced is not None:
        folded = _GAPS.sub(".", spaced[0].casefold()).strip(".")
    following_word = _WORD.search(following)
    if following_word is None:
        return folded in known.titles
    next_word = following_word[0]
    starts = next_word.casefold() in known.starters
    if folded in known.titles:
        return not (word == "St" and _STREET.search(stem[-_LOOKED_BACK:]) and not _names(following))
    if word.isdecimal():
        follows = known.ordinal != "" and next_word.casefold() in known.followers
        return follows or _counts(word, stem, following, known, starts=starts)
    if _ROMAN.fullmatch(word) and known.ordinal:
        return not starts and (known.ordinal == "always" or _names(following))
    numbered = next_word[0].isdigit() or _ROMAN.fullmatch(next_word) is not None
    if (numbered and known.is_street(word)) or _is_part(
        folded, following, known, numbered=numbered
    ):
        return True
    if len(word) > 1 and word.isalpha() and folded not in known.all:
        return False  # A shortcut for most words.
    if len(word) == 1 and word.isalpha() and _INITIAL.match(following):
        return True  # `J. R.`, `z. B.`; also if a single letter is a word, as in Russian.
    if folded in known.may_end or folded in known.units:
        return _follows(folded, stem, following, known)
    if known.surnames and _is_behind_surname(stem, next_word, known):
        return False
    initial = len(word) == 1 and word.isalpha() and (spaced is not None or not word.islower())
    shortened = folded in known.seldom_last or _DOTTED.fullmatch(word) is not None
    if known.small_titles and _WORD_AND_POINT.match(following):
        starts = starts or (next_word[0].isupper() and next_word.casefold() in known.small_titles)
    return (initial or shortened) and not starts


def _is_behind_surname(stem: str, next_word: str, known: Abbreviations) -> bool:
    """Tell whether initials belong to the surname before them, not to the word behind them.

    A surname at the start of its sentence is the author of a title (`Иванов И. И. Основы химии`).
    """
    if not next_word[0].isupper() or next_word.endswith(known.surnames):
        return False
    words = stem[-_LOOKED_BACK:].split()
    while words and words[-1][-1] == "." and len(words[-1]) <= len("И.И."):
        words.pop()
    *others, name = words or ("",)
    if not (others and name.endswith(known.surnames) and name[0].isupper()):
        return False
    return others[-1][-1].isalpha() or others[-1][-1] == ":"


def _is_part(folded: str, following: str, known: Abbreviations, *, numbered: bool) -> bool:
    """Tell whether an abbreviation belongs to the number, initial or abbreviation behind it."""
    if folded in known.before_number and (numbered or _LETTERED.match(following)):
        return True
    if folded in known.before_letter and _INITIAL.match(following):
        return True
    if folded in known.before_small or folded in known.before_letter:
        return numbered or _is_chained(following, known)
    return False


def _is_chained(following: str, known: Abbreviations) -> bool:
    """Tell whether another abbreviation follows, as in `Proc. Natl. Acad.`."""
    chained = _CHAINED.match(following)
    return chained is not None and (
        chained[1].casefold() in known.before_small_letters or "." in chained[1]
    )


def _counts(word: str, stem: str, following: str, known: Abbreviations, *, starts: bool) -> bool:
    """Tell whether a sentence continues behind a number with a full stop."""
    if len(stem.lstrip()) == len(word) + 1:
        return True  # A number alone is the mark of a list item, not a sentence.
    numbered = _NUMBERED.search(stem[-_LOOKED_BACK:])
    if numbered is not None and known.stem_of(numbered[1].casefold()) in (
        known.before_number | known.titles
    ):
        return numbered.start() == 0 and len(stem) < _LOOKED_BACK  # `Fig. 3.` alone
    if starts or not known.ordinal or len(word) > len("31"):
        return False
    return known.ordinal == "always" or _names(following)


def _follows(folded: str, stem: str, following: str, known: Abbreviations) -> bool:
    """Tell whether the words behind an abbreviation such as `Inc.` belong to its sentence."""
    words = _TWO_WORDS.match(following)
    next_word = words[1] if words else _WORD.search(following)[0]  # type: ignore[index]
    if folded in known.units and not _AMOUNT.search(stem[-_LOOKED_BACK:]):
        return next_word.casefold() not in known.starters
    if next_word.casefold() in known.followers or not next_word[0].isupper():
        return True
    if next_word.casefold() in known.starters:
        return False
    if folded in _ROADS:
        return words is None  # `Hill Blvd. Cleveland, Ohio`
    if folded not in _COUNTRIES:
        return False
    # `U.S. Geological Survey`; the noun has an article.
    return not _ARTICLE.search(stem[-_LOOKED_BACK:]) or _names(following)


def _names(following: str) -> bool:
    """Tell whether two capitalised words follow, as in a name."""
    words = _TWO_WORDS.match(following)
    return words is not None and words[1][0].isupper() and words[2][0].isupper()
