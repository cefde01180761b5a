"""Normal words: the form in which terms are compared, folded and without possessives."""

from typing import Final

import numpy as np

from fanmill.core.text.lexicon import Column, Lexicon
from fanmill.core.text.phrase_forms import POSSESSIVE
from fanmill.core.text.segmentation import is_word, words_and_separators


def normal_words(text: str) -> list[str]:
    """Return the normal words of a short text, such as a term; empty for no words."""
    if text.isascii() and text.replace(" ", "").isalpha():
        return text.casefold().split()
    return list(filter(None, map(normal_word, words_and_separators(text, "und"))))


def normal_word(token: str) -> str:
    """Return the normal word of a token; "" for a separator."""
    if not is_word(token):
        return ""
    folded = token.casefold()
    return folded[:-2] if folded.endswith(POSSESSIVE) and len(folded) > len("'s") else folded


class NormalWords:
    """Normal words of a lexicon by number; number 0 is "", for separators."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.growing = lexicon.growing
        self.tokens = tokens = [""]
        numbers = {"": 0}

        # A function, not a method: a column must not refer to its owner.
        def number_of(token: str) -> int:
            word = normal_word(token)
            number = numbers.get(word)
            if number is None:
                number = numbers[word] = len(tokens)
                tokens.append(word)
            return number

        self.column = Column(lexicon, number_of, np.int64)


class _NormalWords(dict[str, str]):
    """Normal words by token; kept between texts, which share most of their words."""

    _MAX_WORDS = 20_000

    def __missing__(self, token: str) -> str:
        if len(self) > self._MAX_WORDS:
            self.clear()
        found = self[token] = normal_word(token)
        return found


NORMAL_WORDS: Final = _NormalWords()
"""Normal words of this process, by token."""
