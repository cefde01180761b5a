"""Characters of a text that was read in a wrong code page of one byte a character.

Bytes in such pages fit any other page, so the text alone tells: no language writes words like
`p³ynê³a`, `Çàâòðà` or `ъБЧФТБ`.
"""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import re
from itertools import permutations
from typing import Final

from fanmill.core.language.russian import RUSSIAN_WORDS
from fanmill.core.text.characters import Codes

_ACCENTED_LETTERS: Final = frozenset(map(chr, range(0xC0, 0x100)))
_CAPITALS: Final = frozenset(map(chr, range(0xC0, 0xDF)))
_MIN_DISTINCT: Final = 5
"""Minimum number of distinct accented letters in a text that is in another script."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_LOOKED_AT: Final = 2_000
"""Code points in which a wrong page must show."""
_ACCENTED: Final = re.compile(r"(?<![A-Za-z])[À-ÿ¸]{3,}(?![A-Za-z])")
_MIN_ACCENTED: Final = 3
_LONG: Final = 4
"""Minimum number of distinct words of accented letters alone, and their minimum length: Cyrillic,
Greek, Hebrew or Arabic in Windows-1252. Fewer or shorter ones are a list of such letters."""
_SIGNS: Final = frozenset("³¹º¾\x9c\x9d\x9f")
_SIGN: Final = re.compile("[³¹º¾¥£\x9c\x9d\x9f]")
"""Signs that are letters of Central Europe, such as `p³yn` and `aºteapt`; pounds and yen occur
beside them."""
_UNUSUAL_OR_LETTER: Final = re.compile("[A-Za-z\\u0080-\\uffff]")
_FOREIGN: Final = re.compile(r"[ø³¹ºìùòèï¾\x9c\x9d\x9fþðãõûêæñ¿¯£Ÿœ¥À-ÿ]")
_NORTHERN: Final = frozenset("þðÞÐ")
_SOUTHERN: Final = frozenset("çüãºëèûàêìâîïÇÜ")
"""Letters of Icelandic, and letters that Icelandic lacks: together they are Turkish, Romanian or
Lithuanian."""
_INSULAR: Final = frozenset("áéíóúæ")
"""Letters of every Icelandic text, none of them Turkish."""
_SHIFTED: Final = frozenset("øìùòèï¾\x9d")
_STRESSED: Final = frozenset("ìùò¾\x9d")
_KEPT: Final = frozenset("žšŽŠ")
"""Letters of Czech and its relatives that Windows-1252 shows as others, those of them that no
language has beside ý, and letters that it shows as they are."""
_ISO_KEPT: Final = re.compile("[¹¾][a-zí]")
"""Beginnings of Czech and Slovak words with š and ž, if their page was ISO 8859-2."""
_WESTERN: Final = frozenset("àêçôãåäñâ")
"""Letters of texts that may have both kinds, such as French with Slavic names."""
_HUNGARIAN: Final = (frozenset("õ"), frozenset("öü"), frozenset("áé"))
_NOT_HUNGARIAN: Final = frozenset("ãçäåñøêàâþð")
"""Letters of Hungarian in Windows-1252, where long vowels are õ and û."""
_CAPITAL_INSIDE: Final = re.compile(r"[a-zà-ÿ][À-ÖØ-ÞŽŠŒŸ](?:[a-zà-ÿ]|(?=\s))")
"""Accented capitals in words of small letters: Mac Roman in Windows-1252 and the reverse."""
_MIN_WORDS: Final = 2
_LATIN_FOLLOWED: Final = re.compile("[A-Za-z][йикзфьцдЯнбъщιθκηβωφόύέίάϊΰ]")
_MIXED_LATIN: Final = re.compile(
    r"(?<![^\W\d_])[A-Za-z]*(?:[йикзфьцдЯнбъщ]|[ιθκηβωφόύέίάϊΰ])[A-Za-z]+(?![^\W\d_])"
    r"|(?<![^\W\d_])[A-Za-z]{2,}(?:[йикзфьцдЯнбъщ]|[ιθκηβωφόύέίάϊΰ])(?![^\W\d_])"
)
"""Words of Latin letters with one that looks like none of them: `cafй`, `Mьller`, `Thιβtre`."""
_DOS_SIGNS: Final = frozenset("ЎўЈ¤Ґ¦§©Є¬\xad®Ї")
_MIN_DOS_SIGNS: Final = 4
"""Signs that stand for small letters of DOS, and their minimum number."""
_IN_DOS: Final = frozenset("√■∙¤ўЎ·")
_MIN_IN_DOS: Final = 3
"""The same for small letters of Windows that were read in the page of DOS."""
_FRAMES: Final = frozenset(map(chr, range(0x2550, 0x2580))) | frozenset("─│┌┐└┘├┤┬┴┼")
_MIN_FRAMES: Final = 12
"""Signs that stand for letters of KOI8 in the page of DOS; drawings have fewer of them."""
_CYRILLIC: Final = frozenset(map(chr, range(0x410, 0x450)))
_CYRILLIC_PAGES: Final = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
_NOT_LATIN: Final = frozenset("йикзфьцдЯнбъщιθκηβωφόύέίά")
_MIN_FUNCTION_SHARE: Final = 0.12
"""Minimum share of function words in Russian; a quarter and more of its words are."""
_MIN_LENGTH: Final = 2


def misread_in_code_page(text: str, codes: Codes, distinct: frozenset[str]) -> int:
    """Return the number of code points that were read in a wrong code page.

    Args:
        text: The text.
        codes: Its code points.
        distinct: Its characters.
    """
    found = [0]
    if len(distinct & _ACCENTED_LETTERS) >= _MIN_DISTINCT and _has_run(codes, 0xC0, 0xFF):
        found.append(_as_accented(text))
    if not distinct.isdisjoint(_CAPITALS):
        found.append(_with_capitals_inside(text, codes))
    if _may_be_central_european(distinct):
        found.append(_central_european(text))
    if not distinct.isdisjoint(_NOT_LATIN):
        found.append(_mixed_words(text))
    if not distinct.isdisjoint(_CYRILLIC) or len(distinct & _FRAMES) >= _MIN_FRAMES:
        found.append(_cyrillic(text, codes, distinct))
    return max(found)


def _has_run(codes: Codes, first: int, last: int) -> bool:
    """Tell whether three code points of a range stand in a row."""
    inside = (codes >= first) & (codes <= last)
    return bool((inside[2:] & inside[1:-1] & inside[:-2]).any())


def _as_accented(text: str) -> int:
    """Count letters of other scripts that were read as accented Latin letters."""
    words = _ACCENTED.findall(text)
    distinct = {word.lower() for word in words}
    is_misread = (
        len(distinct) > _LONG or sum(len(word) >= _LONG for word in distinct) >= _MIN_ACCENTED
    )
    return sum(map(len, words)) if is_misread else 0


def _may_be_central_european(distinct: frozenset[str]) -> bool:
    return (
        not distinct.isdisjoint(_SIGNS)
        or not (distinct.isdisjoint(_NORTHERN) or distinct.isdisjoint(_SOUTHERN))
        or not (distinct.isdisjoint(_SHIFTED) or distinct.isdisjoint(_KEPT | {"ý"}))
        or not ("õ" not in distinct or distinct.isdisjoint("öü"))
    )


def _central_european(text: str) -> int:
    """Count letters of Central European, Baltic and Turkish words read as Western ones."""
    words = [word for word in text.split() if not word.isascii()]
    letters = frozenset("".join(words).lower())
    is_misread = (
        _signs_in_words(text) >= _MIN_WORDS
        or _is_turkish_or_baltic(words, letters)
        or _is_slavic(words, letters)
        or _is_hungarian(words, letters)
    )
    return sum(len(_FOREIGN.findall(word)) for word in words) if is_misread else 0


def _signs_in_words(text: str) -> int:
    """Return the number of distinct signs between small letters, with what is around them.

    A single letter on both sides is a unit or a formula, such as `m³s`.
    """
    around = set()
    for each in _SIGN.finditer(text):
        start, end = each.span()
        before, after = text[max(0, start - 2) : start], text[end : end + 2]
        is_inside = before[-1:].islower() and after[:1].islower()
        if is_inside and len(_UNUSUAL_OR_LETTER.findall(before + after)) > _MIN_WORDS:
            around.add(before[-1] + each[0] + after[0])
    return len(around)


def _with(words: list[str], *groups: frozenset[str]) -> int:
    """Return the number of words that have a letter of each group."""
    return sum(not any(group.isdisjoint(word) for group in groups) for word in words)


def _is_turkish_or_baltic(words: list[str], letters: frozenset[str]) -> bool:
    mixed = _with(words, _NORTHERN, _SOUTHERN)
    if mixed >= _MIN_WORDS:
        return True
    both = min(_with(words, _NORTHERN), _with(words, _SOUTHERN))
    return both >= _MIN_WORDS and (mixed > 0 or letters.isdisjoint(_INSULAR))


def _is_slavic(words: list[str], letters: frozenset[str]) -> bool:
    mixed = _with(words, _SHIFTED, _KEPT) + _with(words, _STRESSED, frozenset("ý"))
    if mixed >= _MIN_WORDS:
        return True
    shifted, kept = _with(words, _SHIFTED), _with(words, _KEPT)
    if "ø" in letters:
        kept += sum(_ISO_KEPT.match(word) is not None for word in words)
    return letters.isdisjoint(_WESTERN) and (
        (mixed > 0 and shifted > 1) or (shifted > _MIN_WORDS and kept >= _MIN_WORDS)
    )


def _is_hungarian(words: list[str], letters: frozenset[str]) -> bool:
    return (
        letters.isdisjoint(_NOT_HUNGARIAN)
        and not any(group.isdisjoint(letters) for group in _HUNGARIAN)
        and _with(words, _HUNGARIAN[0] | {"û"}) >= _MIN_WORDS
    )


def _with_capitals_inside(text: str, codes: Codes) -> int:
    small = (codes >= ord("a")) & (codes <= ord("z"))
    large = (codes >= 0xC0) & (codes <= 0xDE) & (codes != 0xD7)  # noqa: PLR2004
    if not (small[:-1] & large[1:]).any():
        return 0
    found = _CAPITAL_INSIDE.findall(text)
    return len(found) if len(found) > _MIN_WORDS else 0


def _mixed_words(text: str) -> int:
    """Count accented letters that were read as Cyrillic or Greek ones in words of Latin letters."""
    if _LATIN_FOLLOWED.search(text) is None:
        return 0
    words = set(_MIXED_LATIN.findall(text))
    if len(words) < _MIN_WORDS:
        return 0
    return sum(not letter.isascii() for word in words for letter in word)


def _cyrillic(text: str, codes: Codes, distinct: frozenset[str]) -> int:
    """Count characters of Russian that were read in another code page of Cyrillic.

    KOI8 in Windows-1251 and the reverse have capitals behind small letters; so do the others, but
    for DOS in Windows-1251, which has many signs.
    """
    small = (codes >= ord("а")) & (codes <= ord("ё"))
    large = (codes >= ord("А")) & (codes <= ord("Я"))
    if not (
        (small[:-1] & large[1:]).any()
        or len(distinct & _DOS_SIGNS) >= _MIN_DOS_SIGNS
        or len(distinct & _IN_DOS) >= _MIN_IN_DOS
        or len(distinct & _FRAMES) >= _MIN_FRAMES
    ):
        return 0
    sample = text[:_LOOKED_AT]
    own = _function_words(sample)
    for wrong, right in permutations(_CYRILLIC_PAGES, 2):
        reread = sample.encode(wrong, "replace").decode(right, "replace")
        if _function_words(reread) > max(_MIN_FUNCTION_SHARE, 2 * own):
            return sum(not character.isascii() for character in text)
    return 0


def _function_words(text: str) -> float:
    """Return the share of function words of Russian among the words of a text, 0.0 to 1.0."""
    words = [word for word in _WORD.findall(text.lower()) if len(word) >= _MIN_LENGTH]
    found = [word for word in words if word in RUSSIAN_WORDS]
    return len(found) / len(words) if len(set(found)) >= _MIN_WORDS else 0.0
