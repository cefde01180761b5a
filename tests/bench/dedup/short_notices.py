"""Recall of edited copies of short notices, in which names and figures weigh more.

    python -m bench.dedup.short_notices [notices]

A notice has 35 to 60 words, a few of which are names and figures.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable

from bench.dedup.made_up_language import Language
from bench.dedup.table import table
from bench.dedup.unlike import judged
from dedup_servers import running

Edit = Callable[[list[str], random.Random], list[str]]


def notice(language: Language, chance: random.Random) -> list[str]:
    """Return the words of a notice: sentences with a name or a figure each."""
    words: list[str] = []
    for _ in range(chance.randint(3, 5)):
        sentence = [language.word() for _ in range(11)]
        sentence[4] = language.word().capitalize()
        sentence[8] = str(chance.randint(100, 99_999))
        sentence[0] = sentence[0].capitalize()
        sentence[-1] += "."
        words += sentence
    return words


def _replaced(words: list[str], at: int, word: str) -> list[str]:
    return [*words[:at], word, *words[at + 1 :]]


EDITS: dict[str, Edit] = {
    "another line width": lambda words, chance: [w + "\n" * (chance.random() < 0.1) for w in words],
    "a common word replaced": lambda words, chance: _replaced(
        words, 11 * chance.randrange(3) + 6, "other"
    ),
    "a common word dropped": lambda words, _: words[:6] + words[7:],
    "a byline behind it": lambda words, _: [*words, "\nAna Ito,", "Harbour Press"],
    "a dateline before it": lambda words, _: ["KOLBY,", "June", "5", "(Press)", "-", *words],
    "an agency before it": lambda words, _: ["Harbour", "(Press)", "-", *words],
    "the last sentence dropped": lambda words, _: words[:-11],
    "a figure replaced": lambda words, _: _replaced(words, 8, "77"),
    "a name misspelt": lambda words, _: _replaced(words, 4, words[4] + "e"),
}


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    rows = []
    with running() as server:
        for name, edit in EDITS.items():
            language, chance = Language("english", 43), random.Random(43)
            originals = [notice(language, chance) for _ in range(size)]
            texts = [" ".join(each) for each in originals]
            texts += [" ".join(edit(each, chance)) for each in originals]
            said = judged(server.client, texts, 64)
            rows.append(
                (name, f"{sum(map(bool, said[size:])) / size:.3f}", sum(map(bool, said[:size])))
            )
    print(table(("copy of a short notice", "found", "false"), rows))


if __name__ == "__main__":
    main()
