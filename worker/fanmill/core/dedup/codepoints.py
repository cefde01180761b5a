"""Tables from code points to folded code points and kinds, made from `unicodedata`.

`normalise` looks up whole texts in these tables instead of calling `unicodedata` for each
character. A table only describes single characters; the marks EXPANDS and COMBINES say that a
look-up is not enough.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

OTHER: Final = 0
"""Punctuation, symbols and unassigned code points: they separate tokens and stay in the text."""
WORD: Final = 1
"""Letters, digits and marks of scripts with spaces: parts of words."""
CHARACTER: Final = 2
"""Letters and marks that are tokens of their own: Han, Kana, Thai, Lao, Khmer, Myanmar."""
SPACE: Final = 3
NEWLINE: Final = 4
DROPPED: Final = 5
"""Zero-width, control and format characters, soft hyphens, variation selectors."""

EXPANDS: Final = 16
"""Mark of a kind: NFKC and case folding give several characters."""
COMBINES: Final = 32
"""Mark of a kind: the character may change with its neighbours, so the text needs NFKC."""

BMP_SIZE: Final = 0x10000
_ASCII: Final = 0x80
WIDE_SIZE: Final = 0x20000
"""Size of the wide table; above it are only ideographs and special characters."""

SINGLE_BLOCKS: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x19E0, 0x19FF), (0x2E80, 0x2FDF),
    (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F), (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F), (0x16FE0, 0x18CFF), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Blocks of scripts without spaces between words (Unicode 15, Blocks.txt)."""

QUOTES: Final = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u02bc\u2032\u0060\u00b4\u1ffd", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u301d\u301e\u301f", '"'),
    **dict.fromkeys("\u300c\u300d\u300e\u300f", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u05be", "-"),
    "\u05f3": "'", "\u05f4": '"',
}  # fmt: skip
LETTERS: Final = {
    # Persian and Urdu as Arabic keyboards write them; Urdu's own heh and teh marbuta.
    "\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9",
    "\u06c1": "\u0647", "\u06c3": "\u0629",
    "\u0451": "\u0435",  # Russian io, which most texts write as ie
    "\u0131": "i",  # Turkish, whose capitals become other small letters elsewhere
}  # fmt: skip
"""Letters that people type for one another in one language. No target is the first part of a
canonical composition with a letter's own mark, except for ie and i, so folding comes to rest."""
DOTTED_I: Final = "i\u0307"
"""The small letter of the Turkish capital with a dot; its dot is dropped."""

POINTS: Final = (
    (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x05C7, 0x05C7),
    (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x0652), (0x0656, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06DC), (0x06DF, 0x06E4), (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x0898, 0x089F),
    (0x08CA, 0x08E1), (0x08E3, 0x08FF),
)  # fmt: skip
"""Hebrew and Arabic points, vowel marks and marks of recitation, which most texts leave out, and
the stroke that lengthens a word (tatweel). Hamza and madda stay: they belong to the letter."""
_NEWLINES: Final = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_IGNORED: Final = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0"
"""Default-ignorable code points outside category Cf."""


_PAGE: Final = 256
_UNKNOWN: Final = 255
"""Kind of a code point whose page was not looked up yet."""


