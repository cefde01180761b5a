"""Forms of phrases for display and look-up, without invisible characters and possessives."""

# ruff: noqa: RUF001 (the patterns look for signs that resemble ASCII ones)

import re
from typing import Final
from unicodedata import normalize

_ELISION: Final = re.compile(r"(?:[cdjlmnst]|qu|un|all|dall|dell|nell|sull)['’]", re.IGNORECASE)
POSSESSIVE: Final = ("'s", "’s")
"""Possessive endings of English."""
_INVISIBLE: Final = re.compile(
    "[\u00ad\u180e\u200b\u2060\ufeff]|(?<=[A-Za-z\u00c0-\u024f\u0400-\u04ff])[\u200c\u200d]"
)
"""Soft hyphens and other characters without width and meaning; joiners only in some scripts."""
_WIDE: Final = re.compile("[\ufb00-\ufb06\uff00-\uffef]+")
"""Latin ligatures, full-width letters and half-width kana: forms of other letters."""
_ODD: Final = re.compile(f"{_INVISIBLE.pattern}|{_WIDE.pattern}|[\u0300-\u036f\u3099\u309a]")


def normalize_phrase(token: str, *, eliding: bool) -> str:
    """Return a word without an elided article or a possessive ending.

    Args:
        token: A word or phrase.
        eliding: The language elides articles, as French and Italian do.
    """
    if "'" in token or "’" in token:
        if eliding:
            token = _ELISION.sub("", token, count=1)
        elif token.endswith(POSSESSIVE):
            token = token[:-2]
    return token


def contains_phrase(phrase: str, text: str) -> bool:
    """Tell whether a text contains a phrase between word boundaries."""
    at = text.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        if not (_is_part(text[at - 1 : at]) or _is_part(text[end : end + 1])):
            return True
        at = text.find(phrase, end)
    return False


def _is_part(character: str) -> bool:
    return character.isalnum() or character == "_"


def display_form(phrase: str) -> str:
    """Return a phrase without soft hyphens, zero-width characters and full-width letters."""
    if phrase.isascii() or not _ODD.search(phrase):
        return phrase
    plain = _WIDE.sub(lambda found: normalize("NFKC", found[0]), _INVISIBLE.sub("", phrase))
    return normalize("NFC", plain)
