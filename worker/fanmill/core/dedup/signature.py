"""Signatures of 512 bits, and the keys of bands for look-up.

A signature is an odd sketch (Mitzenmacher, Pagh and Pham 2014): each shingle flips a bit, so two
signatures differ in bits that shingles of only one text have flipped. A large text uses a sample of
its shingles. The bands come from rensa's full-set R-MinHash over our own hashes; its faster `rho`
sketch samples by position and is ten times less exact. `fingerprint` calls this module, and
`similarity` compares signatures.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import rensa
from numpy.typing import NDArray

from fanmill.core.dedup.parameters import KEY_MASK, SIGNATURE_BITS, DedupParameters
from fanmill.core.dedup.shingle import Hashes, Indices, mixed
from fanmill.core.dedup.similarity import sampling_levels, size_code

SIGNATURE_BYTES: Final = SIGNATURE_BITS // 8

_SPREAD: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_PLACE_SHIFT: Final = np.uint64(64 - SIGNATURE_BITS.bit_length() + 1)
_SAMPLE_SHIFT: Final = np.uint64(SIGNATURE_BITS.bit_length() - 1)


class Signatures(NamedTuple):
    """Signatures of a batch of texts.

    sketches: for each text, 64 bytes for each of `similarity.sampling_levels` of its size.
    keys: uint32 with bits of KEY_MASK, shape (texts, bands); equal rows have equal keys.
    sizes: number of distinct shingles of each text.
    """

    sketches: list[bytes]
    keys: NDArray[np.uint32]
    sizes: list[int]


@cache
def _salts(bands: int, rows: int, seed: int) -> tuple[Hashes, Hashes]:
    values = mixed(np.arange(1, bands + rows + 1, dtype=np.uint64) + np.uint64(seed << 20))
    return values[:rows] | np.uint64(1), values[rows:]


def signatures(shingles: Hashes, offsets: Indices, parameters: DedupParameters) -> Signatures:
    """Return the signatures of texts, given the result of `shingle_hashes`."""
    if len(offsets) < 2:
        return Signatures([], np.empty((0, parameters.bands), dtype=np.uint32), [])
    own, edges = distinct(shingles, offsets)
    sizes = np.diff(edges)
    return Signatures(_sketches(own, sizes), _band_keys(own, edges, parameters), sizes.tolist())


def _sketches(own: Hashes, sizes: Indices) -> list[bytes]:
    """Return the odd sketches of texts, given their distinct shingles, concatenated."""
    wanted = [sampling_levels(size_code(size)) for size in sizes.tolist()]
    rows = np.zeros(len(wanted) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in wanted], out=rows[1:])
    firsts = np.array([each.start for each in wanted])
    stops = np.array([each.stop for each in wanted])
    lowest, highest = int(firsts.min()), int(stops.max()) - 1
    stirred = own * _SPREAD
    places = (stirred >> _PLACE_SHIFT).view(np.int64)
    if len(wanted) > 1:
        texts = np.repeat(np.arange(len(wanted)), sizes)
        places += ((rows[:-1] - firsts) * SIGNATURE_BITS)[texts]
    else:
        texts = np.empty(0, dtype=np.int64)
        places -= lowest * SIGNATURE_BITS
    if highest:
        stirred <<= _SAMPLE_SHIFT
    turned = []
    for level in range(lowest, highest + 1):
        if level:  # each sample is a subset of the larger ones
            inside = np.flatnonzero(stirred < np.uint64(1 << (64 - level)))
            stirred, places = stirred[inside], places[inside]
            texts = texts[inside] if len(texts) else texts
        here = (firsts <= level) & (level < stops)
        at = places if len(here) == 1 or here.all() else places[here[texts]]
        turned.append(at + level * SIGNATURE_BITS)
    flat = turned[0] if len(turned) == 1 else np.concatenate(turned)
    counts = np.bincount(flat, minlength=int(rows[-1]) * SIGNATURE_BITS)
    data = np.packbits(counts.astype(np.uint8) & np.uint8(1)).tobytes()
    edges = (rows * SIGNATURE_BYTES).tolist()
    return [data[start:stop] for start, stop in pairwise(edges)]


def _band_keys(own: Hashes, edges: Indices, parameters: DedupParameters) -> NDArray[np.uint32]:
    """Return the keys of the bands with `rows` slots, then of those with a single slot."""
    narrow, rows = parameters.bands - parameters.wide_bands, parameters.rows
    factors, salts = _salts(parameters.bands, rows, parameters.seed)
    slots = narrow * rows + parameters.wide_bands
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        own, edges.astype(np.uint64), slots, parameters.seed
    )
    used = np.array(matrix.to_rows(), dtype=np.uint64)
    sums = np.empty((len(used), parameters.bands), dtype=np.uint64)
    sums[:, narrow:] = used[:, narrow * rows :]
    sums[:, :narrow] = (used[:, : narrow * rows].reshape(-1, narrow, rows) * factors).sum(axis=2)
    sums *= factors[0]
    sums += salts
    return (mixed(sums) >> np.uint64(32)).astype(np.uint32) & np.uint32(KEY_MASK)


def distinct(shingles: Hashes, offsets: Indices) -> tuple[Hashes, Indices]:
    """Return the sorted distinct shingles of each text, concatenated, and the texts' offsets."""
    edges = np.zeros(len(offsets), dtype=np.int64)
    kept = []
    for i, (start, stop) in enumerate(pairwise(offsets.tolist())):
        ordered = np.sort(shingles[start:stop])
        if stop > start:
            first = np.empty(len(ordered), dtype=bool)
            first[0] = True
            np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
            ordered = ordered[first]
        kept.append(ordered)
        edges[i + 1] = edges[i] + len(ordered)
    return (kept[0] if len(kept) == 1 else np.concatenate(kept)), edges
