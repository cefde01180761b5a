"""The order of tests in several processes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dealing import dealt


@given(st.integers(0, 40), st.integers(0, 200), st.integers(1, 9))
def test_every_test_runs_once_and_the_short_ones_keep_their_order(long, short, processes):
    ordered = dealt([-n for n in range(1, long + 1)], range(short), processes)
    assert sorted(ordered) == sorted([*(-n for n in range(1, long + 1)), *range(short)])
    assert [each for each in ordered if each >= 0] == list(range(short))


@given(st.integers(1, 40), st.integers(1, 9))
def test_long_tests_are_spread_over_two_thirds_of_each_part(long, processes):
    ordered = dealt(["long"] * long, ["short"] * (20 * long), processes)
    left, at = len(ordered), 0
    for number in range(processes):
        size = (left - at) // (processes - number)
        part = ordered[at : at + size]
        assert part.count("long") in {long // processes, -(-long // processes)}
        places = [place for place, each in enumerate(part) if each == "long"]
        assert len({after - before for before, after in pairwise(places)}) <= 1
        assert all(place <= size * 2 / 3 for place in places)
        assert places[:1] in ([0], [])
        at += size


def test_one_process_begins_with_a_long_test():
    assert dealt("ab", "cdefgh", 1) == list("acdbefgh")
