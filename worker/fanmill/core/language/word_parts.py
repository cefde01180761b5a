"""Close relatives told by words, their beginnings and ends, and letters.

`relatives.tsv` has a table for each group of relatives. It says how much rarer a part is in each
language than in the language that has it most, in powers of two: 0 to 7. It was counted in every
second sentence of the test data of `pemistahl/lingua`, and in SIB-200 without its test part.
`tests/bench/count_relatives.py` makes it.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_FILE: Final = Path(__file__).with_name("relatives.tsv")
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_BITS: Final = 16
_MASK: Final = (1 << _BITS) - 1
"""Bits of the sum of a language, which is below 10,000 for a window of a text."""
_AFFIX: Final = 3
_CLEAR_LEAD: Final = 10
"""Minimum lead over the second language in powers of two. With it, 99 of 100 answers are right in
each language, in sentences that the table was not counted in."""

MALAY: Final = frozenset({"id", "ms"})
_LARGE_LEADS: Final = {**dict.fromkeys(MALAY, 30), **dict.fromkeys(("xh", "zu", "ss"), 20)}
"""The same for languages that differ in fewer words."""


_MALAY_FILE: Final = Path(__file__).with_name("malay_words.toml")
_OWN_WORD: Final = 14
"""Powers of two that a word counts which Indonesian or Malay writes otherwise."""


class Told(NamedTuple):
    """A language of a group of close relatives.

    Attributes:
        code: The language that the parts of words speak for.
        lead: Its lead over the second language, in powers of two.
        own: Its lead over the language that the detector found.
    """

    code: str
    lead: int
    own: int

    @property
    def is_clear(self) -> bool:
        """Whether the lead is so large that the answer is nearly always right."""
        return self.lead >= _LARGE_LEADS.get(self.code, _CLEAR_LEAD)


class _Table(NamedTuple):
    """Parts of words of a group of languages.

    Each value has the levels of all languages, in `_BITS` bits each.
    """

    codes: tuple[str, ...]
    words: dict[str, int]
    beginnings: dict[str, int]
    ends: dict[str, int]
    letters: dict[str, int]


def told_by_parts(text: str, code: str) -> Told | None:
    """Return the language among the relatives of a language that a text is in.

    Args:
        text: The text.
        code: Language that the detector found; the result is None if it is in no group.
    """
    table = _tables().get(code)
    if table is None:
        return None
    words = set(_WORD.findall(text.lower().replace("’", "'")))  # noqa: RUF001
    long = [word for word in words if len(word) > _AFFIX + 1]
    total = 0
    for parts, levels in (
        (words, table.words),
        ({word[:_AFFIX] for word in long}, table.beginnings),
        ({word[-_AFFIX:] for word in long}, table.ends),
        (set("".join(words)), table.letters),
    ):
        total += sum(map(levels.__getitem__, parts & levels.keys()))
    rarer = [total >> shift & _MASK for shift in range(0, _BITS * len(table.codes), _BITS)]
    if code in MALAY:
        own = _malay_words()
        for other, foreign in zip(table.codes, reversed(table.codes), strict=True):
            rarer[table.codes.index(other)] += _OWN_WORD * len(words & own[foreign])
    least, second = sorted(rarer)[:2]
    return Told(
        table.codes[rarer.index(least)], second - least, rarer[table.codes.index(code)] - least
    )


@cache
def _malay_words() -> dict[str, frozenset[str]]:
    listed = tomllib.loads(_MALAY_FILE.read_text(encoding="utf-8"))
    return {code: frozenset(words.split()) for code, words in listed.items()}


@cache
def _tables() -> dict[str, _Table]:
    found: dict[str, _Table] = {}
    for group in _FILE.read_text(encoding="utf-8").split("=")[1:]:
        first, *lines = group.splitlines()
        table = _Table(tuple(first.split()), {}, {}, {}, {})
        for line in lines:
            part, levels = line.split("\t")
            value = sum(int(level) << _BITS * at for at, level in enumerate(levels))
            _parts_like(part, table)[part.strip("_")] = value
        found |= dict.fromkeys(table.codes, table)
    return found


def _parts_like(part: str, table: _Table) -> dict[str, int]:
    """Return the parts of the kind of a part, which its underscores show."""
    if part.startswith("_"):
        return table.words if part.endswith("_") else table.beginnings
    return table.ends if part.endswith("_") else table.letters
