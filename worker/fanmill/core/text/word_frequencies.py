"""How rare words are in a language at large: what keyphrases are weighed against.

The cold start is wordfreq's list, frozen since 2021 and wide: 40 languages, 25,000
to 40,000 words each. It is data that ships in a wheel, read once per language
and process like a segmenter's dictionary. What counts the stream itself may
take its place: see `ReferenceFrequencies`.
"""

import gzip
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

MAX_LANGUAGES: Final = 12
"""Lists held at once: 3 to 5 MB each."""

UNKNOWN: Final = 6.8
"""Rarity of a word that is on no list: less than one in six million."""


class ReferenceFrequencies(Protocol):
    """Rarity of words: minus the decimal logarithm of their share of all words, 1 to 8."""

    def __hash__(self) -> int:
        """Backgrounds are keys of what is computed from them."""

    @property
    def library(self) -> str | None:
        """Distribution and version the numbers rest on."""

    def inverse_frequencies(self, language: str) -> Mapping[str, float]:
        """Return the known words of a language, in lower case; empty for an unknown one."""


class NoFrequencies:
    """Knows no word: keyphrases then come from the text alone."""

    library: str | None = None

    def inverse_frequencies(self, language: str) -> Mapping[str, float]:  # noqa: ARG002  the port
        """Return no word."""
        return {}


class WordfreqFrequencies:
    """The lists of the distribution wordfreq, without its 16 MB of code."""

    def __init__(self) -> None:
        from importlib.metadata import version  # noqa: PLC0415  a tenth of the start

        self.library: str | None = f"wordfreq {version('wordfreq')}"

    def inverse_frequencies(self, language: str) -> Mapping[str, float]:
        """Return the words of the smaller list of a language."""
        return _wordfreq(_LISTS.get(language, language))


_LISTS: Final = {"no": "nb", "hr": "sh", "sr": "sh", "bs": "sh", "tl": "fil"}


@lru_cache(maxsize=MAX_LANGUAGES)
def _wordfreq(language: str) -> Mapping[str, float]:
    spec = find_spec("wordfreq")
    if spec is None or spec.origin is None or not language.isalpha():
        return {}
    path = Path(spec.origin).parent / "data" / f"small_{language}.msgpack.gz"
    if not path.is_file():
        return {}
    import msgpack  # noqa: PLC0415  comes with wordfreq

    # The format: a header, then lists of words; those of list n are as frequent as 10^(-n/100).
    _, *lists = msgpack.unpackb(gzip.decompress(path.read_bytes()), raw=False)
    inverse_frequencies: dict[str, float] = {}
    for place, words in enumerate(lists):
        # One number for all words of a list: a number each would take a fifth more memory.
        inverse_frequencies |= dict.fromkeys(words, place / 100)
    return inverse_frequencies


@lru_cache(maxsize=1)
def reference_frequencies() -> ReferenceFrequencies:
    """Return wordfreq's lists where that is installed, otherwise no background."""
    return NoFrequencies() if find_spec("wordfreq") is None else WordfreqFrequencies()
