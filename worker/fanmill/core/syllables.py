"""Syllables of words in English, German and Spanish, for the formulas that need them.

A syllable is a run of vowels, corrected by the rules of the language: silent
endings and split pairs in English, split pairs in German and Spanish. All words
of a text are counted at once, on arrays.
"""

import unicodedata
from typing import Final

import numpy as np
import numpy.typing as npt

from fanmill.core.characters import Integers

_SIZE: Final = 0x250
"""Latin letters with and without marks; all beyond are consonants."""

Letters = npt.NDArray[np.uint8]


def _plain_letters() -> Letters:
    """Map code points to small letters without marks; 0 is for what is no Latin letter."""
    table = np.zeros(_SIZE, np.uint8)
    for code in range(_SIZE):
        base = unicodedata.normalize("NFD", chr(code).lower())[0]
        if "a" <= base <= "z":
            table[code] = ord(base)
    table[ord("æ")] = table[ord("œ")] = table[ord("Æ")] = table[ord("Œ")] = ord("e")
    table[ord("ø")] = table[ord("Ø")] = ord("o")
    return table


_LETTERS: Final = _plain_letters()


def _among(letters: str) -> npt.NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[[ord(letter) for letter in letters]] = True
    return table


_VOWELS: Final = _among("aeiouy")
_SPANISH_VOWELS: Final = _among("aeiou")
_STRONG: Final = _among("aeo")
_ACCENTED_WEAK: Final = np.zeros(_SIZE, np.bool_)
_ACCENTED_WEAK[[ord(letter) for letter in "íúÍÚ"]] = True
_AFTER_HIATUS: Final = _among("aou")
_NO_HIATUS_BEFORE: Final = _among("tscgx")
_VOICED_BEFORE_ES: Final = _among("sxzcghj")
_DENTALS: Final = _among("td")


def syllables(codes: npt.NDArray[np.unsignedinteger], language: str) -> Integers:
    """Return the syllables of each word, at least one each.

    Args:
        codes: The words' code points, one space (32) behind each word.
        language: `en`, `de` or `es`.
    """
    known = np.where(codes < _SIZE, codes, 0) if codes.dtype != np.uint8 else codes
    letters = _LETTERS[known]
    ends = np.flatnonzero(codes == ord(" "))
    starts = np.concatenate(([0], ends[:-1] + 1))
    before = np.concatenate((np.zeros(1, np.uint8), letters[:-1]))
    after = np.concatenate((letters[1:], np.zeros(1, np.uint8)))
    if language == "es":
        vowels = _SPANISH_VOWELS[letters] | ((letters == ord("y")) & (after == 0))
        strong = _STRONG[letters] | _ACCENTED_WEAK[known]
        begins = vowels & (~_shifted(vowels) | (strong & _shifted(strong)))
        return _at_least_one(begins, starts)
    vowels = _VOWELS[letters]
    begins = vowels & ~_shifted(vowels)
    if language == "de":
        # `ie`, `ei`, `au`, `eu`, `äu`, doubled vowels are one; other pairs are two.
        pair = vowels & _shifted(vowels)
        one = (
            ((before == ord("i")) & (letters == ord("e")))
            | ((before == ord("e")) & ((letters == ord("i")) | (letters == ord("u"))))
            | ((before == ord("a")) & ((letters == ord("i")) | (letters == ord("u"))))
            | ((before == ord("a")) & (letters == ord("y")))
            | ((before == ord("e")) & (letters == ord("y")))
            | (before == letters)
        )
        # Of three vowels (`Bauer`, `neue`) the first pair is one syllable.
        begins |= pair & ~(one & _shifted(begins))
        return _at_least_one(begins, starts)
    before_that = np.concatenate((np.zeros(1, np.uint8), before[:-1]))
    split = (
        (before == ord("i"))
        & _AFTER_HIATUS[letters]
        & ~_NO_HIATUS_BEFORE[before_that]
        & ~_VOWELS[before_that]
    )
    begins |= split
    counts = np.add.reduceat(begins, starts, dtype=np.int64)
    last, second, third, fourth = (
        letters[np.maximum(ends - place, 0)] * (ends - place >= starts) for place in (1, 2, 3, 4)
    )
    # A final e is silent behind a consonant, but `-ble`, `-tle` is a syllable.
    silent = (last == ord("e")) & ~_VOWELS[second] & (second > 0)
    silent &= ~((second == ord("l")) & ~_VOWELS[third] & (third > 0))
    silent |= (
        (last == ord("d")) & (second == ord("e")) & ~_VOWELS[third] & ~_DENTALS[third] & (third > 0)
    ) & ~((third == ord("l")) & ~_VOWELS[fourth] & (fourth > 0))
    silent |= (
        (last == ord("s"))
        & (second == ord("e"))
        & ~_VOWELS[third]
        & ~_VOICED_BEFORE_ES[third]
        & (third > 0)
    ) & ~((third == ord("l")) & ~_VOWELS[fourth] & (fourth > 0))
    counted: Integers = np.maximum(counts - silent, 1)
    return counted


def _shifted(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return for each letter what holds of the one before it."""
    moved = np.empty_like(mask)
    moved[:1] = False
    moved[1:] = mask[:-1]
    return moved


def _at_least_one(begins: npt.NDArray[np.bool_], starts: Integers) -> Integers:
    counted: Integers = np.maximum(np.add.reduceat(begins, starts, dtype=np.int64), 1)
    return counted
