"""MinHash signatures: 1024 slots kept as 512 bits, and the bands that are looked up.

The slots come from rensa's full-set R-MinHash on hashes we made (its faster
`rho` sketch samples by position and is ten times less exact). Called by
`fingerprint`; `similarity` compares what this makes.
"""

from __future__ import annotations

import struct
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import rensa
from numpy.typing import NDArray

from fanmill.core.dedup.parameters import SIGNATURE_BITS, SIGNATURE_SLOTS, DedupParameters
from fanmill.core.dedup.shingle import Hashes, Indices, mixed

SIGNATURE_BYTES: Final = SIGNATURE_BITS // 8
KEY_MASK: Final = 0xFFFF0FFF
"""Bits of a look-up key: the upper 16 are kept with an entry, the lower 12
choose its first page. Equal keys by chance: one in 2**28."""

_ROW: Final = struct.Struct(f"={SIGNATURE_SLOTS}I")
_BIT: Final = np.uint32(0x9E3779B1)
_TOP: Final = np.uint32(0x80000000)


class Signatures(NamedTuple):
    """Signatures of a batch.

    bits: uint8, shape (texts, 64); bit i is one bit of slot i xor one of slot i + 512.
    keys: uint32 with bits of KEY_MASK, shape (texts, bands); equal keys mean
        equal rows, but for chance.
    sizes: int64, shape (texts,): distinct shingles.
    """

    bits: NDArray[np.uint8]
    keys: NDArray[np.uint32]
    sizes: Indices


@cache
def _salts(bands: int, rows: int, seed: int) -> tuple[Hashes, Hashes]:
    values = mixed(np.arange(1, bands + rows + 1, dtype=np.uint64) + np.uint64(seed << 20))
    return values[:rows] | np.uint64(1), values[rows:]


def slots(shingles: Hashes, offsets: Indices, seed: int) -> NDArray[np.uint32]:
    """MinHash slots, uint32, shape (texts, 1024). A text without shingles has a constant row."""
    if len(offsets) < 2:
        return np.empty((0, SIGNATURE_SLOTS), dtype=np.uint32)
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        shingles, offsets.astype(np.uint64), SIGNATURE_SLOTS, seed
    )
    # struct reads Python integers twice as fast as array, three times as numpy.
    flat = b"".join([_ROW.pack(*row) for row in matrix.to_rows()])
    return np.frombuffer(flat, dtype=np.uint32).reshape(-1, SIGNATURE_SLOTS)


def signatures(shingles: Hashes, offsets: Indices, parameters: DedupParameters) -> Signatures:
    """Sign texts given by their shingle hashes, as `shingle_hashes` returns them."""
    values = slots(shingles, offsets, parameters.seed)
    folded = values[:, :SIGNATURE_BITS] * _BIT ^ values[:, SIGNATURE_BITS:] * _BIT
    bits = np.packbits(folded >= _TOP, axis=1)
    keys = _band_keys(values, parameters)
    return Signatures(bits, keys, distinct(shingles, offsets))


def _band_keys(values: NDArray[np.uint32], parameters: DedupParameters) -> NDArray[np.uint32]:
    """Keys of the bands of `rows` slots, then of those of one slot."""
    narrow, rows = parameters.bands - parameters.wide_bands, parameters.rows
    factors, salts = _salts(parameters.bands, rows, parameters.seed)
    used = values[:, : narrow * rows + parameters.wide_bands].astype(np.uint64)
    sums = np.empty((len(values), parameters.bands), dtype=np.uint64)
    sums[:, narrow:] = used[:, narrow * rows :]
    sums[:, :narrow] = (used[:, : narrow * rows].reshape(-1, narrow, rows) * factors).sum(axis=2)
    sums *= factors[0]
    sums += salts
    return (mixed(sums) >> np.uint64(32)).astype(np.uint32) & np.uint32(KEY_MASK)


def distinct(shingles: Hashes, offsets: Indices) -> Indices:
    """Count the distinct shingles of each text."""
    sizes = np.zeros(len(offsets) - 1, dtype=np.int64)
    edges = offsets.tolist()
    for i, (start, stop) in enumerate(pairwise(edges)):
        if stop > start:
            ordered = np.sort(shingles[start:stop])
            sizes[i] = 1 + np.count_nonzero(ordered[1:] != ordered[:-1])
    return sizes
