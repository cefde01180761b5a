"""Reference frequencies: how rare words are in a language, for the weights of keyphrases.

The lists are those of wordfreq, frozen since 2021: 40 languages with 25,000 to 40,000 words each.
They are read once per language and process. Another source can implement `ReferenceFrequencies`.
"""

import gzip
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

MAX_LANGUAGES: Final = 12
"""Maximum number of lists in memory; each takes 3 to 5 MB."""

UNKNOWN: Final = 6.8
"""Inverse frequency of a word on no list: rarer than one in six million."""


class ReferenceFrequencies(Protocol):
    """Inverse frequencies of words: minus the decimal logarithm of their share, 1 to 8."""

    def __hash__(self) -> int:
        """Return a hash: frequencies are keys of results computed from them."""

    @property
    def library(self) -> str | None:
        """Distribution and version that the numbers come from; None without any."""

    def inverse_frequencies(self, language: str) -> Mapping[str, float]:
        """Return the inverse frequencies of a language by word, in lower case; {} if unknown."""


class NoFrequencies:
    """Frequencies without words: keyphrases then depend on the text alone."""

    library: str | None = None

    def inverse_frequencies(self, language: str) -> Mapping[str, float]:  # noqa: ARG002  the port
        """Return no inverse frequencies."""
        return {}


class WordfreqFrequencies:
    """Frequencies from the lists of the distribution wordfreq, without its 16 MB of code."""

    def __init__(self) -> None:
        from importlib.metadata import version  # noqa: PLC0415  a tenth of the start

        self.library: str | None = f"wordfreq {version('wordfreq')}"

    def inverse_frequencies(self, language: str) -> Mapping[str, float]:
        """Return the inverse frequencies of the smaller list of a language."""
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

    # Format: a header, then lists of words; the words of list n have the frequency 10^(-n/100).
    _, *lists = msgpack.unpackb(gzip.decompress(path.read_bytes()), raw=False)
    inverse_frequencies: dict[str, float] = {}
    for place, words in enumerate(lists):
        # A shared number for all words of a list saves a fifth of the memory.
        inverse_frequencies |= dict.fromkeys(words, place / 100)
    return inverse_frequencies


@lru_cache(maxsize=1)
def reference_frequencies() -> ReferenceFrequencies:
    """Return wordfreq's lists if it is installed, otherwise no frequencies."""
    return NoFrequencies() if find_spec("wordfreq") is None else WordfreqFrequencies()
