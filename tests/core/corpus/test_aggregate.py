import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.corpus.aggregate import (
    GROUPS_PER_DAY,
    MAX_CATEGORIES,
    OTHER,
    Aggregate,
    GroupKey,
    merge_data_points,
)
from fanmill.core.corpus.data_point import MEASURES, DataPoint, data_point_of
from fanmill.core.document import Document
from fanmill.core.stages import Summarizer
from fanmill_contracts.statistics import Statistics

NOON = "1767268800000-0"
"""2026-01-01T12:00:00Z."""


def data_point(**values: float) -> DataPoint:
    return DataPoint(
        "2026-01-01", "/s", "en", tuple(values.get(name) for name in MEASURES), ("c4:few",)
    )


def aggregate(numbers: list[float]) -> Aggregate:
    found = Aggregate()
    for number in numbers:
        found.add(data_point(words=number))
    return found


def test_a_data_point_says_day_source_language_values_and_failed_filters() -> None:
    statistics = Summarizer()(Document("d", "A short text. It has two sentences.")).statistics
    assert isinstance(statistics, Statistics)
    found = DataPoint.from_json(data_point_of(statistics, "/crawler", NOON))
    assert (found.day, found.source, found.language) == ("2026-01-01", "/crawler", "en")
    values = dict(zip(MEASURES, found.values, strict=True))
    assert (values["words"], values["sentences"]) == (7, 2)
    assert "gopher_quality:short_document" in found.categories


def test_an_older_data_point_without_new_measures_is_read() -> None:
    found = DataPoint.from_json('["2026-01-01","/s","en",[1,2],[]]')
    assert found.values == (1, 2, *[None] * (len(MEASURES) - 2))


numbers = st.lists(st.integers(0, 1_000_000).map(float), max_size=60)


@given(numbers, numbers)
def test_parts_add_up_to_the_whole_in_any_order(one: list[float], two: list[float]) -> None:
    merged, whole = aggregate(two), aggregate(one + two)
    merged.merge(Aggregate.from_bytes(aggregate(one).to_bytes()))
    assert merged.documents == whole.documents
    assert merged.categories == whole.categories
    words, expected = merged.measures["words"], whole.measures["words"]
    assert (words.count, words.total) == (expected.count, expected.total)
    # Below its size a sketch holds all values.
    assert [words.quantile(rank) for rank in (0, 0.5, 1)] == pytest.approx(
        [expected.quantile(rank) for rank in (0, 0.5, 1)]
    )


def test_quantiles_of_many_values_are_near() -> None:
    found = aggregate([float(number) for number in range(20_000)]).measures["words"]
    assert found.mean == pytest.approx(9999.5)
    for rank in (0.1, 0.5, 0.9):
        value = found.quantile(rank)
        assert value is not None
        assert abs(value / 20_000 - rank) < 0.05


def test_nothing_counted_has_no_mean_and_no_quantile() -> None:
    found = Aggregate.from_bytes(Aggregate().to_bytes()).measures["words"]
    assert (found.count, found.mean, found.quantile(0.5)) == (0, None, None)


def test_an_aggregate_stays_small() -> None:
    found = Aggregate()
    for number in range(3000):
        found.add(
            DataPoint("2026-01-01", "/s", "en", (float(number),) * len(MEASURES), (f"m{number}",))
        )
    assert len(found.categories) <= MAX_CATEGORIES
    assert found.categories.total() == 3000
    assert len(found.to_bytes()) < 25_000


def test_further_sources_of_a_day_count_as_others() -> None:
    groups: dict[GroupKey, Aggregate] = {}
    merge_data_points(
        groups,
        (
            DataPoint("2026-01-01", f"/{number}", "en", (None,) * len(MEASURES), ())
            for number in range(GROUPS_PER_DAY + 50)
        ),
    )
    assert len(groups) == GROUPS_PER_DAY + 1
    assert groups[GroupKey("2026-01-01", OTHER, "en")].documents == 50
