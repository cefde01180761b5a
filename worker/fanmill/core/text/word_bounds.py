"""Word boundaries of texts whose scripts need no dictionary, computed on arrays.

The rules are ICU's rules for UAX #29. The class of a code point is learnt from ICU, once per
process and language: ICU breaks trials with letters, digits and marks beside it. A text with a code
point of no simple class (dictionary scripts, Korean, Hebrew, katakana, emoji joiners) is left to
ICU.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt

from fanmill.core.text.characters import UNICODE, Codes, Integers
from fanmill.core.text.segmentation import words_and_separators

Kinds = npt.NDArray[np.uint16]

LETTER: Final = 1
DIGIT: Final = 2
CONNECTOR: Final = 4
"""Connectors such as the low line: they join letters and digits."""
_CORE: Final = LETTER | DIGIT | CONNECTOR
_SHIFT: Final = 3
BETWEEN_LETTERS: Final = LETTER << _SHIFT
"""A sign that joins two letters (`don't`); `BETWEEN_DIGITS` joins two digits (`3.5`)."""
BETWEEN_DIGITS: Final = DIGIT << _SHIFT
_BETWEEN: Final = BETWEEN_LETTERS | BETWEEN_DIGITS
EXTENDS: Final = 32
"""Signs that belong to the character before them: combining marks, soft hyphens."""
ALONE: Final = 64
"""A word by itself, such as a raised two."""
NO_WORD: Final = 128
"""Signs that join characters but make no word, because Python takes them for no letter or digit."""
COMPLEX: Final = 256
_KNOWN: Final = 512

_BY_DICTIONARY: Final = (
    range(0x0E00, 0x0F00),  # Thai, Lao
    range(0x1000, 0x10A0),  # Burmese
    range(0x1780, 0x1800),  # Khmer
    range(0x1950, 0x19E0),  # Tai Le, New Tai Lue
    range(0x1A20, 0x1AB0),  # Tai Tham
    range(0x2E80, 0xAC00),  # Han, kana, and Burmese and Tai Viet letters
    range(0xF900, 0xFB00),
    range(0xFF66, 0xFFA0),
    range(0x11700, 0x11750),  # Ahom
    range(0x116D0, 0x116E4),
    range(0x1AFF0, 0x1B300),
    range(0x20000, 0x40000),
)
"""Blocks whose letters look simple in a trial, but whose runs ICU breaks by dictionary."""
_JOINER: Final = "\u200d"
_MAX_LANGUAGES: Final = 70
"""Maximum number of tables, each with 2 MB of address space; only pages in use take memory."""


@dataclass(frozen=True, slots=True)
class WordBounds:
    """Boundaries of words.

    Attributes:
        starts: First code point of each word, rising.
        ends: Code point behind the last one of each word.
        is_plain: No sign extends another or joins others without making a word.
    """

    starts: Integers
    ends: Integers
    is_plain: bool = False


def word_bounds(codes: Codes, distinct: Integers, language: str) -> WordBounds | None:
    """Return the word boundaries that ICU would give, or None if only ICU can tell.

    A word has a letter or a digit. The empty text has no words.

    Args:
        codes: Code points of the text.
        distinct: Distinct code points among them.
        language: ISO 639-1 code; it selects variants of the rules, such as the Swedish colon.
    """
    table = _table(language)
    kinds = table[distinct]
    unknown = distinct[kinds == 0]
    if len(unknown):
        table[unknown] = classes(list(map(chr, unknown.tolist())), language)
        kinds = table[distinct]
    present = int(np.bitwise_or.reduce(kinds)) if len(kinds) else 0
    if present & COMPLEX:
        return None
    kinds = table[codes]
    kept = None
    if present & EXTENDS:
        kept = np.append(((kinds & EXTENDS) == 0).nonzero()[0], len(codes))
        kinds = kinds[kept[:-1]]
    # Padding on both sides, so that every word has two edges.
    padded = np.zeros(len(kinds) + 2, np.bool_)
    inside = padded[1:-1]
    np.not_equal(kinds & _CORE, 0, out=inside)
    if present & _BETWEEN:
        _join(kinds, inside)
    edges = (padded[1:] != padded[:-1]).nonzero()[0]
    starts, ends = edges[::2], edges[1::2]
    if present & NO_WORD and len(starts):
        # Reduced between edges; every second range is a word.
        alnum = (kinds & (LETTER | DIGIT)) > (kinds & NO_WORD)
        real = np.logical_or.reduceat(np.append(alnum, [False]), edges)[::2]
        starts, ends = starts[real], ends[real]
    if present & ALONE:
        alone = (kinds & ALONE != 0).nonzero()[0]
        starts = np.sort(np.concatenate((starts, alone)))
        ends = np.sort(np.concatenate((ends, alone + 1)))
    if kept is not None:
        starts, ends = kept[starts], kept[ends]
    return WordBounds(starts, ends, not present & (EXTENDS | NO_WORD))


def _join(kinds: Kinds, inside: npt.NDArray[np.bool_]) -> None:
    """Mark signs as inside words if they join the letters or digits on both sides."""
    places = (kinds[1:-1] & _BETWEEN != 0).nonzero()[0]
    joins = (kinds[places + 1] >> _SHIFT) & kinds[places] & kinds[places + 2] & (LETTER | DIGIT)
    inside[places[joins != 0] + 1] = True


@lru_cache(maxsize=_MAX_LANGUAGES)
def _table(language: str) -> Kinds:
    del language
    return np.zeros(UNICODE, np.uint16)


_TRIALS: Final = (
    ("a", "a"),
    ("1", "1"),
    (" ", ""),
    ("a'", ""),
    ("1'", ""),
    ("", "'"),
    ("", "_"),
    ("", "a"),
)


def classes(characters: Sequence[str], language: str) -> list[int]:
    """Return the class of each character, learnt from ICU's breaks around it."""
    text = "".join(
        f"{before}{character}{after}\n" for character in characters for before, after in _TRIALS
    )
    text += "".join(f"{character}{character}\n" for character in characters)
    broken = {0, *accumulate(map(len, words_and_separators(text, language)))}
    found = []
    at = 0
    twice = len(text) - 3 * len(characters)
    for character in characters:
        joined = []
        for before, after in _TRIALS:
            begin = at + len(before)
            # The first boundary of the trial, and the boundary behind the character.
            joined.append((at + 1 not in broken, begin + 1 not in broken))
            at += len(before) + len(after) + 2
        found.append(_KNOWN | _class(character, joined, doubled=twice + 1 not in broken))
        twice += 3
    return found


