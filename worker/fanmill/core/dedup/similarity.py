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


class Estimate(NamedTuple):
    """Jaccard similarity and containment of two shingle sets, each 0.0 to 1.0."""

    jaccard: float
    containment: float


def coded_size(size: int) -> int:
    """Set size as it is stored, 0 to 65 535; sizes of 0 and 1 are both 0."""
    return min(round(math.log2(size) * SIZE_SCALE), 65_535) if size > 1 else 0


def hamming(a: bytes, b: bytes) -> int:
    """Bits in which two signatures differ, 0 to 512."""
    return (int.from_bytes(a) ^ int.from_bytes(b)).bit_count()


def jaccard_of_bits(differing_bits: int) -> float:
    """Estimate of the Jaccard similarity from differing bits, 0.0 to 1.0.

    Two bits agree with probability (1 + J**2) / 2, for each joins two slots. The
    standard error is sqrt((1 - J**4) / 512) / (2 * J): .028 at J = .7, .021 at .8;
    the bias is below .002 from J = .5. Below J = .3 the estimate says no more
    than that: small.
    """
    return math.sqrt(max(0.0, 1 - 2 * differing_bits / SIGNATURE_BITS))


def signature_jaccard(a: bytes, b: bytes) -> float:
    """Estimate of the Jaccard similarity of two signed texts, see `jaccard_of_bits`."""
    return jaccard_of_bits(hamming(a, b))


def estimate(differing_bits: int, coded_a: int, coded_b: int) -> Estimate:
    """Estimate from differing bits and stored sizes.

    The Jaccard similarity can't exceed the ratio of the sizes, which are exact,
    so it is cut there. Containment is the share of the smaller set.
    """
    ratio = 2.0 ** (-abs(coded_a - coded_b) / SIZE_SCALE)  # smaller / larger
    jaccard = min(jaccard_of_bits(differing_bits), ratio)
    containment = min(1.0, jaccard / (1 + jaccard) * (1 + 1 / ratio))
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
