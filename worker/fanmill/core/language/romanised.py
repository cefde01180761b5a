"""Texts in Latin letters of languages with another script, and text that only fills a page.

Detectors give such a text the name of some language with Latin letters, often with a high
confidence. Their frequent words show that it is none of these.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("romanised.toml")
_WORD: Final = re.compile(r"[a-z0-9']+")
_MACRONS: Final = str.maketrans("āēīōūĀĒĪŌŪ", "aeiouAEIOU")
_DIGIT_LETTER: Final = re.compile(
    r"\b(?:[a-z']+[235679][a-z']+|[379](?!(?:am|pm|rd|th)\b)[a-z]{2,}|[a-z]{2,}[357])\b"
)
"""Words of chats in Arabic, which write some of its letters as digits: `7abibi`, `m3a`, `embare7`.
"""
_FOR_DIGITS: Final = frozenset("23579")
_MIN_DIGIT_WORDS: Final = 2
_DIGIT_SHARE: Final = 0.12
_TONES: Final = re.compile("[ǎěǐǒǔǚ]")
_LEVEL_TONES: Final = re.compile("[āēīōū]")
_MIN_TONES: Final = 2
"""Letters that only pinyin has beside each other: vowels with the third tone and with the first."""
_MIN_DISTINCT: Final = 4
_MIN_SHARE: Final = 0.3
"""Minimum number of distinct listed words, and their minimum share among the words."""


def is_romanised(text: str) -> bool:
    """Tell whether a text has frequent words of a language that Latin letters do not belong to.

    Pseudo-Latin, as designers fill pages with, counts, too.
    """
    if not text.isascii():
        if _LEVEL_TONES.search(text) and len(_TONES.findall(text)) >= _MIN_TONES:
            return True
        text = text.translate(_MACRONS)
        return text.isascii() and _has_words(text, (_lists()["ja"],))
    return has_letters_as_digits(text) or _has_words(text, _lists().values())


def has_letters_as_digits(text: str) -> bool:
    """Tell whether words of a text have digits in place of letters, as Arabic in chats."""
    if _FOR_DIGITS.isdisjoint(text):
        return False
    lowered = text.lower()
    found = set(_DIGIT_LETTER.findall(lowered))
    return len(found) >= max(_MIN_DIGIT_WORDS, _DIGIT_SHARE * len(lowered.split()))


def _has_words(text: str, lists: Iterable[frozenset[str]]) -> bool:
    words = _WORD.findall(text.lower())
    for listed in lists:
        hits = [word for word in words if word in listed]
        if len(set(hits)) >= _MIN_DISTINCT and len(hits) >= _MIN_SHARE * len(words):
            return True
    return False


@cache
def _lists() -> dict[str, frozenset[str]]:
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {code: frozenset(words.split()) for code, words in listed.items()}
