"""Syllables of English words.

A syllable is a run of vowels. Rules correct it for letters that are silent and for pairs of vowels
that are two syllables; words that follow no rule are listed in `english_syllables.toml`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from fanmill.core.text.characters import Integers

_FILE: Final = Path(__file__).with_name("english_syllables.toml")
_RUN: Final = re.compile("[aeiouy]+")
_DIAERESIS: Final = re.compile("([aeiou])\u0308")
_ACCENT: Final = re.compile("e[\u0300-\u0302]")
_MARK: Final = re.compile("[\u0300-\u036f]")
_SPECIAL: Final = str.maketrans({"æ": "e", "œ": "e", "ø": "o"})
_FIRST_PART: Final = re.compile(
    r"^(some|there|where|home|life|time|fore|side|house|fire|base|space|white|name|place|note|grave|score|stone|"
    r"gate|race|care|make|take|safe|like|wide|lone|price|police|smoke|trade|state|cake|horse|wine|line)"
    r"(?=[bcdfghklmptw][a-z]{2}|s[a-z]{3}|ne[a-z]{3})(?!forest|stated|timed|linea)"
)
"""First part of a compound, whose last letter is silent: `something`, `homework`."""
_FIRST_LETTERS: Final = frozenset("sthlfbwnpgrcm")
_SILENT: Final = re.compile(
    r"e(?:"
    # At the end: `make`, `makes`, `seemed`; not `table`, `tables`, `handled`, `acre`, `hundred`.
    r"$(?<![aeiouy']e)(?<![bcdgpt]re)(?<![bcdfgkptz]le)(?<!ssle)"
    r"|(?=d$)(?<![aeiouytd']e)(?<![bcdfgkpt]re)(?<![bcdfgkptz]le)(?<!ssle)"
    r"|(?=s$)(?<![aeiouyscxzgj']e)(?<![bcdgpt]re)(?<![bcdfgkptz]le)(?<![sc]he)(?<!ssle)"
    # Before an ending: `lovely`, `careful`, `movement`; not `settlement`, `element`.
    r"|(?=ly$|fu|ness|less|ments?$)(?:(?<=[aeiouy][^aeiouy]e)(?<!^ele)|(?<=[aeiouy][^aeiouy][^aeiouyl]e))"
    # `league`, `colleagues`.
    r")|u(?<=gu)e(?=[sd]?$)"
)
_MAY_SPLIT: Final = re.compile("[aeiouy][aeiouy]|[st]h?ms?$|[ds]n'?t$")
_SPLIT: Final = re.compile(
    # i before another vowel: `radio`, not `nation`, `million`, `opinion`, `italian`.
    r"i(?:(?=[aou])(?<=[bdfhjkmpqrvwz]i)(?<!shi)"
    r"|(?<=li)(?=a(?:nc|nt|b|[^nrm])|o(?![nr])|um)|(?<=ni)(?=a[bclt]|o(?![nr])|um)"
    r"|(?<=^li)(?=ons?$)|(?<=deli)(?=on)|(?<=^gi)(?=an)|(?<=[cgst]i)(?=at|um|as)"
    # `quiet`, `client`, `science`, `carrier`, `easiest`; not `patient`, `friend`.
    r"|(?=et)|(?=en[ct])(?<![cnst]i)|(?<=^sci)(?=en)"
    r"|(?=ers?$|est$)(?:(?<=[aeiouy][^aeiouy]i)|(?<=[aeiouy][^aeiouy][^aeiouy]i))"
    # Before -ing: `skiing`, `being`, `trying`.
    r"|(?=ings?$))"
    # u: `actual`, `influence`, `cruel`, `continuous`, `ambiguity`, `ruin`, `fluid`, `suicide`.
    r"|u(?:(?=a|en[ct]|ell?(?:s|ing|ed)?$)(?<!gu)|(?=ous|it(?:y|ies|ou|ion)|ings?$)"
    r"|(?=in)(?<=^ru)|(?=id)(?<=flu)|(?=in)(?<=genu)|(?=ic)(?<=^su))"
    # o: `poem`, `cooperate`.
    r"|o(?:(?=e[mt])(?<=po)|(?=oper|ord|inci|exist|ali)(?<=^co)|(?=ings?$))"
    # e: `video`, `geology`, `create`, `reality`, `idea`, `museum`.
    r"|e(?:(?=o(?!p))(?<=[adhlnt]e)|(?=o(?!rg))(?<=^ge)|(?=at(?!ur))(?<=cre)|(?=e[mx])(?<=^pre)"
    r"|(?=act|ali[sz]|alit|appea|ass|arr|affi|adj|in[fsv]|elec|ent|est|eval|exam|emerg)(?<=^re)"
    r"|(?=at[er])(?<=the)|(?=a)(?:(?<=^ide)|(?<=^are)|(?<=europe)|(?<=kore))|(?=ar)(?:(?<=line)|(?<=nucle))"
    r"|(?=um|ings?$)|(?=ous)(?<![cg]e))"
    # y between vowels: `beyond`, `player`; not `eyes`, `played`.
    r"|y(?:(?=[aou]|e(?!s?$|d$))(?<=[aeou]y)|(?=ings?$))|a(?=ings?$)"
    # A consonant as a syllable: `prism`, `rhythm`, `didn't`.
    r"|s(?=ms?$)(?<=[aeiouy]s)|th(?=ms?$)|n(?='?t$)(?<=[ds]n)"
)


def english_syllables(words: Sequence[str]) -> Integers:
    """Return the number of syllables in each word, at least 1.

    Args:
        words: Words without spaces, in any case, with or without apostrophes.
    """
    return np.fromiter(map(_count, words), np.int64, len(words))


def _count(word: str) -> int:
    word = word.lower()
    if not word.isascii():
        word = _plain(word)
    listed = _listed().get(word)
    if listed is not None:
        return listed
    if word[:1] in _FIRST_LETTERS:
        word = _FIRST_PART.sub(_without_last, word)
    # The letter u behind q is no vowel: `quiet`, `equal`.
    sounded = _SILENT.sub("", word.replace("qu", "q"))
    count = len(_RUN.findall(sounded))
    if _MAY_SPLIT.search(sounded):
        count += len(_SPLIT.findall(sounded))
    return max(1, count)


def _without_last(match: re.Match[str]) -> str:
    return match[0][:-1]


def _plain(word: str) -> str:
    """Return a word in ASCII, with an apostrophe for a mark that makes a vowel a syllable."""
    word = unicodedata.normalize("NFD", word).translate(_SPECIAL)
    return _MARK.sub("", _ACCENT.sub("e'", _DIAERESIS.sub(r"'\1", word)))


@cache
def _listed() -> dict[str, int]:
    numbers = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {word: int(number) for number, words in numbers.items() for word in words.split()}
