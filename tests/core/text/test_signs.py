"""A search for signs finds what a search for each of them finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.text.signs import Signs

TEXTS = st.text(st.sampled_from("ab:/ \n-—{"), max_size=12)


@given(st.lists(st.text(st.sampled_from("ab:/ \n-—{"), min_size=1, max_size=3), max_size=5), TEXTS)
def test_signs_occur_where_one_of_them_does(signs: list[str], text: str) -> None:
    assert Signs(*signs).occur_in(text) == any(sign in text for sign in signs)


@pytest.mark.parametrize(
    ("text", "occurs"),
    [("", False), ("a/b: c", False), ("http://", True), ("a @ b", True), ("{ {", False)],
)
def test_a_sign_needs_all_of_its_characters(text: str, *, occurs: bool) -> None:
    assert Signs("://", "@", "{{").occur_in(text) == occurs