def _class(character: str, joined: list[tuple[bool, bool]], *, doubled: bool) -> int:
    """Return the class of a character from the joins before and behind it in each trial."""
    letters, digits = all(joined[0]), all(joined[1])
    behind_space, behind_letter, behind_digit = (joined[trial][0] for trial in (2, 3, 4))
    before_quote, before_connector, before_letter = (joined[trial][1] for trial in (5, 6, 7))
    alnum = character.isalnum()
    no_word = 0 if alnum else NO_WORD
    found = COMPLEX
    if character == _JOINER or before_quote:
        pass
    elif behind_space and letters and digits:
        found = COMPLEX if alnum else EXTENDS
    elif letters and digits and before_letter and before_connector and doubled:
        if not (behind_letter and behind_digit):
            core = LETTER if behind_letter else DIGIT if behind_digit else CONNECTOR
            found = core | no_word
    elif not (before_letter or before_connector):
        if letters or digits:
            if not (alnum or doubled):
                found = BETWEEN_LETTERS * letters | BETWEEN_DIGITS * digits
        elif not alnum:
            found = 0
        elif unicodedata.category(character)[0] == "N" and not doubled:
            found = ALONE
    dictionary = any(ord(character) in span for span in _BY_DICTIONARY)
    return COMPLEX if dictionary and found & (_CORE | ALONE) else found
