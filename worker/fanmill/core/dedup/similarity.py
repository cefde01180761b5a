"""Estimate how alike two texts are from their fingerprints, and decide.

Pure arithmetic on 64-byte signatures and set sizes. The script of the Redis
index does the same sums in the same order; the conformance tests hold the two
together.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from fanmill.core.dedup.parameters import SIGNATURE_BITS, DedupParameters

SIZE_SCALE: Final = 2048
"""Set sizes are kept as round(log2(size) * 2048) in 16 bits: within .02 % up to 2**31."""

WHOLE_SIZE: Final = 18_432
SAMPLED_SIZE: Final = 19_200
"""Coded: up to 512 shingles all of them make the signature, of larger sets a half, a
quarter ... so that at most 664 do: fewer would be a rough sample, more would drown
the 512 bits."""

COMPARED_RATIO: Final = 0.3
"""Sets are compared if the smaller is at least this share of the larger: no threshold is lower."""

_REACH: Final = round(-math.log2(COMPARED_RATIO) * SIZE_SCALE)
_LARGEST: Final = 65_535
_STEP: Final = math.log(1 - 2 / SIGNATURE_BITS)
_MIN_HIDDEN: Final = 0.5
"""Of up to 15 shingles most likely none has undone another: as many are taken as bits differ."""
_MIN_BALANCE: Final = 0.125
"""Less is no sign of likeness: sketches of unlike sets have it by chance, once in 400."""


class Estimate(NamedTuple):
    """Jaccard similarity and containment of two shingle sets, each 0.0 to 1.0."""

    jaccard: float
    containment: float


NOTHING: Final = Estimate(0.0, 0.0)


def coded_size(size: int) -> int:
    """Set size as it is stored, 0 to 65 535; sizes of 0 and 1 are both 0."""
    return min(round(math.log2(size) * SIZE_SCALE), _LARGEST) if size > 1 else 0


def level(coded: int) -> int:
    """Of how many shingles one makes the signature of a set: one of 2**level."""
    if coded <= WHOLE_SIZE:
        return 0
    return max(1, -((SAMPLED_SIZE - coded) // SIZE_SCALE))


def levels(coded: int) -> range:
    """Levels of all the sets that a set may be compared with: its sketches are made for these."""
    return range(level(max(0, coded - _REACH)), level(min(coded + _REACH, _LARGEST)) + 1)


def hamming(a: bytes, b: bytes) -> int:
    """Bits in which two signatures differ, 0 to 512."""
    return (int.from_bytes(a) ^ int.from_bytes(b)).bit_count()


def difference_of_bits(differing_bits: int) -> float:
    """How many shingles turned bits in one of two sketches only, from the differing bits.

    Infinite from 225 differing bits on, which is a difference of 532. Two shingles that
    meet on a bit undo each other, so d of them leave (1 - (1 - 2/512)**d) * 256
    bits; the logarithm of what is counted is a little too large on average, which
    the second term takes away.
    """
    balance = 1 - 2 * differing_bits / SIGNATURE_BITS
    if balance < _MIN_BALANCE:
        return math.inf
    difference = math.log(balance) / _STEP
    return difference - ((1 / (balance * balance) - 1) / 4 - difference / SIGNATURE_BITS)


def estimate(differing_bits: int, coded_a: int, coded_b: int, sampled_at: int) -> Estimate:
    """Estimate from the differing bits of two sketches of one level, and the sizes of the sets.

    The difference is at least the difference of the sizes, which are exact. Containment is the
    share of the smaller set. The standard error of the Jaccard similarity at .7 is .017 for two
    sets of 100 shingles, .019 of 300, .021 of 500, and .025 to .031 for larger ones.
    """
    a = math.floor(2.0 ** (coded_a / SIZE_SCALE) + 0.5)
    b = math.floor(2.0 ** (coded_b / SIZE_SCALE) + 0.5)
    both = a + b
    different = difference_of_bits(differing_bits)
    if sampled_at == 0 and different - differing_bits < _MIN_HIDDEN:
        different = differing_bits
    different = max(different * 2.0**sampled_at, abs(a - b))
    if different >= both:
        return NOTHING
    jaccard = (both - different) / (both + different)
    containment = min(1.0, (both - different) / (2 * min(a, b)))
    return Estimate(jaccard, containment)


def is_near(pair: Estimate, parameters: DedupParameters) -> bool:
    """Whether Jaccard similarity alone makes two texts near duplicates."""
    return pair.jaccard >= parameters.jaccard_threshold


def is_contained(pair: Estimate, coded_a: int, coded_b: int, parameters: DedupParameters) -> bool:
    """Whether one text is a part of the other, by the rules of `parameters`."""
    ratio = 2.0 ** (-abs(coded_a - coded_b) / SIZE_SCALE)
    return (
        parameters.containment
        and pair.containment >= parameters.containment_threshold
        and pair.jaccard >= parameters.containment_least_jaccard
        and ratio <= parameters.containment_size_ratio
    )
