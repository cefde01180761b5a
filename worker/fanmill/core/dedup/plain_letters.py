"""Tokens in plain letters: copies from other keyboards and systems have the same shingles.

Copies of an article often lack accents (`decide` for `décidé`), have umlauts spelt out (`fuer` for
`für`), or words that were divided at line ends. The tokens of both copies are the same; the digest,
which decides whether texts are equal, tells them apart.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanmill.core.dedup.codepoints import BMP_SIZE, NEWLINE, SPACE, WORD, plain_form
from fanmill.core.dedup.normalise import Codes, FoldedText
from fanmill.core.dedup.shingle import Indices

_ACCENTED: Final = (
    (0x00C0, 0x024F), (0x0370, 0x052F), (0x0621, 0x06D5), (0x1E00, 0x1FFF),
)  # fmt: skip
"""Letters of Latin, Greek, Cyrillic and Arabic; the marks of other scripts are vowels."""
_MARKS: Final = ((0x0300, 0x036F), (0x0653, 0x0655))
"""Marks that a letter keeps in the composed form, such as in Yoruba."""
_BASES: Final = {
    "đ": "d", "ð": "d", "ħ": "h", "ł": "l", "ø": "o", "ŧ": "t", "æ": "a", "œ": "o",
    "\u0491": "\u0433",  # Ukrainian ghe with upturn
    "\u0629": "\u0647", "\u06d5": "\u0647", "\u06c0": "\u0647",  # teh marbuta and forms of heh
}  # fmt: skip
"""Letters that are typed as others, and have no decomposition; `ae` becomes `a` as `æ` does."""
_BEFORE_E: Final = "aou"
"""Letters behind which e is dropped: the umlauts, æ, œ and ø spelt out."""

_HYPHEN: Final = ord("-")
_FIRST_FIGURE: Final = ord("0")
_LAST_FIGURE: Final = ord("9")
_QUOTE: Final = ord(">")


def join_divided(text: FoldedText) -> FoldedText:
    """Return a folded text with the words joined that a hyphen and white space divide.

    The line ends behind the joined word. White space of every kind counts, because texts that
    differ in it alone have the same digest and must have the same tokens. Figures stay divided.
    """
    codes, kinds = text.codes, text.kinds
    hyphens = np.flatnonzero(codes[1:-1] == _HYPHEN) + 1
    if len(hyphens):
        divided = (np.take(kinds, hyphens + 1) >= SPACE) & (np.take(kinds, hyphens - 1) == WORD)
        hyphens = hyphens[divided]
    if not len(hyphens):
        return text
    white = np.flatnonzero(kinds >= SPACE)
    hyphens, starts = _second_halves(text, hyphens)
    # Nothing in front of a second half is kept; no two of these gaps touch.
    edges = np.zeros(len(codes), np.int8)
    edges[hyphens], edges[starts] = 1, -1
    # White space behind each second half; it may be in the next gap, as in `a-\nb-\nc`.
    ends = np.append(white, len(codes))[white.searchsorted(starts)]
    newlines = np.flatnonzero(kinds == NEWLINE)
    broken = newlines.searchsorted(hyphens) < newlines.searchsorted(starts)
    broken = _carried(broken, ends[:-1] > hyphens[1:])
    codes, kinds = codes.copy(), kinds.copy()
    moved = ends[broken & (ends < len(codes))]
    codes[moved], kinds[moved] = ord("\n"), NEWLINE
    keep = np.add.accumulate(edges, dtype=np.int8) == 0
    return FoldedText(codes[keep], kinds[keep])


def _second_halves(text: FoldedText, hyphens: Indices) -> tuple[Indices, Indices]:
    """Return the hyphens that divide a word, and the place of the second half of each."""
    filled = np.flatnonzero((text.kinds < SPACE) & (text.codes != _QUOTE))
    at = filled.searchsorted(hyphens, side="right")
    hyphens, at = hyphens[at < len(filled)], at[at < len(filled)]
    starts = filled[at]
    codes = np.take(text.codes, starts)
    is_figure = (codes >= _FIRST_FIGURE) & (codes <= _LAST_FIGURE)
    goes_on = (np.take(text.kinds, starts) == WORD) & ~is_figure
    return hyphens[goes_on], starts[goes_on]


def _carried(flags: NDArray[np.bool_], links: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return flags that hold where they held before, too, as far as each place links to the next.

    Args:
        flags: A flag for each place.
        links: For each place but the last, whether it links to the next.
    """
    places = np.arange(len(flags))
    begins = np.concatenate(([True], ~links))[: len(flags)]
    last: Indices = np.maximum.accumulate(np.where(flags, places, -1))
    begin: Indices = np.maximum.accumulate(np.where(begins, places, 0))
    found: NDArray[np.bool_] = last >= begin
    return found


def plain_text(text: FoldedText) -> FoldedText:
    """Return a folded text with the words and letters that its tokens are made of."""
    return plain_letters(join_divided(text))


def plain_letters(text: FoldedText) -> FoldedText:
    """Return a folded text with letters as people type them without accents.

    Letters lose their accents, and e behind a, o and u is dropped. An empty text stays so.
    """
    codes, kinds, _ = text
    plain = codes if codes.dtype == np.uint8 else _plain(codes)
    places = np.flatnonzero(plain[1:] == ord("e"))
    before = np.take(plain, places)
    dropped = places[np.take(_before_e(), before, mode="clip")] + 1
    if not len(dropped) and plain.all():
        return FoldedText(plain, kinds)
    keep = plain != 0
    keep[dropped] = False
    return FoldedText(plain[keep], kinds[keep])


def _plain(codes: Codes) -> Codes:
    if codes.dtype.itemsize == 2:
        return np.take(_bases(), codes)
    return np.where(codes < BMP_SIZE, np.take(_bases(), codes, mode="clip"), codes)


@cache
def _before_e() -> NDArray[np.bool_]:
    """Return for each code point, the last one for all above: e is dropped behind it."""
    vowels = np.zeros(256, dtype=np.bool_)
    vowels[list(map(ord, _BEFORE_E))] = True
    return vowels


@cache
def _bases() -> NDArray[np.uint16]:
    """Return the base letter of each folded code point below BMP_SIZE; 0 drops it."""
    bases = np.arange(BMP_SIZE, dtype=np.uint16)
    for low, high in _ACCENTED:
        for code in range(low, high + 1):
            letter = unicodedata.normalize("NFD", chr(code))[0]
            bases[code] = ord(plain_form(letter))
    for low, high in _MARKS:
        bases[low : high + 1] = 0
    for letter, base in _BASES.items():
        bases[ord(letter)] = ord(base)
    return bases
