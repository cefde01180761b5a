"""Vocabularies of texts, whose distinct words are numbered in a lexicon of earlier texts."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.text.vocabulary import MAX_KEPT, Vocabulary, vocabulary

words_of_a_text = st.lists(st.text(st.characters(), min_size=1, max_size=3), max_size=60)


def assert_says(found: Vocabulary, words: list[str]) -> None:
    counts = Counter(words)
    kinds = list(found.strings(found.counts.nonzero()[0]))
    assert kinds == list(counts), "distinct words are in the order of first occurrence"
    assert [kinds[number] for number in found.ids.tolist()] == words
    assert found.counts.tolist() == list(counts.values())
    assert found.lengths.tolist() == list(map(len, kinds))


@given(words_of_a_text, words_of_a_text)
def test_a_vocabulary_does_not_depend_on_earlier_texts(
    earlier: list[str], words: list[str]
) -> None:
    vocabulary(earlier, "x-test")
    found = vocabulary(words, "x-test")
    assert_says(found, words)
    some = frozenset(earlier)
    assert found.are_in(some).tolist() == [kind in some for kind in Counter(words)]
    for word in {*earlier, *words}:
        assert found.count(word) == words.count(word)


@pytest.mark.parametrize("size", [MAX_KEPT, MAX_KEPT + 1])
def test_a_long_text_has_a_vocabulary_of_its_own(size: int) -> None:
    words = [f"long {size} {number % 7000}" for number in range(size)]
    assert_says(vocabulary(words, "x-test"), words)
    kept = vocabulary(["a"], "x-test").lexicon
    assert (f"long {size} 0" in kept) is (size <= MAX_KEPT)
