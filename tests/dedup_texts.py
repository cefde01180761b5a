"""Texts, candidates and clocks for tests."""

from __future__ import annotations

import random
from functools import cache

from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.judgement import Candidate
from fanmill.core.dedup.parameters import DedupParameters

DAY_MS = 86_400_000


class Clock:
    """Clock that only moves when a test moves it."""

    def __init__(self, now_ms: int = 1_700_000_000_000) -> None:
        """Start at a time."""
        self.now_ms = now_ms

    def __call__(self) -> int:
        """Return the time in ms."""
        return self.now_ms

    def pass_days(self, days: float) -> None:
        """Advance the time by days."""
        self.now_ms += round(days * DAY_MS)


@cache
def vocabulary() -> tuple[str, ...]:
    """Return 3,000 made-up words."""
    chance = random.Random(7)
    return tuple(
        "".join(chance.choices("abcdefghiklmnoprstu", k=chance.randint(2, 9))) for _ in range(3000)
    )


def text(seed: object, words: int = 200) -> str:
    """Return a text in lines of 12 words, different for each seed."""
    chance = random.Random(repr(seed))
    chosen = chance.choices(vocabulary(), k=words)
    return "\n".join(" ".join(chosen[i : i + 12]) for i in range(0, words, 12))


def edited(original: str, seed: object, edits: int) -> str:
    """Return the text with some words replaced."""
    chance = random.Random(repr(seed))
    words = original.split(" ")
    for _ in range(edits):
        words[chance.randrange(len(words))] = chance.choice(vocabulary())
    return " ".join(words)


def candidate(
    document_id: str,
    body: str,
    *,
    entry: str = "1-0",
    parameters: DedupParameters | None = None,
    index: object = None,
) -> Candidate:
    """Return a candidate; if an index is given, its lines are looked up there first."""
    maker = Fingerprinter(parameters or DedupParameters())
    tokenized = maker.tokenize([body])
    seen = index.lines_seen([each.lines for each in tokenized]) if index is not None else None
    return Candidate(document_id, entry, maker.fingerprints(tokenized, seen)[0])
