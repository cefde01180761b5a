"""News-like documents in English and Chinese; three in ten are near copies of earlier ones."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

import rjieba

from fanmill_contracts import DocumentIngested

TEXT_BYTES: Final = 7000
COPIES: Final = 0.3
CHANGED: Final = 0.01
"""Share of the words of a copy that an editor replaced."""

_REPLACED: Final = 0.33
"""Share of the words of a sentence that are others in each document."""

SAMPLES: Final = Path(__file__).parents[3] / "deploy/samples"
_ENDS: Final = {"en": ". ", "zh": "。"}
_JOINTS: Final = {"en": " ", "zh": ""}


def documents(language: str, count: int, run: str) -> Iterator[DocumentIngested]:
    """Yield documents of about 7,000 bytes in `en` or `zh`, different in each run."""
    chance = Random(f"{language} {run}")
    sentences = [_words(each, language) for each in _sentences(language)]
    words = sorted({word for sentence in sentences for word in sentence if len(word) > 1})
    originals: list[list[str]] = []
    for number in range(count):
        if originals and chance.random() < COPIES:
            text = _changed(chance.choice(originals), words, CHANGED, chance)
        else:
            text = _original(sentences, words, language, chance)
            originals.append(text)
        yield DocumentIngested.create(
            f"{run}-{number}",
            _JOINTS[language].join(text),
            source="/bench",
            event_id=f"{run}-{number}",
            title=f"Document {number}",
        )


def _sentences(language: str) -> list[str]:
    rows = [
        json.loads(line)
        for name in ("news.jsonl", "reprints.jsonl")
        for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()
    ]
    end = _ENDS[language]
    return [
        sentence + end.strip()
        for row in rows
        if (row.get("language") or "").startswith(language)
        for sentence in row["text"].replace("\n", _JOINTS[language]).split(end)
        if len(sentence) > 5
    ]


def _words(sentence: str, language: str) -> list[str]:
    return sentence.split() if language == "en" else rjieba.cut(sentence)


def _original(
    sentences: list[list[str]], words: list[str], language: str, chance: Random
) -> list[str]:
    text: list[str] = []
    size = 0
    while size < TEXT_BYTES:
        sentence = _changed(chance.choice(sentences), words, _REPLACED, chance)
        size += len(_JOINTS[language].join(sentence).encode()) + 1
        text += sentence
        if chance.random() < 0.15:
            text.append("\n\n")
    return text


def _changed(text: list[str], words: list[str], share: float, chance: Random) -> list[str]:
    """Return words of which a share are others; names, numbers and marks remain."""
    return [
        chance.choice(words)
        if len(word) > 1 and word.isalpha() and not word[0].isupper() and chance.random() < share
        else word
        for word in text
    ]
