"""Stop words by language, for keyphrases and sentences; the data is `stop_words.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("stop_words.toml")


def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language, case-folded; none for a language without a list."""
    return _words("function").get(language, frozenset())


def domain_stop_words(language: str) -> frozenset[str]:
    """Return content words that never name a subject; none for a language without a list.

    They bound keyphrases as stop words do, but do not start sentences.
    """
    return _words("domain").get(language, frozenset())


@cache
def _words(kind: str) -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in _tables()[kind].items()}


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
