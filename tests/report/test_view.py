"""Numbers of a report: they add up to the input, whatever it is, in bounded lists."""

import itertools
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.report.counting import OTHERS, BoundedCounter, FrequentValues
from fanmill.report.tally import NOT_ANALYSED, Tally, UnreadableRecord
from fanmill.report.times import MAX_BARS, TimeSeries
from report_records import START, analysed, record, rejection, report_of


def total(rows):
    return sum(row.count for row in rows)


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["unique", "copy", "plain"]),
        st.integers(0, 5_000_000),
        st.sampled_from(["en", "de", "und"]),
        st.integers(0, 10**9),
    ),
    max_size=40,
)


@given(RECORDS, st.integers(0, 3))
def test_the_parts_add_up_to_the_input(rows, rejected):
    records = [
        analysed(f"d{n}", words, language, after=after)
        if kind == "unique"
        else record(f"d{n}", after=after, original="d0" if kind == "copy" else None)
        for n, (kind, words, language, after) in enumerate(rows)
    ]
    view = report_of(*records, rejections=[rejection()] * rejected)
    kinds = Counter(kind for kind, *_ in rows)
    assert view.documents == len(rows)
    assert (view.duplicates, view.analysed) == (kinds["copy"], kinds["unique"])
    for parts in (view.verdicts, view.languages, view.sources):
        assert total(parts) == len(rows)
    assert view.words == sum(words for kind, words, *_ in rows if kind == "unique")
    assert sum(bar.documents for bar in view.bars) == len(rows)
    assert sum(bar.duplicates for bar in view.bars) == kinds["copy"]
    assert sum(bar.rejected for bar in view.bars) == view.rejections == rejected
    assert sum(each.count for each in view.failures) == rejected
    assert sum(each.cluster.duplicates for each in view.clusters) == kinds["copy"]
    for measure in view.measures:
        assert total(measure.bins) == measure.count == kinds["unique"]
        assert measure.lowest <= measure.mean <= measure.highest
    for each in view.filters:
        assert each.passed + total(each.failed) == view.filtered
    for namespace in view.namespaces:
        assert total(namespace.values) == namespace.documents == kinds["unique"]


def test_quantiles_are_those_of_the_values():
    view = report_of(*(analysed(f"d{n}", words=n) for n in range(1, 1001)))
    words = next(each for each in view.measures if each.name == "sizes.words")
    assert (words.lowest, words.highest, words.mean) == (1, 1000, 500.5)
    assert words.quantiles["p50"] == pytest.approx(500, abs=20)
    assert words.quantiles["p90"] == pytest.approx(900, abs=20)


def test_duplicates_without_analysis_have_no_language():
    view = report_of(analysed("a"), record("b", original="a"))
    assert {row.name: row.count for row in view.languages} == {"en": 1, NOT_ANALYSED: 1}


def test_the_largest_clusters_come_with_their_first_members():
    records = [analysed("big", title="The flood"), analysed("small")]
    records += [record(f"b{n}", original="big", title=f"Flood {n}") for n in range(25)]
    records += [record("s0", original="small")]
    view = report_of(*records)
    big, small = view.clusters
    assert (big.cluster.original, big.cluster.title, big.cluster.duplicates) == (
        "big",
        "The flood",
        25,
    )
    assert [each.document_id for each in big.cluster.members] == [f"b{n}" for n in range(10)]
    assert (big.more, small.more) == (15, 0)
    assert view.clusters_are_exact


def test_a_near_duplicate_is_compared_if_both_texts_are_there():
    texts = {"a": "It rains. The ferry leaves.", "b": "It rains. The ferry stays."}
    records = [analysed("a"), record("b", original="a")]
    (cluster,) = report_of(*records, texts=texts).clusters
    assert cluster.comparison is not None
    assert (cluster.comparison.shared_sentences, cluster.comparison.sentences) == (1, 2)
    assert [each.kind for each in cluster.comparison.pieces] == ["shared", "other", "own"]
    (cluster,) = report_of(*records, texts={"a": texts["a"]}).clusters
    assert cluster.comparison is None


def test_what_is_no_record_is_refused():
    tally = Tally()
    for value in ({}, {"deduplication": None}, {**record("a"), "completed_at": "soon"}):
        with pytest.raises(UnreadableRecord):
            tally.add_record(value)
    with pytest.raises(UnreadableRecord):
        tally.add_rejection({"reason": "removed"})
    assert (tally.documents, tally.rejections) == (0, 0)


@given(st.lists(st.text(max_size=2)))
def test_a_bounded_counter_loses_no_count(names):
    counter = BoundedCounter(limit=5)
    for name in names:
        counter.add(name)
    assert len(counter.counts) <= 6
    for rows in (counter.top(3), counter.top(100)):
        assert sum(count for _, count in rows) == len(names)
    assert OTHERS not in [name for name, _ in counter.top(3)[:-1]]


def test_frequent_values_are_exact_until_there_are_too_many():
    values = FrequentValues()
    for n in range(10_000):
        values.add(f"v{n}")
        values.add("often")
    assert values.top(2) == [("often", 10_000), ("v0", 1)]
    assert (values.is_exact, values.distinct) == (True, 10_001)
    for n in range(200_000):
        values.add(f"w{n}")
    assert (values.is_exact, values.distinct) == (False, None)
    ((name, count),) = values.top(1)
    assert name == "often"
    assert count >= 10_000


@given(st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=30))
def test_bars_are_few_and_evenly_spaced(seconds):
    series = TimeSeries()
    rng = random.Random(len(seconds))
    for each in seconds:
        moment = START.fromtimestamp(each, START.tzinfo)
        series.add(moment, rng.choice(["unique", "near"]))
    bars = series.bars()
    assert 1 <= len(bars) <= MAX_BARS
    assert sum(counts.total() for _, counts in bars) == len(seconds)
    starts = [start.timestamp() for start, _ in bars]
    gaps = {b - a for a, b in itertools.pairwise(starts)}
    assert gaps <= {series.width_seconds}
