"""Codes of numbers and times: a range finds what it contains, and guesses only at its edges."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from fanmill.core.filters.intervals import Interval
from fanmill.core.filters.record_keys import RECORD_KEYS
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.stores.sqlite.facets import short
from fanmill.stores.sqlite.number_codes import (
    codes_within,
    finest_code,
    number_codes,
    time_codes,
    time_codes_within,
)

whole = st.integers(-300, 3000) | st.integers(-(10**20), 10**20)
real = st.floats(-1e21, 1e21, allow_nan=False) | st.floats(-20, 20) | whole


def intervals(numbers):
    edge = numbers | st.none()
    return st.builds(Interval, edge, edge, st.booleans(), st.booleans())


@given(st.lists(real, min_size=1), intervals(real))
@example([0.3, 0.30001], Interval(0.3, 0.3))
def test_a_range_of_numbers_has_what_it_contains(values, wanted):
    found = codes_within(wanted, integers=False)
    for value in values:
        _agrees(number_codes(value), found, contained=wanted.contains(value))


@given(st.lists(whole, min_size=1), intervals(real))
@example([499, 500, 501], Interval(500, None, low_included=False))
def test_a_range_of_counts_has_what_it_contains(values, wanted):
    found = codes_within(wanted, integers=True)
    for value in values:
        _agrees(number_codes(value), found, contained=wanted.contains(value))


@given(st.lists(st.integers(-(10**12), 10**14), min_size=1), intervals(st.integers(0, 10**13)))
def test_a_range_of_times_has_what_it_contains(values, wanted):
    found = time_codes_within(wanted)
    for value in values:
        _agrees(time_codes(value), found, contained=wanted.contains(value))


def _agrees(codes, found, *, contained) -> None:
    sure, maybe = set(codes) & set(found.inside), set(codes) & set(found.edges)
    assert not (sure and not contained)
    assert not (contained and not sure and not maybe)


@given(real)
@example(1e22)
@example(123456789.25)
@example(1e-7)
def test_a_code_has_the_first_digits_and_the_power_of_a_number(value):
    code = finest_code(value)
    digits, _, exponent = f"{Decimal(repr(abs(value))):.25e}".partition("e")
    if len(code) > 2:
        power = (ord(code[1]) - ord("a")) * 10 + int(code[2]) - 10
        assert power == int(exponent)
        assert code[3:5] == digits[0] + digits[2]
        assert (code[5] == "e") == (not digits[3:].strip("0"))
    else:
        assert value == 0 or not -10 <= int(exponent) <= 18


def test_limits_with_two_digits_leave_no_edge():
    for low, high in ((500, None), (None, 0.25), (1, 99), (0, 1), (10_000, 25_000)):
        assert codes_within(Interval(low, high), integers=False).edges == ()
    assert codes_within(Interval(500, None, low_included=False), integers=True).edges == ()
    assert len(codes_within(Interval(505, None), integers=True).edges) == 1


def test_no_two_keys_share_their_characters():
    for keys in (RECORD_KEYS, REJECTION_KEYS):
        assert len({short(key) for key in keys}) == len(keys)
