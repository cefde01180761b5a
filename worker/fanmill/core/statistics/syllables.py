"""Syllables of words in English, German and Spanish, for readability formulas.

A syllable is a run of vowels, corrected by rules of the language: silent letters and split pairs
in English (`english_syllables`), split pairs in German and Spanish, whose words are counted at
once, on arrays.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from fanmill.core.statistics.english_syllables import english_syllables
from fanmill.core.text.characters import Integers

_SIZE: Final = 0x100
"""Size of Latin-1, which has all letters of these languages."""

_QU: Final = re.compile(b"qu", re.IGNORECASE)
_GERMAN_ENDINGS: Final = re.compile(b"[e\xe4]um |een ")
"""Endings of two syllables: `Museum`, `Jubiläum`, `Ideen`."""

Mask = npt.NDArray[np.bool_]


def _plain_letter(code: int) -> str:
    """Return the lower-case letter without marks; "" for other characters than Latin letters."""
    special = {"æ": "e", "ø": "o"}
    lower = chr(code).lower()
    base = special.get(lower, unicodedata.normalize("NFD", lower)[0])
    return base if "a" <= base <= "z" else ""


def _table(letters: str) -> bytes:
    """Return a table that maps the letters, with any marks, to 1 and all others to 0."""
    return bytes(_plain_letter(code) in {*letters} for code in range(_SIZE))


_PLAIN: Final = bytes(ord(_plain_letter(code) or "\0") for code in range(_SIZE))
_VOWELS: Final = _table("aeiouy")
_SPANISH_VOWELS: Final = _table("aeiou")
_STRONG: Final = bytes(
    _plain_letter(code) in {*"aeo"} or chr(code) in "íúÍÚ" for code in range(_SIZE)
)


def syllables_of(words: Sequence[str], language: str) -> Integers:
    """Return the number of syllables in each word, at least 1; empty for no words.

    Letters beyond Latin-1 are no vowels of German and Spanish.

    Args:
        words: Words without spaces.
        language: `en`, `de` or `es`.
    """
    if language == "en":
        return english_syllables(words)
    joined = " ".join([*words, ""]).encode("latin-1", "replace")
    return syllables(joined, language) if words else np.empty(0, np.int64)


def syllables(words: bytes, language: str) -> Integers:
    """Return the number of syllables in each word, at least 1.

    Args:
        words: Words in Latin-1, with a space behind each.
        language: `de` or `es`.
    """
    ends = (np.frombuffer(words, np.uint8) == ord(" ")).nonzero()[0]
    starts = np.concatenate(([0], ends[:-1] + 1))
    begins = {"de": _german, "es": _spanish}[language](words)
    return np.maximum(np.add.reduceat(begins, starts, dtype=np.int64), 1)


def _mask(words: bytes, table: bytes) -> Mask:
    return np.frombuffer(words.translate(table), np.bool_)


def _runs(vowels: Mask) -> Mask:
    begins = vowels.copy()
    np.greater(vowels[1:], vowels[:-1], out=begins[1:])
    return begins


def _german(words: bytes) -> Mask:
    """Return a mask of syllables in German.

    The pairs `ie`, `ei`, `au`, `eu`, `äu` and doubled vowels are a single syllable, others two. The
    letter u behind q is no vowel.
    """
    words = _QU.sub(b"qq", words)
    letters = np.frombuffer(words.translate(_PLAIN), np.uint8)
    vowels = _mask(words, _VOWELS)
    begins = _runs(vowels)
    before, here = letters[:-1], letters[1:]
    e, i, u, y = (ord(letter) for letter in "eiuy")
    after_a_or_e = ((before == ord("a")) | (before == e)) & (
        (here == i) | (here == u) | (here == y)
    )
    one = after_a_or_e | ((before == i) & (here == e)) | (before == here)
    # The first two of three vowels (`Bauer`, `neue`) are a single syllable.
    begins[1:] |= vowels[1:] & vowels[:-1] & ~(one & begins[:-1])
    begins[[match.start() + 1 for match in _GERMAN_ENDINGS.finditer(words)]] = True
    return begins


def _spanish(words: bytes) -> Mask:
    """Return a mask of syllables in Spanish.

    Two of a, e, o and accented i and u are two syllables; y is a vowel only at the end.
    """
    letters = np.frombuffer(words.translate(_PLAIN), np.uint8)
    vowels = _mask(words, _SPANISH_VOWELS).copy()
    vowels[:-1] |= (letters[:-1] == ord("y")) & (letters[1:] == 0)
    begins = _runs(vowels)
    strong = _mask(words, _STRONG)
    begins[1:] |= strong[1:] & strong[:-1]
    return begins
