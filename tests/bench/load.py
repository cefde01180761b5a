"""The documents of the benchmark: English-looking text of one size, each one different."""

from collections.abc import Iterator
from random import Random
from typing import Final

from fanmill_contracts import DocumentIngested

TEXT_CHARACTERS: Final = 7000
"""A long news article."""

_WORDS: Final = """
harvest grain wind barley field miller water stone autumn price market village river road farmer
season winter labour cart horse morning letter council report figure winner train the a of and to
in that it was for on with as by at from they had were which their one
"""


def documents(count: int, run: str) -> Iterator[DocumentIngested]:
    """Yield `count` events with different texts and ids; `run` keeps two runs apart."""
    chance = Random(run)
    # Texts are windows into a long text: building them must not cost more than sending them.
    pool = " ".join(chance.choices(_WORDS.split(), k=20_000))
    for number in range(count):
        opening = f"Document {number} of {run}. "
        start = chance.randrange(len(pool) - TEXT_CHARACTERS)
        yield DocumentIngested.create(
            f"{run}-{number}",
            opening + pool[start : start + TEXT_CHARACTERS - len(opening)],
            source="/bench",
            event_id=f"{run}-{number}",
            title=f"Document {number}",
            url=f"https://news.example/{run}/{number}",
        )
