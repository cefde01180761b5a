"""What is known of each different token of text, kept between documents.

A language has the same words again and again: what taggers want to know of one
is worked out when it is met first, and read from arrays by number from then on.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from threading import RLock
from typing import Any, Final, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from fanmill.core.text.characters import Integers

MAX_TOKENS: Final = 30_000
"""Of one language, about 15 MB with what is made of them. A document that finds more than these
begins a new lexicon."""
MAX_LANGUAGES: Final = 8

Made = TypeVar("Made")
Number = TypeVar("Number", bound=np.generic)


class Lexicon(dict[str, int]):
    """The tokens of a language by number, in the order in which they were met."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[str] = []
        self.growing = RLock()
        self._made: dict[Hashable, Any] = {}

    def __missing__(self, token: str) -> int:
        with self.growing:
            if token not in self:
                self.tokens.append(token)
                self[token] = len(self.tokens) - 1
            return self[token]

    def numbers(self, tokens: Sequence[str]) -> Integers:
        """Return the number of each token; new ones get the next numbers."""
        return np.fromiter(map(self.__getitem__, tokens), np.int64, len(tokens))

    def made(self, key: Hashable, make: Callable[["Lexicon"], Made]) -> Made:
        """Return what was made of this lexicon under a key, made now if it was not."""
        found: Made | None = self._made.get(key)
        if found is None:
            found = self._made[key] = make(self)
        return found


class Growing(Protocol):
    """A list that grows, under its lock: the tokens of a lexicon, or what was made of them."""

    tokens: list[str]
    growing: RLock


class Column(Generic[Number]):
    """A value for each token of a lexicon, worked out once."""

    def __init__(
        self, lexicon: Growing, value: Callable[[str], float], dtype: type[Number]
    ) -> None:
        self._lexicon = lexicon
        self._value = value
        self._values: npt.NDArray[Number] = np.zeros(1024, dtype)
        self._size = 0

    def of(self, numbers: Integers) -> npt.NDArray[Number]:
        """Return the values of tokens by their numbers."""
        if self._size < len(self._lexicon.tokens):
            with self._lexicon.growing:
                size = len(self._lexicon.tokens)
                values = with_room(self._values, size)
                new = self._lexicon.tokens[self._size : size]
                values[self._size : size] = list(map(self._value, new))
                self._values, self._size = values, size
        return self._values[numbers]


def with_room(values: npt.NDArray[Number], size: int) -> npt.NDArray[Number]:
    """Return an array of at least that size that begins with the values given."""
    if len(values) >= size:
        return values
    larger = np.zeros(max(size, 2 * len(values)), values.dtype)
    larger[: len(values)] = values
    return larger


@lru_cache(maxsize=MAX_LANGUAGES)
def _held(language: str) -> list[Lexicon]:
    del language
    return [Lexicon()]


def lexicon(language: str) -> Lexicon:
    """Return this process's lexicon of a language, a new one when the old one is full."""
    held = _held(language)
    if len(held[0]) > MAX_TOKENS:
        held[0] = Lexicon()
    return held[0]
