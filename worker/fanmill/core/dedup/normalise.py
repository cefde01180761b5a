"""Normalised texts: the form in which copies are equal.

NFKC, case folding, plain quotes, dashes and digits, no zero-width or control
characters, no Hebrew or Arabic points, one form of letters that people type for
one another, white space as single spaces. The result is for fingerprints only,
never shown to people. Called by `fingerprint`, once a text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanmill.core.dedup.codepoints import (
    CHARACTER,
    COMBINES,
    DOTTED_I,
    DROPPED,
    EXPANDS,
    NEWLINE,
    OTHER,
    POINTS,
    SPACE,
    WIDE_SIZE,
    ascii_tables,
    bmp_tables,
    folded,
    wide_tables,
)

_KIND_MASK: Final = np.uint8(15)
_MAX_EXPANDING: Final = 24
"""Distinct characters that `str.replace` expands one after the other; with more
of them normalising the whole text is cheaper."""

_POINT: Final = re.compile("[{}]".format("".join(f"{chr(a)}-{chr(b)}" for a, b in POINTS)))
"""Points that a presentation form of a letter contains."""

_STOPS: Final = " .\u3002\u0964\u06d4\u1362\u0589"
"""The space and full stops of scripts, in normalised form."""

_MAX_ROUNDS: Final = 8
"""Repetitions of folding; texts that need three are not known."""

Codes = NDArray[np.unsignedinteger]


class FoldedText(NamedTuple):
    """A text ready to be cut into tokens; both arrays have one entry a character.

    codes: folded code points, uint8, uint16 or uint32; lines end in 10, other
        white space is 32, as long as it was.
    kinds: uint8, OTHER, WORD, CHARACTER, SPACE or NEWLINE of `codepoints`.
    combines: whether a character may combine with the one before it. Without
        such a character, the text folds to itself.
    """

    codes: Codes
    kinds: NDArray[np.uint8]
    combines: bool = False


def fold(text: str) -> FoldedText:
    """Fold a text, lines kept apart; an empty text gives empty arrays.

    Lone surrogates are kept as symbols. Nothing raises.
    """
    if text.isascii():
        table, kinds, dropped = ascii_tables()
        data = text.encode("ascii").translate(table, dropped)
        return FoldedText(
            np.frombuffer(data, dtype=np.uint8),
            np.frombuffer(data.translate(kinds), dtype=np.uint8),
        )
    codes = _code_points(text)
    fold_to, kinds_of = _look_up(codes)
    most = int(kinds_of.max(initial=0))
    if most >= EXPANDS:
        return _fold_specials(text, codes, kinds_of)
    return _kept(fold_to, kinds_of)


def normalise(text: str) -> str:
    """Return the normalised text, which is the same for two exact duplicates.

    White space is one space between words, none at the ends and none next to a
    character of a script written without spaces. Idempotent; the four Unicode
    normal forms of a text give the same result.
    """
    return _text(_settled(fold(text)))


def text_digest(folded_text: FoldedText) -> bytes:
    """Return 8 bytes of BLAKE2b of the normalised text without full stops at its end.

    A text of full stops alone keeps them.
    """
    codes = folded_text.codes
    if codes.dtype == np.uint8:
        data = codes.tobytes().replace(b"\n", b" ")
        while b"  " in data:  # faster than split and join: few texts have long runs
            data = data.replace(b"  ", b" ")
        data = data.strip(b" ")
        data = data.rstrip(b" .") or data
    else:
        said = _text(_settled(folded_text))
        data = (said.rstrip(_STOPS) or said).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=8).digest()


def _code_points(text: str) -> Codes:
    narrow = text.encode("utf-16-le", "surrogatepass")
    if len(narrow) == 2 * len(text):
        return np.frombuffer(narrow, dtype="<u2")
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _look_up(codes: Codes) -> tuple[Codes, NDArray[np.uint8]]:
    if codes.dtype.itemsize == 2:
        return bmp_tables().look_up(codes)
    fold_to, kinds = wide_tables().look_up(np.minimum(codes, WIDE_SIZE - 1))
    beyond = codes >= WIDE_SIZE
    if beyond.any():
        fold_to[beyond] = codes[beyond]
        kinds[beyond] = wide_kinds(codes[beyond])
    return fold_to, kinds


def wide_kinds(codes: Codes) -> NDArray[np.uint8]:
    """Return the kinds of code points above U+1FFFF: ideographs, compatibility forms, the rest."""
    kinds = np.where(codes < 0x40000, CHARACTER, OTHER).astype(np.uint8)
    kinds[(codes >= 0xE0000) & (codes <= 0xE0FFF)] = DROPPED
    kinds[(codes >= 0x2F800) & (codes <= 0x2FA1F)] = CHARACTER | COMBINES
    return kinds


def _kept(codes: Codes, kinds: NDArray[np.uint8]) -> FoldedText:
    dropped = kinds == DROPPED
    if dropped.any():
        keep = ~dropped
        return FoldedText(codes[keep], kinds[keep])
    return FoldedText(codes, kinds)


def _fold_specials(text: str, codes: Codes, kinds: NDArray[np.uint8]) -> FoldedText:
    """Fold a text with characters that the tables alone cannot fold."""
    if not (kinds & COMBINES).any():
        expanding = np.unique(codes[kinds >= EXPANDS])
        if len(expanding) <= _MAX_EXPANDING:
            for code in expanding.tolist():
                text = text.replace(chr(code), folded(chr(code)))
            return fold(text)
    kept = codes[(kinds & _KIND_MASK) != DROPPED]
    once = unicodedata.normalize("NFKC", _text(kept)).casefold().replace(DOTTED_I, "i")
    # NFKC takes an acute accent apart; people type it for an apostrophe.
    composed = _POINT.sub("", unicodedata.normalize("NFKC", once)).replace(" \u0301", "'")
    fold_to, kinds = _look_up(_code_points(composed))
    combines = bool((kinds & COMBINES).any())
    return _kept(fold_to, kinds & _KIND_MASK)._replace(combines=combines)


def _text(codes: Codes) -> str:
    # UTF-16 would join two lone surrogates that stand together.
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _settled(folded_text: FoldedText) -> Codes:
    """Return the code points of the normalised text.

    Dropped white space may have kept a mark from the letter before it (`か゛`): such texts are
    folded again until they stay as they are.
    """
    codes = _collapse(folded_text)
    if not folded_text.combines:
        return codes
    for _ in range(_MAX_ROUNDS):
        if codes.dtype.itemsize == 1 or not (_look_up(codes)[1] & COMBINES).any():
            break
        again = _collapse(fold(_text(codes)))
        if np.array_equal(again, codes):
            break
        codes = again
    return codes


def _collapse(folded_text: FoldedText) -> Codes:
    """Return the code points with white space as single spaces, or none beside a character."""
    codes, kinds, _ = folded_text
    white = (kinds == SPACE) | (kinds == NEWLINE)
    if white.any():
        single = kinds == CHARACTER
        keep = ~white
        keep[1:] |= white[1:] & ~white[:-1]  # the first of each run
        codes, white = codes[keep], white[keep]
        codes = np.where(white, codes.dtype.type(32), codes)
        if single.any():
            single = single[keep]
            beside = np.zeros(len(codes), dtype=bool)
            beside[1:] |= single[:-1]
            beside[:-1] |= single[1:]
            codes, white = codes[~(white & beside)], white[~(white & beside)]
        codes = codes[int(white[:1].any()) : len(codes) - int(white[-1:].any())]
    return codes
