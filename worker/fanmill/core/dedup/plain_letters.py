"""Tokens in plain letters: copies from other keyboards and systems have the same shingles.

Copies of an article often lack accents (`decide` for `décidé`), have umlauts spelt out (`fuer` for
`für`), or words that were divided at line ends. The tokens of both copies are the same; the digest,
which decides whether texts are equal, tells them apart. `fingerprint` and `details` call this
module.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanmill.core.dedup.codepoints import BMP_SIZE, plain_form
from fanmill.core.dedup.normalise import Codes, FoldedText, fold, text_digest

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

_DIVIDED: Final = re.compile(
    r"(?<=[^\W\d_])[-\u2010\u00ad]\r?\n[ \t>]*(?=[^\W\d_])(\S+)(?:[ \t]+|(?=\s|$))"
)


def join_divided(text: str) -> str:
    """Return a text with the words joined that end in a hyphen at a line end.

    The line ends behind the joined word. A capital after the hyphen begins a word of its own, as
    in a double name.
    """
    # Most texts have none of these; a search for two characters takes longer than for one.
    if not (
        "-\n" in text or "\u00ad" in text or "\u2010" in text or ("\r" in text and "-\r" in text)
    ):
        return text
    return _DIVIDED.sub(lambda found: found[0] if found[1][0].isupper() else found[1] + "\n", text)


class PlainText(NamedTuple):
    """A text as it is cut into tokens.

    joined: the text with its divided words joined.
    digest: digest of the normalised text as it is, 8 bytes.
    letters: the joined text in plain letters.
    """

    joined: str
    digest: bytes
    letters: FoldedText


def plain_text(text: str) -> PlainText:
    """Return a text with the forms that its tokens and its digest are made of."""
    folded, joined = fold(text), join_divided(text)
    letters = plain_letters(folded if joined is text else fold(joined))
    return PlainText(joined, text_digest(folded), letters)


def plain_letters(text: FoldedText) -> FoldedText:
    """Return a folded text with letters as people type them without accents.

    Letters lose their accents, and e behind a, o and u is dropped. An empty text stays so.
    """
    codes, kinds = text
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
