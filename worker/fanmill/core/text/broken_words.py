"""Words broken at line ends: `infor-` and `mation` are a single word."""

import re
from typing import Final

SOFT: Final = "\u00ad"
"""Soft hyphen: the word segmentation of ICU ignores it."""

_BREAK: Final = re.compile(
    r"([-\u2010\u00ad])[ \t]*(?:\r\n|[\n\r\u2028])[ \t>]*(?=([^\W\d_]{2,30}))"
)
_FIRST: Final = re.compile(r"(?<![^\W\d_]{30})[^\W\d_]{2,30}\Z")
_MAX_FIRST: Final = 60
"""Code points before a hyphen that may hold the first part of a word."""
_SIGNS: Final = ("\u2010", SOFT)
_BEFORE_BREAK: Final = re.compile(r"-(?:[\r\n]| \n)")
_COMPOUND_STARTS: Final = frozenset(
    [
        "all",
        "anti",
        "co",
        "cross",
        "double",
        "ex",
        "far",
        "full",
        "half",
        "hard",
        "high",
        "ill",
        "inter",
        "large",
        "left",
        "light",
        "long",
        "low",
        "many",
        "mid",
        "multi",
        "near",
        "non",
        "old",
        "one",
        "open",
        "over",
        "part",
        "post",
        "pre",
        "right",
        "second",
        "self",
        "semi",
        "short",
        "single",
        "small",
        "so",
        "third",
        "three",
        "two",
        "ultra",
        "under",
        "well",
        "wide",
        "year",
    ]
)
"""First parts of English compounds, which keep their hyphen."""


def broken_words(text: str) -> list[tuple[int, int]]:
    """Return the spans of hyphens and line breaks inside words, in text order.

    A word is broken if small letters follow the line break, unless the text has the word with a
    hyphen elsewhere, or its first part usually begins a compound (`well-known`): then the span
    is the line break alone. German `Luft-` and `und Raumfahrt` is no broken word.
    """
    if not (_BEFORE_BREAK.search(text) or any(sign in text for sign in _SIGNS)):
        return []
    found = []
    behind = 0
    # Hyphens at line ends are few: the word before each is looked for from there.
    for match in _BREAK.finditer(text):
        start, end = match.span()
        before = _FIRST.search(text, max(behind, start - _MAX_FIRST), start)
        if before is None:
            continue
        behind = end
        first, hyphen, last = before[0], match[1], match[2]
        if not last[0].islower() or last.casefold() in _CONJUNCTIONS:
            continue
        if hyphen != SOFT:
            if first.isupper():
                continue
            is_compound = first.casefold() in _COMPOUND_STARTS or f"{first}-{last}" in text
            start += is_compound
        found.append((start, end))
    return found


_CONJUNCTIONS: Final = frozenset(
    [
        "and",
        "or",
        "to",
        "und",
        "oder",
        "bzw",
        "bis",
        "et",
        "ou",
        "y",
        "e",
        "o",
        "of",
        "en",
        "og",
        "och",
        "eller",
        "i",
        "ili",
        "lub",
        "oraz",
        "и",
        "или",
    ]
)
