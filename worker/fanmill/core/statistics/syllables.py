"""Syllables of words in English, German and Spanish, for readability formulas.

A syllable is a run of vowels, corrected by rules of the language: silent endings and split pairs in
English, split pairs in German and Spanish. All words of a text are counted at once, on arrays.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from fanmill.core.text.characters import Integers

_SIZE: Final = 0x100
"""Size of Latin-1, which has all letters of these languages."""

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
_AFTER_HIATUS: Final = _table("aou")
_HIATUS_BEFORE: Final = _table("bdfhjklmnpqrvwz")
_SYLLABIC_BEFORE_ES: Final = _table("sxzcghjaeiouy")
_SYLLABIC_BEFORE_ED: Final = _table("tdaeiouy")


def syllables_of(words: Sequence[str], language: str) -> Integers:
    """Return the number of syllables in each word, at least 1; empty for no words.

    Letters beyond Latin-1 are no vowels of these languages.

    Args:
        words: Words without spaces.
        language: `en`, `de` or `es`.
    """
    joined = " ".join([*words, ""]).encode("latin-1", "replace")
    return syllables(joined, language) if words else np.empty(0, np.int64)


def syllables(words: bytes, language: str) -> Integers:
    """Return the number of syllables in each word, at least 1.

    Args:
        words: Words in Latin-1, with a space behind each.
        language: `en`, `de` or `es`.
    """
    # Four spaces in front, so that every letter has four bytes before it.
    padded = b"    " + words
    codes = np.frombuffer(padded, np.uint8)
    ends = (codes == ord(" ")).nonzero()[0][4:]
    starts = np.empty_like(ends)
    starts[:1] = 4
    np.add(ends[:-1], 1, out=starts[1:])
    begins = {"en": _english, "de": _german, "es": _spanish}[language](padded)
    counts = np.add.reduceat(begins, starts, dtype=np.int64)
    if language == "en":
        counts[_silent_endings(padded, ends)] -= 1
    return np.maximum(counts, 1)


def _mask(padded: bytes, table: bytes) -> Mask:
    return np.frombuffer(padded.translate(table), np.bool_)


def _runs(vowels: Mask) -> Mask:
    begins = vowels.copy()
    np.greater(vowels[1:], vowels[:-1], out=begins[1:])
    return begins


def _english(padded: bytes) -> Mask:
    """Return a mask of syllables in English.

    A pair of i and a, o or u is two syllables (`radio`), but not in `-tion` and `-cial`.
    """
    letters = np.frombuffer(padded.translate(_PLAIN), np.uint8)
    begins = _runs(_mask(padded, _VOWELS))
    after = (letters[1:-1] == ord("i")).nonzero()[0] + 2
    pairs = _mask(padded, _AFTER_HIATUS)[after] & _mask(padded, _HIATUS_BEFORE)[after - 2]
    begins[after[pairs]] = True
    return begins


def _silent_endings(padded: bytes, ends: Integers) -> Integers:
    """Return 1 for words with a silent e: `make`, `makes`, `seemed`; not `table`, `wanted`."""
    letters = np.frombuffer(padded.translate(_PLAIN), np.uint8)
    vowels = _mask(padded, _VOWELS)
    letter_e = ord("e")
    words = ((letters[ends - 1] == letter_e) | (letters[ends - 2] == letter_e)).nonzero()[0]
    ends = ends[words]
    last, second, third = (letters[ends - place] for place in (1, 2, 3))
    third_vowel, fourth_vowel = vowels[ends - 3], vowels[ends - 4]
    silent: Mask = (last == letter_e) & (second != 0) & ~vowels[ends - 2]
    silent &= ~((second == ord("l")) & (third != 0) & ~third_vowel)
    inflected = (second == letter_e) & (third != 0)
    inflected &= ((last == ord("d")) & ~_mask(padded, _SYLLABIC_BEFORE_ED)[ends - 3]) | (
        (last == ord("s")) & ~_mask(padded, _SYLLABIC_BEFORE_ES)[ends - 3]
    )
    inflected &= ~((third == ord("l")) & (letters[ends - 4] != 0) & ~fourth_vowel)
    silent |= inflected
    found: Integers = words[silent]
    return found


def _german(padded: bytes) -> Mask:
    """Return a mask of syllables in German.

    The pairs `ie`, `ei`, `au`, `eu`, `äu` and doubled vowels are a single syllable, others two.
    """
    letters = np.frombuffer(padded.translate(_PLAIN), np.uint8)
    vowels = _mask(padded, _VOWELS)
    begins = _runs(vowels)
    before, here = letters[:-1], letters[1:]
    e, i, u, y = (ord(letter) for letter in "eiuy")
    after_a_or_e = ((before == ord("a")) | (before == e)) & (
        (here == i) | (here == u) | (here == y)
    )
    one = after_a_or_e | ((before == i) & (here == e)) | (before == here)
    # The first two of three vowels (`Bauer`, `neue`) are a single syllable.
    begins[1:] |= vowels[1:] & vowels[:-1] & ~(one & begins[:-1])
    return begins


def _spanish(padded: bytes) -> Mask:
    """Return a mask of syllables in Spanish.

    Two of a, e, o and accented i and u are two syllables; y is a vowel only at the end.
    """
    letters = np.frombuffer(padded.translate(_PLAIN), np.uint8)
    vowels = _mask(padded, _SPANISH_VOWELS).copy()
    vowels[:-1] |= (letters[:-1] == ord("y")) & (letters[1:] == 0)
    begins = _runs(vowels)
    strong = _mask(padded, _STRONG)
    begins[1:] |= strong[1:] & strong[:-1]
    return begins
