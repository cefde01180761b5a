"""Details of short texts: the names, figures and dates in which notices of one form differ.

Two dividend notices of two funds share most of their shingles. So each detail of a short text turns
further bits of its sketch: they cancel out between texts with the same details, and count as a
difference otherwise. The size of the set does not grow. `fingerprint` calls this module.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import numpy as np

from fanmill.core.dedup.codepoints import SINGLE_BLOCKS
from fanmill.core.dedup.normalise import fold
from fanmill.core.dedup.parameters import SIGNATURE_BITS
from fanmill.core.dedup.plain_letters import plain_letters
from fanmill.core.dedup.shingle import Hashes, mixed, tokenise

FULL_WEIGHT_SHINGLES: Final = 60
WEIGHED_SHINGLES: Final = 84
"""Sizes: details have their full weight up to 60 shingles, and none from 84 on. In between the
weight falls evenly, so texts of similar sizes have similar weights."""

DOUBLED_SIZE: Final = 2
"""Sizes of texts in scripts without spaces and of forms are divided by this. A shingle of five
characters says less than one of five words, and a form repeats more words than a notice."""

_MAX_REPEATED: Final = 1.5
"""Tokens for a distinct shingle in a form that repeats its phrases."""

DETAIL_WEIGHT: Final = 10
"""Number of bits that a detail turns. Two texts of up to 60 shingles that differ in one figure then
have an estimated similarity below .7, wherever it is. A text of 40 shingles may still have one
detail more than its copy: 8 bits would let figures at the ends of a text pass, and 12 bits would
lose copies with an agency's name before them."""

_STEP: Final = np.uint64(0xA24BAED4963EE407)
_PLACE_SHIFT: Final = np.uint64(64 - SIGNATURE_BITS.bit_length() + 1)
_LETTER: Final = "[^\\W{}]".format("".join(f"{chr(a)}-{chr(b)}" for a, b in SINGLE_BLOCKS))
_DIGIT: Final = re.compile(r"\d")
_WORD: Final = re.compile(rf"({_LETTER}+)(\W*)")
_DATELINE: Final = re.compile(r"[^.!?\n]{1,80}?\s[-\u2013\u2014]{1,2}\s")
"""Place, date and agency before the first sentence. Each copy of a notice has others."""
_ENDS: Final = re.compile("[.!?:\u2026\u061f\u06d4\u0964]")
"""Signs after which a capital is no sign of a name."""


def details(text: str) -> frozenset[int]:
    """Return the token hashes of the words with a digit and of the names of a text.

    A name is a word that begins with a capital inside a sentence. A text in capitals, or in a
    script without capitals, has none. In languages that write all nouns with a capital these are
    names, too. A dateline does not count.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    capitals = not plain.isupper()
    found, begins = [], True
    dateline = _DATELINE.match(plain)
    for match in _WORD.finditer(plain, dateline.end() if dateline else 0):
        word, after = match.groups()
        if _DIGIT.search(word) or (capitals and not begins and word[0].isupper()):
            found.append(word)
        begins = _ENDS.search(after) is not None  # a line end does not end a sentence
    if not found:
        return frozenset()
    return frozenset(
        tokenise([plain_letters(fold(" ".join(found)))], with_lines=False).hashes.tolist()
    )


def has_weight(tokens: int, shingle_tokens: int, *, doubled: bool) -> bool:
    """Tell whether details of a text with so many tokens may weigh more than other words.

    A text that repeats itself has fewer distinct shingles than tokens.
    """
    longest = WEIGHED_SHINGLES * (DOUBLED_SIZE if doubled else 1)
    return 0 < tokens < _MAX_REPEATED * longest + shingle_tokens


def weigh_details(
    sketches: bytes, size: int, tokens: Hashes, known: frozenset[int], *, doubled: bool = False
) -> bytes:
    """Return the sketches of a text with the bits of its details turned in the first one.

    Args:
        sketches: Sketches of the text; the first, of 64 bytes, has all shingles of a short text.
        size: Number of distinct shingles of the text.
        tokens: Tokens of the text.
        known: Details of the whole text, of which those among the tokens count.
        doubled: The text is mainly in scripts without spaces, or a form.
    """
    weight = _weight(size // DOUBLED_SIZE if doubled else size)
    if weight == 0 or not known:
        return sketches
    here = np.array(sorted(known.intersection(tokens.tolist())), dtype=np.uint64)
    steps = np.arange(1, weight + 1, dtype=np.uint64) * _STEP
    places = mixed((here[:, None] + steps[None, :]).ravel()) >> _PLACE_SHIFT
    turned = np.bincount(places.astype(np.int64), minlength=SIGNATURE_BITS) & 1
    mask = np.packbits(turned.astype(np.uint8)).tobytes()
    first, others = sketches[: len(mask)], sketches[len(mask) :]
    return (int.from_bytes(first) ^ int.from_bytes(mask)).to_bytes(len(mask)) + others


def _weight(size: int) -> int:
    span = WEIGHED_SHINGLES - FULL_WEIGHT_SHINGLES
    return DETAIL_WEIGHT * min(max(0, WEIGHED_SHINGLES - size), span) // span
