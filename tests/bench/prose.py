"""Texts of a natural vocabulary: words of a language by Zipf's law, with names, numbers and typos.

A service always meets new words. Texts of few words would hide memory that grows with words.
"""

import bisect
from collections.abc import Iterator
from itertools import accumulate
from random import Random
from string import ascii_lowercase
from typing import Final

from fanmill.core.text.word_frequencies import reference_frequencies

LANGUAGES: Final = ("en", "de", "fr", "es", "ru", "zh")
_SHARE_OF_NAMES: Final = 0.02
_SHARE_OF_NUMBERS: Final = 0.01
_SHARE_OF_RARE_WORDS: Final = 0.03


class Prose:
    """Makes texts of one language; the same seed makes the same texts."""

    def __init__(self, language: str, seed: str = "") -> None:
        self._chance = Random(f"{language} {seed}")
        self._words = list(reference_frequencies().inverse_frequencies(language))
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self._words))))
        self._joiner = "" if language == "zh" else " "
        self._stop = "。" if language == "zh" else ". "

    def text(self, utf8_bytes: int) -> str:
        """Return sentences of this size in UTF-8, up to one sentence more."""
        sentences: list[str] = []
        size = 0
        while size < utf8_bytes:
            words = [self._word() for _ in range(self._chance.randint(8, 25))]
            line = self._joiner.join(words)
            sentences.append(line[:1].upper() + line[1:] + self._stop)
            if self._chance.random() < 0.2:
                sentences.append("\n")
            size += len(sentences[-1].encode()) if sentences[-1] != "\n" else 1
            size += len(sentences[-2].encode()) if sentences[-1] == "\n" else 0
        return "".join(sentences)

    def _word(self) -> str:
        kind = self._chance.random()
        if kind < _SHARE_OF_NAMES:
            return "".join(
                self._chance.choices(ascii_lowercase, k=self._chance.randint(4, 9))
            ).capitalize()
        if kind < _SHARE_OF_NAMES + _SHARE_OF_NUMBERS:
            return str(self._chance.randrange(100_000))
        if kind < _SHARE_OF_NAMES + _SHARE_OF_NUMBERS + _SHARE_OF_RARE_WORDS:
            return self._chance.choice(self._words)
        at = bisect.bisect(self._weights, self._chance.random() * self._weights[-1])
        return self._words[min(at, len(self._words) - 1)]


def texts(languages: tuple[str, ...], count: int, utf8_bytes: int, seed: str) -> Iterator[str]:
    """Yield texts of the languages in turn."""
    prose = [Prose(language, seed) for language in languages]
    for number in range(count):
        yield prose[number % len(prose)].text(utf8_bytes)
