from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.rules.percolator import Percolator

words = st.sampled_from("abcdefghij")


@given(
    st.lists(st.frozensets(words, min_size=1, max_size=6), max_size=30),
    st.frozensets(words),
)
def test_found_is_what_has_all_its_words(
    required: list[frozenset[str]], present: frozenset[str]
) -> None:
    by_word: dict[str, list[tuple[frozenset[str], int]]] = {}
    for number, each in enumerate(required):
        by_word.setdefault(min(each), []).append((each, number))
    found = sorted(Percolator(by_word).among(present))
    assert found == [number for number, each in enumerate(required) if each <= present]


def test_nothing_is_found_among_nothing() -> None:
    assert list(Percolator[str]({}).among({"a"})) == []
    assert list(Percolator({"a": [(frozenset({"a"}), "x")]}).among(frozenset())) == []
