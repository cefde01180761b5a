"""Close relatives told by frequent words that the others lack.

Detectors give a text in a language without many readers the name of its large neighbour, with a
high confidence. Words decide, and a text without such words has a lower confidence.
"""

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

CLEAR_CONFIDENCE: Final = 0.89
"""Maximum confidence of a language that a relative is mistaken for."""
_FILE: Final = Path(__file__).with_name("telling_words.toml")
_MIN_WORDS: Final = 2
"""Minimum number of telling words for a language, and more than those of the other one."""


class Verdict(NamedTuple):
    """A language of a group of relatives.

    Attributes:
        code: The language that the words speak for.
        own: Number of distinct words that only this language has.
        others: The same for the next one.
    """

    code: str
    own: int
    others: int

    @property
    def is_clear(self) -> bool:
        """Whether words speak for this language and hardly any for a relative."""
        return self.own >= _MIN_WORDS and self.own > 2 * self.others

    @property
    def has_many(self) -> bool:
        """Whether so many words speak for this language that others hardly ever have them."""
        return self.own > _MIN_WORDS and self.is_clear


class _Relatives(NamedTuple):
    own: frozenset[str]
    others: dict[str, str]
    """Languages by the words of the other languages of the group."""


def told_by_words(text: str, code: str) -> Verdict | None:
    """Return the language that the words of a text speak for; None outside all groups.

    Args:
        text: The text.
        code: Language that the detector found; it is kept if words do not speak clearly for
            another one.
    """
    relatives = _relatives().get(code)
    if relatives is None:
        return None
    plain = text.lower().replace(",", " ").replace(".", " ").replace("’", "'")  # noqa: RUF001
    words = set(plain.split())
    own = len(words & relatives.own)
    foreign = words & relatives.others.keys()
    if not foreign:
        return Verdict(code, own, 0)
    ((best, count),) = Counter(map(relatives.others.__getitem__, foreign)).most_common(1)
    if count >= _MIN_WORDS and count > own + 1:
        return Verdict(best, count, own)
    return Verdict(code, own, count)


@cache
def _relatives() -> dict[str, _Relatives]:
    found = {}
    for group in telling_words().values():
        for code, words in group.items():
            others = {w: c for c, listed in group.items() if c != code for w in listed}
            found[code] = _Relatives(words, others)
    return found


@cache
def telling_words() -> dict[str, dict[str, frozenset[str]]]:
    """Return the words of the file, by group and language."""
    groups = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        name: {code: frozenset(words.split()) for code, words in group.items()}
        for name, group in groups.items()
    }
