"""The filter language: what it means, what it refuses, and that it survives being written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.filters import Filter, FilterError, Key, Term, matches, parse_filter
from fanmill.core.filters.rejection_keys import REJECTION_KEYS
from fanmill.core.filters.terms import Compares, Duration, Equals, Moment, Within

KEYS = {
    "name": Key("text", "Any text."),
    "kind": Key("text", "A choice.", ("plain", "stage-failed")),
    "words": Key("number", "A number."),
    "age": Key("duration", "A duration."),
    "done": Key("time", "A time."),
}
DAY = 86_400_000

numbers = st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: number == 0 or 1e-29 < abs(number) < 1e29
)
durations = st.integers(0, 10**12).map(Duration)
moments = st.integers(0, 20_000).map(lambda day: Moment(day * DAY, DAY)) | st.integers(
    0, 10**9
).map(lambda second: Moment(second * 1000, 1000))
operators = st.sampled_from(["<", "<=", ">", ">="])


def conditions(values, *, equal=True):
    compared = st.builds(Compares, operators, values) | st.builds(Within, values, values)
    return st.lists(compared | st.builds(Equals, values) if equal else compared, min_size=1,
                    max_size=3).map(tuple)  # fmt: skip


texts = st.text(max_size=20)
terms = st.one_of(
    st.builds(Term, st.just("name"), st.lists(st.builds(Equals, texts), min_size=1).map(tuple),
              st.booleans()),
    st.builds(Term, st.just("words"), conditions(numbers), st.booleans()),
    st.builds(Term, st.just("age"), conditions(durations, equal=False), st.booleans()),
    st.builds(Term, st.just("done"), conditions(moments), st.booleans()),
    st.builds(Term, st.none(), st.tuples(st.builds(Equals, texts)), st.booleans()),
)  # fmt: skip


@given(st.lists(terms, max_size=6).map(lambda each: Filter(tuple(each))))
def test_a_written_filter_reads_as_the_same_filter(wanted):
    assert parse_filter(str(wanted), KEYS) == wanted


@given(
    st.text(alphabet=st.sampled_from('nameagewordsdone:,-<>=."\\ 0123456789hdT') | st.characters())
)
def test_any_text_is_a_filter_or_one_error_with_a_position(text):
    try:
        wanted = parse_filter(text, KEYS)
    except FilterError as error:
        refused = error
    else:
        assert parse_filter(str(wanted), KEYS) == wanted
        matches(wanted, {"name": "x", "words": 1.0, "age": 5, "done": None}, text)
        return
    assert 0 <= refused.position <= len(text)
    assert f"position {refused.position + 1}" in str(refused)


ROW = {
    "name": "Old Mill",
    "kind": "plain",
    "words": 500,
    "age": 3_600_000,
    "done": 10 * DAY + 5,
    "nothing": None,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ('name:"Old Mill"', True),
        ("name:Old", False),
        ("kind:plain,stage-failed", True),
        ("-kind:plain", False),
        ("kind:stage-failed", False),
        ("words:500", True),
        ("words:>500", False),
        ("words:>=500", True),
        ("words:100..500", True),
        ("words:501..900,<3", False),
        ("words:-5..1e3", True),
        ("age:<1h", False),
        ("age:<=1h", True),
        ("age:>59m", True),
        ("age:30m..2h", True),
        ("done:1970-01-11", True),
        ("done:1970-01-11..1970-01-11", True),
        ("done:>1970-01-11", False),
        ("done:>=1970-01-11", True),
        ("done:<=1970-01-11", True),
        ("done:<1970-01-11", False),
        ("done:1970-01-11T00:00", True),
        ("done:1970-01-11T00:01", False),
        ("river", True),
        ("RIVER -sea", True),
        ('"by the"', True),
        ("-river", False),
        ("words:500 kind:stage-failed", False),
    ],
)
def test_a_filter_matches_what_it_says(text, expected):
    assert matches(parse_filter(text, KEYS), ROW, "Down by the River") is expected


@pytest.mark.parametrize("text", ["name:x", "words:>1", "done:1970-01-01"])
def test_no_condition_holds_for_a_key_without_value(text):
    assert not matches(parse_filter(text, KEYS), {"name": None})
    assert matches(parse_filter(f"-{text}", KEYS), {"name": None})


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("nam:x", 0, "unknown key 'nam'; known: name, kind, words, age, done"),
        ("name:x -nam:x", 8, "known: name"),
        ("kind:other", 5, "known: plain, stage-failed"),
        ("words:many", 6, "no number"),
        ("words:1..x", 9, "no number"),
        ("words:1e999", 6, "too large"),
        ("age:1h", 4, "needs a comparison, such as age:>1h"),
        ("age:<5y", 5, "expected one such as 90s"),
        ("done:2026-13-01", 5, "no time"),
        ("name:>x", 5, "takes no comparison"),
        ("name:", 5, "expected a value for name"),
        ("name:a,", 7, "expected a value for name"),
        ('name:"a', 5, "quotes without end"),
        ('name:"a"b', 8, "expected a space"),
        ("-", 1, "expected a word"),
        ("x" * 5000, 4096, "limit of 4,096"),
        ("a " * 101, 200, "more than 100 terms"),
    ],
)
def test_a_fault_is_named_with_its_position(text, position, words):
    with pytest.raises(FilterError) as refused:
        parse_filter(text, KEYS)
    assert refused.value.position == position
    assert words in str(refused.value)
    assert f"position {position + 1}" in str(refused.value)


def test_words_without_a_key_can_be_refused():
    with pytest.raises(FilterError, match="'river' has no key; expected key:value"):
        parse_filter("river", KEYS, words=False)


def test_rejections_know_their_reasons():
    with pytest.raises(FilterError, match="known: malformed-event"):
        parse_filter("reason:poison", REJECTION_KEYS)
