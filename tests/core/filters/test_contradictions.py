"""Filters that exclude themselves: recognised only if nothing matches."""

import pytest

from fanmill.core.filters.contradictions import never_matches
from fanmill.core.filters.record_keys import RECORD_KEYS
from store_samples import where


@pytest.mark.parametrize(
    "text",
    [
        "verdict:unique -verdict:unique",
        "lang:zh words:>5 -lang:en,zh",
        "topic:sport -topic:sport",
        "mill -mill",
        "words:>500 words:<400",
        "words:>500 words:<500",
        "words:>=500 words:<500",
        "words:1..5,9 words:6..8",
        "similarity:0.5 -similarity:0.5",
    ],
)
def test_terms_that_exclude_each_other_match_nothing(text):
    assert never_matches(where(text), RECORD_KEYS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lang:zh",
        "-lang:zh",
        "lang:zh,en -lang:zh",
        "lang:zh -verdict:unique",
        "topic:sport topic:politics",
        "lang:zh lang:en",
        "words:>=500 words:<=500",
        "words:1..5,9 words:5..8",
        "words:<5 characters:>50",
        "-words:<5 -words:>50",
        "age:<1h age:>2h",
    ],
)
def test_others_are_left_to_the_store(text):
    assert not never_matches(where(text), RECORD_KEYS)
