# ruff: noqa: E501, RUF001
"""Made-up languages: pronounceable words with Zipf frequencies, and stock phrases."""

from __future__ import annotations

import bisect
import itertools
import random

_ONSETS = [
    "b",
    "bl",
    "br",
    "c",
    "ch",
    "cl",
    "cr",
    "d",
    "dr",
    "f",
    "fl",
    "fr",
    "g",
    "gl",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "pr",
    "qu",
    "r",
    "s",
    "sc",
    "sh",
    "sl",
    "sp",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "io", "oa", "ou"]
_CODAS = [
    "b",
    "ck",
    "d",
    "f",
    "g",
    "l",
    "ll",
    "m",
    "n",
    "nd",
    "ng",
    "nt",
    "p",
    "r",
    "rd",
    "rm",
    "rn",
    "s",
    "ss",
    "st",
    "t",
    "th",
    "x",
] + [""] * 9


class Language:
    """A made-up language: words with Zipf frequencies, and stock phrases."""

    def __init__(self, name: str, seed: int, size: int = 30_000) -> None:
        """Make the vocabulary."""
        self.name = name
        self.chance = random.Random(f"{name} {seed}")
        self.joiner = "" if name == "chinese" else " "
        if name == "chinese":
            characters = [chr(0x4E00 + i) for i in self.chance.sample(range(6500), 3500)]
            words = ["".join(self.chance.choices(characters, weights=range(3500, 0, -1),
                     k=self.chance.choice((1, 2, 2, 2, 3)))) for _ in range(size)]  # fmt: skip
        else:
            words = ["".join(self.chance.choice(_ONSETS) + self.chance.choice(_VOWELS)
                     + self.chance.choice(_CODAS) for _ in range(self.chance.choice((1, 1, 2, 2, 3))))
                     for _ in range(size)]  # fmt: skip
        self.words = words
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(size)))
        self.phrases = [
            [self.word() for _ in range(self.chance.randint(3, 8))] for _ in range(1500)
        ]
        self.phrase_weights = list(itertools.accumulate(1 / (i + 3) for i in range(1500)))

    def word(self) -> str:
        """Draw a word by its frequency."""
        at = bisect.bisect(self.weights, self.chance.random() * self.weights[-1])
        return self.words[at]

    def sentence(self) -> list[str]:
        """Return 8 to 30 words; one in six sentences has a stock phrase."""
        words = [self.word() for _ in range(self.chance.randint(8, 30))]
        if self.chance.random() < 0.16:
            at = bisect.bisect(self.phrase_weights, self.chance.random() * self.phrase_weights[-1])
            place = self.chance.randrange(len(words))
            words[place:place] = self.phrases[at]
        if self.chance.random() < 0.3:
            words.insert(self.chance.randrange(len(words)), f"{self.chance.randrange(5000)}")
        return words

    def render(self, sentences: list[list[str]], *, per_paragraph: int = 4) -> str:
        """Return sentences as a text of paragraphs."""
        stop, comma = ("。", "，") if self.name == "chinese" else (". ", ", ")
        lines = []
        for start in range(0, len(sentences), per_paragraph):
            parts = []
            for words in sentences[start : start + per_paragraph]:
                half = len(words) // 2
                text = self.joiner.join(words[:half]) + comma + self.joiner.join(words[half:])
                parts.append((text[:1].upper() + text[1:]) + stop)
            lines.append("".join(parts).strip())
        return "\n".join(lines)

    def article(self, words: int | None = None) -> list[list[str]]:
        """Return the sentences of an article of 40 to 900 words, usually about 250."""
        wanted = words or min(900, max(40, round(self.chance.lognormvariate(5.4, 0.6))))
        made: list[list[str]] = []
        while sum(map(len, made)) < wanted:
            made.append(self.sentence())
        return made
