"""Similarity of two texts, estimated from their fingerprints.

Pure arithmetic on 64-byte signatures and set sizes. The script of the Redis index does the same
arithmetic in the same order; conformance tests compare the two.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from fanmill.core.dedup.parameters import SIGNATURE_BITS, DedupParameters

SIZE_SCALE: Final = 2048
"""Scale of size codes: round(log2(size) * 2048) in 16 bits, within .02 % up to 2**31."""

WHOLE_SIZE: Final = 18_432
SAMPLED_SIZE: Final = 19_200
"""Size codes. All shingles of a set of up to 512 make its signature; of larger sets a half, a
quarter and so on, at most 664. Fewer would be a rough sample, more would fill the 512 bits."""

COMPARED_RATIO: Final = 0.3
"""Minimum ratio of the sizes of two sets that are compared; no threshold is lower."""

_REACH: Final = round(-math.log2(COMPARED_RATIO) * SIZE_SCALE)
_LARGEST: Final = 65_535
_STEP: Final = math.log(1 - 2 / SIGNATURE_BITS)
_MIN_HIDDEN: Final = 0.5
"""Below this many hidden shingles, the number of differing bits is the difference itself: up to
15 shingles rarely meet on a bit."""
_MIN_BALANCE: Final = 0.125
_MIN_BALANCE_ALONE: Final = 0.25
_EQUAL_BANDS: Final = 2
"""Minimum balance that shows similarity of two sets with _EQUAL_BANDS equal bands, and with fewer.
The balance of unrelated sets has a standard deviation of .044, so chance reaches .125 once in 400
pairs and .25 once in a hundred million. Such sets hardly ever have two equal bands."""

OWN_SHARE: Final = 0.1
"""Maximum share of its shingles that a contained text has for itself, outside the lines that it
shares. It is about three standard errors of the containment of long texts."""


class Estimate(NamedTuple):
    """Jaccard similarity and containment of two shingle sets, each 0.0 to 1.0."""

    jaccard: float
    containment: float


NOTHING: Final = Estimate(0.0, 0.0)


def size_code(size: int) -> int:
    """Return the code of a set size, 0 to 65 535; the sizes 0 and 1 have the code 0."""
    return min(round(math.log2(size) * SIZE_SCALE), _LARGEST) if size > 1 else 0


def size_of(code: int) -> int:
    """Return the set size of a code, exact below 2 000 and within .02 % above."""
    return math.floor(math.pow(2.0, code / SIZE_SCALE) + 0.5)


def sampling_level(code: int) -> int:
    """Return the sampling level of a set: a share of 1 / 2**level makes its signature."""
    if code <= WHOLE_SIZE:
        return 0
    return max(1, -((SAMPLED_SIZE - code) // SIZE_SCALE))


def sampling_levels(code: int) -> range:
    """Return the sampling levels of all sets that a set may be compared with."""
    return range(
        sampling_level(max(0, code - _REACH)), sampling_level(min(code + _REACH, _LARGEST)) + 1
    )


def hamming(a: bytes, b: bytes) -> int:
    """Return the number of bits in which two signatures differ, 0 to 512."""
    return (int.from_bytes(a) ^ int.from_bytes(b)).bit_count()


def difference_of_bits(differing_bits: int) -> float:
    """Return the estimated number of shingles in only one of two sets, from the differing bits.

    The result is infinite from 225 differing bits on, which is a difference of 532. Two
    shingles that meet on a bit cancel out, so d of them leave (1 - (1 - 2/512)**d) * 256 bits.
    The logarithm of the counted bits is slightly too large on average; the second term corrects
    it.
    """
    balance = 1 - 2 * differing_bits / SIGNATURE_BITS
    if balance < _MIN_BALANCE:
        return math.inf
    difference = math.log(balance) / _STEP
    return difference - ((1 / (balance * balance) - 1) / 4 - difference / SIGNATURE_BITS)


def estimate(
    differing_bits: int, code_a: int, code_b: int, level: int, equal_bands: int = 0
) -> Estimate:
    """Return the estimated similarity of two sets from the differing bits of their sketches.

    Sketches that differ in about half of their bits show similarity only together with equal
    bands; see _MIN_BALANCE_ALONE.

    The difference is at least the difference of the sizes, which are exact. Containment is the
    share of the smaller set. The standard error of the Jaccard similarity at .7 is .017 for two
    sets of 100 shingles, .019 of 300, .021 of 500, and .025 to .031 for larger ones.
    """
    balance = 1 - 2 * differing_bits / SIGNATURE_BITS
    if balance < _MIN_BALANCE_ALONE and equal_bands < _EQUAL_BANDS:
        return NOTHING
    a, b = size_of(code_a), size_of(code_b)
    both = a + b
    different = difference_of_bits(differing_bits)
    if level == 0 and different - differing_bits < _MIN_HIDDEN:
        different = differing_bits
    different = max(different * 2.0**level, abs(a - b))
    if different >= both:
        return NOTHING
    jaccard = (both - different) / (both + different)
    containment = min(1.0, (both - different) / (2 * min(a, b)))
    return Estimate(jaccard, containment)


def is_near(pair: Estimate, parameters: DedupParameters) -> bool:
    """Tell whether the Jaccard similarity alone makes two texts near duplicates."""
    return pair.jaccard >= parameters.jaccard_threshold


def without_known(
    pair: Estimate, code_a: int, code_b: int, known: int, parameters: DedupParameters
) -> Estimate:
    """Return the similarity of what two sets have beside `known` shingles of boilerplate.

    Both sets are taken to have all of them: a document that was indexed before a line was known
    as boilerplate has it in its sketch. NOTHING if fewer than `min_shingles` remain of a set.
    """
    if known <= 0:
        return pair
    a, b = size_of(code_a), size_of(code_b)
    smaller = min(a, b)
    common = pair.containment * smaller - known
    smaller -= known
    if common <= 0 or smaller < parameters.min_shingles:
        return NOTHING
    return Estimate(common / (a + b - 2 * known - common), common / smaller)


class Shared(NamedTuple):
    """Numbers of shingles of a text inside lines that earlier documents have, too."""

    known: int
    """Inside boilerplate."""
    seen: int
    """Inside lines that at least one earlier document has, boilerplate included."""


def owns_little(
    pair: Estimate, code_a: int, code_b: int, shared: Shared, parameters: DedupParameters
) -> bool:
    """Tell whether the smaller of two sets has nothing of its own beside the lines they share.

    Two mails with one disclaimer share most of the shingles, but each has a text of its own; a
    part of a text has none. So what remains without the shared lines decides.

    Args:
        pair: Similarity without boilerplate.
        code_a: Code of the size of a set.
        code_b: Code of the size of the other.
        shared: Shingles of one of the texts in lines that earlier documents have.
        parameters: Thresholds.
    """
    smaller = min(size_of(code_a), size_of(code_b)) - shared.known
    common = pair.containment * smaller
    in_lines = min(max(shared.seen - shared.known, 0), common)
    rest = smaller - in_lines
    return rest <= OWN_SHARE * smaller or (
        common - in_lines >= parameters.containment_threshold * rest
    )


def is_contained(pair: Estimate, code_a: int, code_b: int, parameters: DedupParameters) -> bool:
    """Tell whether a text contains the other, by the thresholds of `parameters`."""
    ratio = 2.0 ** (-abs(code_a - code_b) / SIZE_SCALE)
    return (
        parameters.containment
        and pair.containment >= parameters.containment_threshold
        and pair.jaccard >= parameters.containment_min_jaccard
        and ratio <= parameters.containment_size_ratio
    )
