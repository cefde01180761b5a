"""Texts in Latin letters of languages with another script, and text that only fills a page.

Detectors give such a text the name of some language with Latin letters, often with a high
confidence. Their frequent words show that it is none of these.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("romanised.toml")
_WORD: Final = re.compile(r"[a-z0-9']+")
_MIN_DISTINCT: Final = 4
_MIN_SHARE: Final = 0.3
"""Minimum number of distinct listed words, and their minimum share among the words."""


def is_romanised(text: str) -> bool:
    """Tell whether a text has frequent words of a language that Latin letters do not belong to.

    Pseudo-Latin, as designers fill pages with, counts, too.
    """
    if not text.isascii():
        return False
    words = _WORD.findall(text.lower())
    for listed in _lists():
        hits = [word for word in words if word in listed]
        if len(set(hits)) >= _MIN_DISTINCT and len(hits) >= _MIN_SHARE * len(words):
            return True
    return False


@cache
def _lists() -> tuple[frozenset[str], ...]:
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(frozenset(words.split()) for words in listed.values())
