"""Similarity of texts, estimated from their signatures."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.dedup.fingerprint import Representation
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.signature import SIGNATURE_BITS, signatures
from fanmill.core.dedup.similarity import (
    Shared,
    estimate,
    hamming,
    is_contained,
    is_near,
    owns_little,
    sampling_level,
    sampling_levels,
    size_code,
    without_known,
)

PLAIN = DedupParameters(boilerplate=False)


def _pair(chance: random.Random, size: int, jaccard: float) -> tuple[np.ndarray, np.ndarray, float]:
    shared = round(2 * size * jaccard / (1 + jaccard))
    pool = np.array([chance.getrandbits(64) for _ in range(2 * size - shared)], dtype=np.uint64)
    return pool[:size], pool[size - shared :], shared / (2 * size - shared)


def _representations(*sets: np.ndarray) -> list[Representation]:
    edges = np.concatenate(([0], np.cumsum([len(each) for each in sets]))).astype(np.int64)
    made = signatures(np.concatenate(sets), edges, PLAIN)
    return [
        Representation(size, size_code(size), sketches, keys.astype(">u4").tobytes())
        for size, sketches, keys in zip(made.sizes, made.sketches, made.keys, strict=True)
    ]


def standard_error(size_a, size_b, jaccard, level):
    """Return the standard error of the estimated similarity, from theory.

    Two parts: shingles of the difference that meet on a bit, and the sample.
    """
    both = size_a + size_b
    different = both * (1 - jaccard) / (1 + jaccard)
    share = 0.5**level
    turned = different * share
    balance = math.exp(-4 * turned / SIGNATURE_BITS)
    meeting = SIGNATURE_BITS / 4 * (1 / balance - 1) - turned
    variance = (meeting + turned * (1 - share)) / share**2
    return 2 * both / (both + different) ** 2 * math.sqrt(variance)


@pytest.mark.parametrize("size", [30, 200, 500, 1500, 6000])
@pytest.mark.parametrize("jaccard", [0.5, 0.7, 0.8, 0.9])
def test_the_estimate_is_unbiased_and_as_exact_as_theory_says(size, jaccard):
    chance = random.Random(size * 10 + round(jaccard * 10))
    errors, pairs = [], 400
    for _ in range(pairs):
        a, b, true = _pair(chance, size, jaccard)
        one, other = _representations(a, b)
        errors.append(one.similarity_to(other, PLAIN.bands).jaccard - true)
    theory = standard_error(size, size, true, sampling_level(size_code(size)))
    assert np.sqrt(np.mean(np.square(errors))) < 1.2 * theory
    assert abs(np.mean(errors)) < 3 * theory / np.sqrt(pairs) + 0.002
    if jaccard >= 0.7:  # what 1024 MinHash slots in 512 bits would give
        assert theory < 1.17 * np.sqrt((1 - true**4) / 512) / (2 * true)


@pytest.mark.parametrize(("large", "small"), [(530, 500), (600, 480), (3000, 2000), (600, 280)])
def test_sets_that_are_sampled_in_different_shares_compare_as_well(large, small):
    chance = random.Random(large)
    errors, pairs, kept_at = [], 300, sampling_level(size_code(small))
    for _ in range(pairs):
        pool = np.array([chance.getrandbits(64) for _ in range(large + 20)], dtype=np.uint64)
        one, other = _representations(pool[:large], pool[-small:])
        true = (small - 20) / (large + 20)
        errors.append(one.similarity_to(other, PLAIN.bands).jaccard - true)
    theory = standard_error(large, small, true, kept_at)
    # That a part is smaller than the whole is known for sure, which helps.
    assert np.sqrt(np.mean(np.square(errors))) < 1.2 * theory


def test_sets_of_sizes_too_far_apart_are_not_alike():
    one, other = _representations(
        np.arange(100_000, dtype=np.uint64), np.arange(3_000, dtype=np.uint64)
    )
    assert one.similarity_to(other) == other.similarity_to(one) == (0, 0)


def test_bands_agree_as_often_as_theory_says():
    chance = random.Random(5)
    agree = np.zeros(PLAIN.bands)
    for _ in range(400):
        a, b, true = _pair(chance, 300, 0.7)
        made = signatures(np.concatenate([a, b]), np.array([0, 300, 600], dtype=np.int64), PLAIN)
        agree += made.keys[0] == made.keys[1]
    narrow = PLAIN.bands - PLAIN.wide_bands
    assert abs(agree[:narrow].mean() / 400 - true**PLAIN.rows) < 0.05
    assert abs(agree[narrow:].mean() / 400 - true) < 0.06


@given(st.integers(0, 512), st.integers(0, 65_535), st.integers(0, 65_535), st.integers(0, 22))
def test_estimates_are_shares_and_containment_is_no_less_than_jaccard(bits, a, b, level):
    pair = estimate(bits, a, b, level)
    assert 0 <= pair.jaccard <= pair.containment + 1e-9 <= 1 + 1e-9
    assert estimate(bits, b, a, level) == pair


@given(st.integers(0, 65_535))
def test_a_sketch_is_made_for_every_set_one_may_be_compared_with(code):
    own = sampling_levels(code)
    assert sampling_level(code) in own
    assert 1 <= len(own) <= 5
    for other in (code - 3000, code + 3000):
        if 0 <= other <= 65_535:
            assert sampling_level(other) in own


def test_equal_signatures_of_sizes_one_to_two_are_half_alike_and_contained():
    pair = estimate(0, size_code(1000), size_code(500), 0)
    assert pair.jaccard == pytest.approx(0.5, abs=0.001)
    assert pair.containment == pytest.approx(1.0, abs=0.001)


def test_hamming_counts_differing_bits():
    assert hamming(bytes(64), bytes(63) + b"\x07") == 3


SIZES = (30, 100, 300, 500, 512, 600, 660, 807, 1000, 1328, 1680, 2600, 5000)


def test_no_unlike_sets_of_any_two_sizes_are_near():
    chance = np.random.default_rng(3)
    sets = [
        _representations(chance.integers(0, 2**64, size, dtype=np.uint64))[0]
        for size in SIZES
        for _ in range(16)
    ]
    wrong = []
    for one in sets:
        for other in sets:
            pair = one.similarity_to(other)
            if one is not other and (
                is_near(pair, PLAIN) or is_contained(pair, one.size_code, other.size_code, PLAIN)
            ):
                wrong.append((one.size, other.size, pair))
    assert wrong == []


def test_a_part_of_sixty_percent_is_found_in_its_whole():
    chance = np.random.default_rng(4)
    for whole in (400, 600, 1000, 1400, 2000, 3000):
        found = 0
        for _ in range(40):
            pool = chance.integers(0, 2**64, whole, dtype=np.uint64)
            large, small = _representations(pool, pool[: round(0.6 * whole)])
            pair = small.similarity_to(large)
            found += is_near(pair, PLAIN) or is_contained(
                pair, small.size_code, large.size_code, PLAIN
            )
        assert found >= 39


@given(
    st.integers(0, 512),
    st.integers(2, 5000),
    st.integers(2, 5000),
    st.integers(0, 8),
    st.integers(0, 6000),
    st.integers(0, 6000),
)
def test_what_is_shared_by_others_never_makes_texts_more_alike(bits, a, b, bands, known, more):  # noqa: PLR0917
    codes = size_code(a), size_code(b)
    level = sampling_level(codes[1])
    raw = estimate(bits, *codes, level, bands)
    pair = without_known(raw, *codes, known, PLAIN)
    assert 0 <= pair.jaccard <= raw.jaccard + 1e-9
    assert pair.jaccard <= pair.containment + 1e-9
    assert pair.containment <= raw.containment + 1e-9
    assert without_known(raw, *codes, known + more, PLAIN).jaccard <= pair.jaccard + 1e-9
    if pair.containment == 1:
        assert owns_little(pair, *codes, Shared(known, known + more), PLAIN)
