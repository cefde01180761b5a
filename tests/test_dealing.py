"""The order of tests in several processes."""

from hypothesis import given
from hypothesis import strategies as st

from dealing import dealt


@given(st.integers(0, 40), st.integers(0, 200), st.integers(1, 9))
def test_every_test_runs_once_and_the_short_ones_keep_their_order(long, short, processes):
    ordered = dealt([-n for n in range(1, long + 1)], range(short), processes)
    assert sorted(ordered) == sorted([*(-n for n in range(1, long + 1)), *range(short)])
    assert [each for each in ordered if each >= 0] == list(range(short))


@given(st.integers(1, 40), st.integers(1, 9))
def test_each_part_begins_with_its_share_of_the_long_tests(long, processes):
    ordered = dealt(["long"] * long, ["short"] * (20 * long), processes)
    left, at = len(ordered), 0
    for number in range(processes):
        size = (left - at) // (processes - number)
        part = ordered[at : at + size]
        share = part.count("long")
        assert part[:share] == ["long"] * share
        assert share in {long // processes, -(-long // processes)}
        at += size


def test_one_process_begins_with_the_long_tests():
    assert dealt("ab", "cde", 1) == list("abcde")
