"""Lexicon of a language: properties of its distinct tokens, kept between documents.

Texts of a language share most of their words. The properties of a token are computed once and then
read from arrays by number.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from threading import Lock, RLock
from typing import Any, Final, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from fanmill.core.text.characters import Integers

MAX_TOKENS: Final = 30_000
"""Tokens of one language, about 15 MB with the columns made of them. A language with more begins
a new lexicon with its next document."""
MAX_ALL_TOKENS: Final = 60_000
"""Tokens of all languages together. Above this the lexicon used longest ago is dropped."""
MAX_LANGUAGES: Final = 8

Made = TypeVar("Made")
Number = TypeVar("Number", bound=np.generic)


class Lexicon(dict[str, int]):
    """Numbers of the tokens of a language, in the order of first occurrence."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[str] = []
        self.growing = RLock()
        self._made: dict[Hashable, Any] = {}

    @classmethod
    def of(cls, tokens: Iterable[str]) -> "Lexicon":
        """Return a lexicon of tokens alone, which is not kept."""
        made = cls()
        made.tokens.extend(dict.fromkeys(tokens))
        made.update(zip(made.tokens, range(len(made.tokens)), strict=True))
        return made

    def __missing__(self, token: str) -> int:
        with self.growing:
            if token not in self:
                self.tokens.append(token)
                self[token] = len(self.tokens) - 1
            return self[token]

    def numbers(self, tokens: Sequence[str]) -> Integers:
        """Return the numbers of tokens; new tokens get the next numbers."""
        return np.fromiter(map(self.__getitem__, tokens), np.int64, len(tokens))

    def made(self, key: Hashable, make: Callable[["Lexicon"], Made]) -> Made:
        """Return the object made of this lexicon under a key; it is made at the first call."""
        found: Made | None = self._made.get(key)
        if found is None:
            found = self._made[key] = make(self)
        return found


class Growing(Protocol):
    """A growing list of tokens with its lock: a lexicon, or an object made of one."""

    tokens: list[str]
    growing: RLock


class Column(Generic[Number]):
    """A value for each token of a lexicon, computed once.

    A column does not refer to its lexicon, nor may the function refer to the column's owner:
    a lexicon that is replaced is then freed at once. In a cycle it would stay until the garbage
    collector visits the oldest generation, which takes a worker hours.
    """

    def __init__(
        self, lexicon: Growing, value: Callable[[str], float], dtype: type[Number]
    ) -> None:
        self._tokens = lexicon.tokens
        self._growing = lexicon.growing
        self._values_of: Callable[[Sequence[str]], Any] = lambda tokens: list(map(value, tokens))
        self._values: npt.NDArray[Number] = np.zeros(1024, dtype)
        self._size = 0

    def of(self, numbers: Integers) -> npt.NDArray[Number]:
        """Return the values of tokens by their numbers."""
        if self._size < len(self._tokens):
            with self._growing:
                size = len(self._tokens)
                values = with_room(self._values, size)
                new = self._tokens[self._size : size]
                values[self._size : size] = self._values_of(new)
                self._values, self._size = values, size
        return self._values[numbers]


class ListColumn(Column[Number]):
    """A column whose function computes the values of many tokens at once."""

    def __init__(
        self,
        lexicon: Growing,
        values: Callable[[Sequence[str]], npt.NDArray[Any]],
        dtype: type[Number],
    ) -> None:
        super().__init__(lexicon, len, dtype)
        self._values_of = values


def with_room(values: npt.NDArray[Number], size: int) -> npt.NDArray[Number]:
    """Return an array of at least a size that begins with the given values."""
    if len(values) >= size:
        return values
    larger = np.zeros(max(size, 2 * len(values)), values.dtype)
    larger[: len(values)] = values
    return larger


class Lexicons:
    """Lexicons of one process by language, bounded by tokens and by languages.

    Dropping a lexicon costs time and changes no answer: the next document makes it again.
    """

    def __init__(self) -> None:
        self._held: dict[str, Lexicon] = {}
        self._changing = Lock()

    def of(self, language: str) -> Lexicon:
        """Return the lexicon of a language: a new one if the old one is full."""
        with self._changing:
            found = self._held.pop(language, None)
            if found is None or len(found) > MAX_TOKENS:
                self._make_room()
                found = Lexicon()
            self._held[language] = found  # the last place: used last
            return found

    def clear(self) -> None:
        """Drop all lexicons."""
        with self._changing:
            self._held.clear()

    def tokens(self) -> int:
        """Return the number of tokens in all lexicons."""
        return sum(map(len, self._held.values()))

    def _make_room(self) -> None:
        while len(self._held) >= MAX_LANGUAGES or self.tokens() > MAX_ALL_TOKENS:
            del self._held[next(iter(self._held))]  # the lexicon used longest ago


_LEXICONS: Final = Lexicons()
_OF_WORDS: Final = Lexicons()


def lexicon(language: str) -> Lexicon:
    """Return this process's lexicon of a language: a new one when the old one is full."""
    return _LEXICONS.of(language)


def word_lexicon(language: str) -> Lexicon:
    """Return this process's lexicon of the whitespace words of a language, about 5 MB if full."""
    return _OF_WORDS.of(language)


def empty_lexicons() -> None:
    """Drop all lexicons of this process."""
    _LEXICONS.clear()
    _OF_WORDS.clear()
