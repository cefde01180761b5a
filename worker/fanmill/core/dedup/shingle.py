"""Shingles: tokens of folded texts, and hashes of every run of n tokens, computed on arrays.

Texts of a batch are concatenated, because a call of NumPy is expensive for a short text. Hashes
have 64 bits and are the same on every machine and in every batch. `fingerprint` calls this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanmill.core.dedup.codepoints import CHARACTER, NEWLINE, SPACE, WORD
from fanmill.core.dedup.normalise import FoldedText

Hashes = NDArray[np.uint64]
Indices = NDArray[np.int64]

_BASE: Final = 0x9E3779B97F4A7C15
"""Base of the hash. It is odd, so it has an inverse modulo 2**64: the place of a word does not
change its hash."""
_MIX_1: Final = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2: Final = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT: Final = np.uint64(32)
_CLOSING: Final = np.zeros(0x3100, dtype=np.bool_)
"""For each code point, whether it is a folded sign that ends a sentence or clause; lines of a menu
have none."""
_CLOSING[
    list(map(ord, ".!?,;:\"')]\u3002\u3001\u2026\u0964\u061f\u06d4\u0589\u0f0d\u104b\u1362\u17d4"))
] = True
_COLON: Final = ord(":")
_WINDOW: Final = 1 << 16
"""Number of characters hashed at once, and length of the tables of powers."""


class Tokens(NamedTuple):
    """Tokens of a batch of texts, concatenated.

    hashes: uint64, a hash for each token.
    offsets: int64, length texts + 1; text i has tokens offsets[i] to offsets[i + 1].
    lines: int64, the number of each token's line in the batch; texts share no line.
    closed: bool, for each line: it ends like a sentence.
    fields: bool, for each line: words stand before and behind a colon, as in `Date: 4 May`.
    single: bool, for each token: it is a character of a script without spaces.
    """

    hashes: Hashes
    offsets: Indices
    lines: Indices
    closed: NDArray[np.bool_]
    fields: NDArray[np.bool_]
    single: NDArray[np.bool_]


def are_dense(tokens: Tokens) -> list[bool]:
    """Return for each text whether more than half of its tokens are single characters."""
    sums = np.concatenate(([0], np.cumsum(tokens.single)))[tokens.offsets]
    dense: list[bool] = (2 * np.diff(sums) > np.diff(tokens.offsets)).tolist()
    return dense


def mixed(values: Hashes) -> Hashes:
    """Return values with mixed bits, by a bijection of 64 bits; the argument is changed."""
    values ^= values >> _SHIFT
    values *= _MIX_1
    values ^= values >> _SHIFT
    values *= _MIX_2
    values ^= values >> _SHIFT
    return values


@cache
def _powers() -> tuple[Hashes, Hashes]:
    """Return _BASE**i and _BASE**-i modulo 2**64 for i below _WINDOW."""
    inverse = pow(_BASE, -1, 1 << 64)
    both = []
    for base in (_BASE, inverse):
        steps = np.full(_WINDOW, base, dtype=np.uint64)
        steps[0] = 1
        both.append(np.multiply.accumulate(steps))
    return both[0], both[1]


def tokenise(texts: Sequence[FoldedText], *, with_lines: bool) -> Tokens:
    """Return the tokens of texts: words, and characters of scripts without spaces.

    An empty text, or a text of punctuation, has no tokens; without texts, offsets is [0].

    Args:
        texts: Folded texts with code points of the same width.
        with_lines: Compute the lines of tokens; otherwise `lines` is empty.
    """
    if not texts:
        none = np.empty(0, np.bool_)
        return Tokens(
            np.empty(0, np.uint64), np.zeros(1, np.int64), np.empty(0, np.int64), none, none, none
        )
    # A line end after each text, so no word or line continues in the next text.
    codes, kinds, bounds = _joined(texts)
    inside = kinds == WORD
    single = kinds == CHARACTER
    starting = inside.copy()
    starting[1:] &= ~inside[:-1]
    starting |= single
    starts = np.flatnonzero(starting)
    hashes = _token_hashes(codes, inside, single, starts)
    offsets = np.searchsorted(starts, bounds).astype(np.int64)
    lines = np.empty(0, np.int64)
    closed = fields = np.empty(0, np.bool_)
    if with_lines:
        ends = np.flatnonzero(kinds == NEWLINE)
        lines = np.searchsorted(ends, starts).astype(np.int64)
        closed = _closes(codes[ends - 1])
        spaced = np.flatnonzero(kinds[ends - 1] == SPACE)
        if len(spaced):  # spaces before the line end
            closed[spaced] = _closes(codes[ends[spaced] - 2])
        fields = _have_values(codes, kinds, starts, lines, len(ends))
    return Tokens(hashes, offsets, lines, closed, fields, single[starts])


def _have_values(
    codes: NDArray[np.unsignedinteger],
    kinds: NDArray[np.uint8],
    starts: Indices,
    lines: Indices,
    count: int,
) -> NDArray[np.bool_]:
    """Return for each line whether it has words before and behind a colon."""
    fields = np.zeros(count, np.bool_)
    colons = np.flatnonzero(codes[:-1] == _COLON)
    # Figures may follow a full-width colon directly; between figures it is part of a time.
    around = np.take(kinds, colons + 1), np.take(kinds, colons - 1)
    colons = colons[(around[0] == SPACE) | (around[0] == CHARACTER) | (around[1] == CHARACTER)]
    if len(colons) and len(starts):
        behind = np.searchsorted(starts, colons)
        inside = (behind > 0) & (behind < len(starts))
        behind = behind[inside]
        same = lines[behind - 1] == lines[behind]
        fields[lines[behind[same]]] = True
    return fields


def _closes(codes: NDArray[np.unsignedinteger]) -> NDArray[np.bool_]:
    # isin would import masked arrays, for 20 ms.
    return _CLOSING[np.minimum(codes.astype(np.intp), len(_CLOSING) - 1)]


def _joined(
    texts: Sequence[FoldedText],
) -> tuple[NDArray[np.unsignedinteger], NDArray[np.uint8], Indices]:
    sizes = np.fromiter((len(t.codes) + 1 for t in texts), dtype=np.int64, count=len(texts))
    bounds = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(sizes, out=bounds[1:])
    width = max(t.codes.dtype.itemsize for t in texts)
    codes = np.full(int(bounds[-1]), 10, dtype=f"u{width}")
    kinds = np.full(int(bounds[-1]), NEWLINE, dtype=np.uint8)
    for text, start in zip(texts, bounds.tolist(), strict=False):
        codes[start : start + len(text.codes)] = text.codes
        kinds[start : start + len(text.codes)] = text.kinds
    return codes, kinds, bounds


def _token_hashes(
    codes: NDArray[np.unsignedinteger],
    inside: NDArray[np.bool_],
    single: NDArray[np.bool_],
    starts: Indices,
) -> Hashes:
    """Return the polynomial hash of each token, from segments between token starts."""
    if len(starts) == 0:
        return np.empty(0, dtype=np.uint64)
    if not inside.any():  # only single characters, which need no sums
        return mixed(codes[starts].astype(np.uint64))
    powers, inverses = _powers()
    out = np.empty(len(starts), dtype=np.uint64)
    token, at = 0, int(starts[0])
    while token < len(starts):
        # A window ends before its last token, which may be incomplete.
        stop = min(at + _WINDOW, len(codes))
        last = int(np.searchsorted(starts, stop))
        if stop < len(codes) and last - token > 1:
            last -= 1
            stop = int(starts[last])
        # Masked while the numbers are narrow; zeros between words add nothing.
        narrow = codes[at:stop] * (inside[at:stop] | single[at:stop])
        values = np.multiply(narrow, powers[: stop - at], dtype=np.uint64)
        here = starts[token:last] - at
        out[token:last] = np.add.reduceat(values, here) * inverses[here]
        token = last
        at = int(starts[last]) if last < len(starts) else stop
    return mixed(out)


@cache
def _multipliers(size: int) -> tuple[np.uint64, ...]:
    return tuple(np.uint64(pow(_BASE, 2 * i + 3, 1 << 64)) for i in range(size))


def shingle_hashes(tokens: Hashes, offsets: Indices, size: int) -> tuple[Hashes, Indices]:
    """Return the hashes of all runs of `size` tokens in each text, and the offsets of the texts.

    A text with fewer tokens has no runs. A repeated run has a hash for each occurrence.
    """
    counts = np.diff(offsets)
    have = np.maximum(counts - (size - 1), 0)
    out_offsets = np.zeros(len(offsets), dtype=np.int64)
    np.cumsum(have, out=out_offsets[1:])
    total = len(tokens) - (size - 1)
    if total <= 0 or out_offsets[-1] == 0:
        return np.empty(0, dtype=np.uint64), np.zeros(len(offsets), dtype=np.int64)
    factors = _multipliers(size)
    sums = tokens[:total] * factors[0]
    for i in range(1, size):
        sums += tokens[i : i + total] * factors[i]
    if len(counts) > 1:  # drop runs that cross into the next text
        keep = np.ones(total, dtype=bool)
        for end in offsets[1:-1].tolist():
            keep[max(end - size + 1, 0) : min(end, total)] = False
        if (counts < size).any():
            keep = _inside(offsets, have, total)
        sums = sums[keep]
    return mixed(sums), out_offsets


def _inside(offsets: Indices, have: Indices, total: int) -> NDArray[np.bool_]:
    """Return a mask of the first `total` positions: a run that starts there stays in its text."""
    edges = np.zeros(total + 1, dtype=np.int64)
    starts = offsets[:-1]
    some = have > 0
    np.add.at(edges, starts[some], 1)
    np.add.at(edges, (starts + have)[some], -1)
    return np.cumsum(edges[:-1]) > 0
