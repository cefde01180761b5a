"""Notices of a site, whatever space and punctuation separates their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.text.notices import is_notice

NOTICES = (
    "We use cookies. Accept all cookies?",
    "This article is more than 10 years old",
    "This article is more than 1,000 days old.",
    "Sign up for our newsletter, and read more",
)
PROSE = (
    "The mill by the river has ground flour since 1790.",
    "Read the article, or go on: 12 sacks of barley.",
)


@pytest.mark.parametrize("line", NOTICES[:2])
def test_a_notice_is_told(line: str) -> None:
    assert is_notice(line)


@given(
    st.sampled_from(NOTICES + PROSE),
    st.sampled_from(NOTICES + PROSE),
    st.text(st.characters(max_codepoint=0x7F), max_size=20),
)
def test_lines_of_ascii_are_judged_as_others(first: str, last: str, between: str) -> None:
    line = f"{first}{between}{last}"
    assert is_notice(line) == is_notice(line.replace(" ", "\u00a0"))
