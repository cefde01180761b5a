"""Terms of words in inflecting languages: many terms are beginnings of words."""

import re
from collections.abc import Collection
from typing import Final

from fanmill.core.taggers.topic_terms import STEM

# `l'entraîneur` is a form of `entraîneur`.
_ELIDED: Final = re.compile(r"^\w{1,6}['’](?=\w{3})")  # noqa: RUF001
_SHORTEST: Final = 3
"""Minimum number of letters in a beginning."""


class Stems(dict[str, str]):
    """Terms by word, "" for none; kept between documents, which share most words.

    A whole word is preferred to a beginning, and a long beginning to a short one.
    """

    MOST: Final = 50_000

    def __init__(self, terms: Collection[str]) -> None:
        """Take terms in lower case; those that end in `STEM` are beginnings."""
        super().__init__()
        self._terms = terms
        self._longest = max(map(len, terms), default=0)

    def __missing__(self, word: str) -> str:
        if len(self) > self.MOST:
            self.clear()
        bare = _ELIDED.sub("", word)
        found = self[word] = bare if bare in self._terms else self._stem_of(bare)
        return found

    def _stem_of(self, word: str) -> str:
        longest = min(len(word), self._longest)
        stems = (f"{word[:size]}{STEM}" for size in range(longest, _SHORTEST - 1, -1))
        return next((stem for stem in stems if stem in self._terms), "")
