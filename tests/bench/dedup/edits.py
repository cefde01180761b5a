"""Copies of real texts with edits of every kind, each kind as often as any other.

    python -m bench.dedup.quality --corpus FILE.jsonl --edits

Half of what comes out are texts of the corpus as they are, half are copies of
them. How much is edited is drawn evenly, so there are many copies near any
threshold: a harder test than news is.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence

_ENDS = re.compile("(?<=[.!?\u1362]) +|(?<=[\u3002\uff01\uff1f])|\n+")
_UNSEEN = "\u200b\u00ad\u2060\ufeff"

Edit = Callable[[str, str, random.Random], str]
"""From a text, another text to take words and sentences from, and chance."""


def in_characters(text: str) -> bool:
    """Return whether most of a text is in a script without spaces."""
    head = text[:2000]
    single = sum("\u0e00" <= c <= "\u0eff" or "\u3040" <= c <= "\u9fff" for c in head)
    return single * 2 > len(head)


def _sentences(text: str) -> list[str]:
    return [s for s in _ENDS.split(text) if s.strip()]


def _joined(sentences: Sequence[str]) -> str:
    return ("" if in_characters("".join(sentences)) else " ").join(sentences)


def _typography(text: str, _: str, chance: random.Random) -> str:
    text = text.replace("'", "\u2019").replace('"', "\u201d").replace("-", "\u2013")
    return text.replace("\n", "\r\n\r\n").replace(". ", chance.choice((".\u00a0", ".\t ", ". \n")))


def _case(text: str, _: str, chance: random.Random) -> str:
    return chance.choice((text.upper(), text.title(), text.lower()))


def _decomposed(text: str, _: str, __: random.Random) -> str:
    return unicodedata.normalize("NFD", text)


def _full_width(text: str, _: str, __: random.Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _zero_width(text: str, _: str, chance: random.Random) -> str:
    return "".join(c + chance.choice(_UNSEEN) if chance.random() < 0.05 else c for c in text)


def _words(how: str) -> Edit:
    def edit(text: str, other: str, chance: random.Random) -> str:
        single = in_characters(text)
        gap = "" if single else " "
        parts = list(text) if single else re.split(r"(\s+)", text)
        strange = [c for c in other if c.strip()] if single else other.split()
        places = [i for i, part in enumerate(parts) if part.strip()]
        share = chance.uniform(0.002, 0.09)
        for i in chance.sample(places, min(len(places), max(1, round(len(places) * share)))):
            if how == "replaced":
                parts[i] = chance.choice(strange)
            elif how == "dropped":
                parts[i] = ""
            elif how == "inserted":
                parts[i] += gap + chance.choice(strange)
            else:
                after = min(i + (1 if single else 2), len(parts) - 1)
                parts[i], parts[after] = parts[after], parts[i]
        return "".join(parts)

    return edit


def _sentences_added(text: str, other: str, chance: random.Random) -> str:
    sentences, strange = _sentences(text), _sentences(other)
    for _ in range(max(1, round(len(sentences) * chance.uniform(0, 0.6)))):
        sentences.insert(chance.randint(0, len(sentences)), chance.choice(strange))
    return _joined(sentences)


def _sentences_dropped(text: str, _: str, chance: random.Random) -> str:
    sentences = _sentences(text)
    keep = max(1, round(len(sentences) * chance.uniform(0.5, 1)))
    return _joined([sentences[i] for i in sorted(chance.sample(range(len(sentences)), keep))])


def _sentences_shuffled(text: str, _: str, chance: random.Random) -> str:
    sentences = _sentences(text)
    chance.shuffle(sentences)
    return _joined(sentences)


def _truncated(text: str, _: str, chance: random.Random) -> str:
    return text[: round(len(text) * chance.uniform(0.5, 1))]


EDITS: dict[str, Edit] = {
    "typography": _typography,
    "case": _case,
    "decomposed characters": _decomposed,
    "full width": _full_width,
    "zero-width characters": _zero_width,
    "words replaced": _words("replaced"),
    "words dropped": _words("dropped"),
    "words inserted": _words("inserted"),
    "words swapped": _words("swapped"),
    "sentences added": _sentences_added,
    "sentences dropped": _sentences_dropped,
    "sentences shuffled": _sentences_shuffled,
    "truncated": _truncated,
}


def with_copies(texts: Sequence[str], size: int, seed: int) -> list[str]:
    """Return `size` texts in random order: half unchanged, half copies, whose kinds take turns.

    A small corpus is used up: then there are more copies than a half, but never
    more than three times the texts in all.
    """
    chance = random.Random(seed)
    full = [text for text in texts if len(text) > (60 if in_characters(text) else 200)]
    originals = chance.sample(full, min(len(full), size // 2))
    made = list(originals)
    kinds = list(EDITS.values())
    for turn in range(min(size, 3 * len(originals)) - len(originals)):
        edit = kinds[turn % len(kinds)]
        made.append(edit(chance.choice(originals), chance.choice(originals), chance))
    chance.shuffle(made)
    return made