class Tables:
    """Folded code points and kinds of the first code points, made by pages when looked up.

    Most texts need two or three pages of 256 code points. All of them would take 0.1 s.

    Args:
        size: Number of code points, a multiple of 256.
        width: Data type of folded code points.
    """

    def __init__(self, size: int, width: type[np.unsignedinteger]) -> None:
        self._fold: NDArray[np.unsignedinteger] = np.zeros(size, dtype=width)
        self._kind: NDArray[np.uint8] = np.full(size, _UNKNOWN, dtype=np.uint8)

    def look_up(
        self, codes: NDArray[np.unsignedinteger]
    ) -> tuple[NDArray[np.unsignedinteger], NDArray[np.uint8]]:
        """Return the folded code point of each code point, and its kind with marks."""
        kinds = self._kind[codes]
        if int(kinds.max(initial=0)) == _UNKNOWN:
            for page in set((codes[kinds == _UNKNOWN] // _PAGE).tolist()):
                _fill(self._fold, self._kind, range(page * _PAGE, (page + 1) * _PAGE))
            kinds = self._kind[codes]
        return self._fold[codes], kinds


def folded(character: str) -> str:
    """Return the NFKC and case folding of a character, in its plain form."""
    if character in QUOTES:
        return QUOTES[character]
    once = unicodedata.normalize("NFKC", character).casefold().replace(DOTTED_I, "i")
    whole = unicodedata.normalize("NFKC", once)
    return "".join(map(plain_form, whole))


def plain_form(character: str) -> str:
    """Return a folded character with ASCII quotes, dashes and digits, and one form of LETTERS."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return QUOTES.get(character) or LETTERS.get(character, character)


def _is_single(code: int) -> bool:
    return any(low <= code <= high for low, high in SINGLE_BLOCKS)


def _kind(character: str) -> int:
    """Return the kind of a folded character."""
    if character in _NEWLINES:
        return NEWLINE
    if character.isspace():
        return SPACE
    code = ord(character)
    category = unicodedata.category(character)
    if (
        category in ("Cf", "Cc")
        or character in _IGNORED
        or any(low <= code <= high for low, high in POINTS)
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE0FFF
    ):
        return DROPPED
    if category[0] in "LMN":
        return CHARACTER if _is_single(code) else WORD
    return OTHER


_PLAIN: Final = (
    (0x3400, 0x4DBF, CHARACTER), (0x4E00, 0x9FFC, CHARACTER), (0xAC00, 0xD7A3, WORD),
    (0xD800, 0xF8FF, OTHER), (0x17000, 0x187F7, CHARACTER),
)  # fmt: skip
"""Blocks without folding and without compositions in `unicodedata`, and the kind of each."""


@cache
def _seconds() -> frozenset[str]:
    """Return the characters that are the second part of a canonical composition."""
    second = set()
    start = _ASCII  # no second part is ASCII, nor are their compositions
    for low, high, _ in (*_PLAIN, (WIDE_SIZE, WIDE_SIZE, OTHER)):
        for parts in map(str.split, map(unicodedata.decomposition, map(chr, range(start, low)))):
            if len(parts) == 2 and not parts[0].startswith("<"):
                second.add(chr(int(parts[1], 16)))
        start = high + 1
    second.update(map(chr, range(0x1161, 0x1176)))  # Hangul vowels and finals
    second.update(map(chr, range(0x11A8, 0x11C3)))
    return frozenset(second)


def _entry(code: int) -> tuple[int, int]:
    character = chr(code)
    raw = _kind(character)
    if raw in (DROPPED, NEWLINE, SPACE):
        return (10 if raw == NEWLINE else 32), raw
    text = folded(character)
    if code < _ASCII:
        return ord(text), _kind(text)
    seconds = _seconds()
    if any(unicodedata.combining(c) or c in seconds for c in (character, *text)):
        return code, (raw | COMBINES)
    if len(text) != 1 or (code < BMP_SIZE <= ord(text)):
        return code, (raw | EXPANDS)
    kind = _kind(text)
    return {NEWLINE: 10, SPACE: 32}.get(kind, ord(text)), kind


def _fill(fold: NDArray[np.unsignedinteger], kind: NDArray[np.uint8], codes: range) -> None:
    code = codes.start
    while code < codes.stop:
        block = next((b for b in _PLAIN if b[0] <= code <= b[1]), None)
        if block is not None:
            end = min(block[1] + 1, codes.stop)
            fold[code:end] = np.arange(code, end, dtype=fold.dtype)
            kind[code:end] = block[2]
            code = end
            continue
        fold[code], kind[code] = _entry(code)
        code += 1


@cache
def bmp_tables() -> Tables:
    """Return the tables of U+0000 to U+FFFF, folded as uint16."""
    return Tables(BMP_SIZE, np.uint16)


@cache
def wide_tables() -> Tables:
    """Return the tables of U+0000 to U+1FFFF, folded as uint32."""
    return Tables(WIDE_SIZE, np.uint32)


@cache
def ascii_tables() -> tuple[bytes, bytes, bytes]:
    """Return tables for `bytes.translate`: fold (256), kind of a folded byte (256), deletions."""
    fold, kind = bmp_tables().look_up(np.arange(128, dtype=np.uint16))
    dropped = bytes(np.flatnonzero(kind == DROPPED).tolist())
    rest = bytes(128)
    return bytes(fold.tolist()) + rest, bytes(kind.tolist()) + rest, dropped
