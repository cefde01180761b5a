"""Cutting what was read into messages."""

from hypothesis import given
from hypothesis import strategies as st

from fanmill.intake.batching import batches

sizes = st.lists(st.integers(0, 50))


@given(sizes, st.integers(1, 10), st.integers(1, 100))
def test_batches_keep_order_and_limits_and_lose_nothing(
    sizes: list[int], max_documents: int, max_bytes: int
) -> None:
    sized = [(f"{number}-0", size) for number, size in enumerate(sizes)]
    groups = list(batches(sized, max_documents, max_bytes))
    assert [entry_id for group in groups for entry_id in group] == [entry for entry, _ in sized]
    size_of = dict(sized)
    totals = [sum(size_of[entry_id] for entry_id in group) for group in groups]
    for group, total in zip(groups, totals, strict=True):
        assert 1 <= len(group) <= max_documents
        assert total <= max_bytes or len(group) == 1
    # No batch is cut short: the next entry would not have fitted.
    for group, total, following in zip(groups, totals, groups[1:], strict=False):
        assert len(group) == max_documents or total + size_of[following[0]] > max_bytes


def test_an_entry_above_the_limit_travels_alone_and_its_neighbours_together() -> None:
    sized = [("1", 10), ("2", 10), ("3", 500), ("4", 10), ("5", 10)]
    assert list(batches(sized, 64, 100)) == [("1", "2"), ("3",), ("4", "5")]


def test_nothing_makes_no_batch() -> None:
    assert list(batches([], 64, 100)) == []
