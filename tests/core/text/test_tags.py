"""Tags of HTML that is handed over as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_texts import analysed
from fanmill.core.summary.extractive import lead
from fanmill.core.text.tags import without_tags

PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Roofs</title><style>p { color: red }</style></head>\n"
    "<body><ul><li>Start</li><li>Help</li></ul>\n"
    '<p id="a">The <b>roof</b> of the school\nis new.</p><p>It is <i>green</i>. We like it.</p>'
    "<script>var a = '<p>no</p>';</script></body></html>"
)


def test_tags_are_in_no_sentence_summary_or_word() -> None:
    analysis = analysed(PAGE)
    said = [analysis.readable(*span) for span in analysis.sentences]
    assert said == [
        "Roofs", "Start", "Help", "The roof of the school\nis new.", "It is green.", "We like it.",
    ]  # fmt: skip
    assert not {"p", "class", "color", "var", "li"} & set(analysis.words)
    summary = lead(analysis)
    assert [each.text for each in summary.sentences] == said[3:]
    for each in summary.sentences:
        assert not {"<", ">"} & set(each.text)


@pytest.mark.parametrize(
    "text", ["", "a < b > c", "The tag <b> and its end </b> make words bold.", "vector<p> x;", "<3"]
)
def test_a_text_that_is_no_html_is_unchanged(text: str) -> None:
    assert without_tags(text) == (text, [])


PIECES = [
    "<p>",
    "</p>",
    "<br>",
    "<",
    ">",
    "</",
    "<!--",
    "-->",
    "a",
    " ",
    "\n",
    "<script>",
    "<b x=1>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_offsets_stay_and_only_tags_change(text: str) -> None:
    bare, spans = without_tags(text)
    assert len(bare) == len(text)
    at = 0
    for start, end in spans:
        assert at <= start < end
        assert bare[at:start] == text[at:start]
        assert bare[start:end].isspace()
        at = end
    assert bare[at:] == text[at:]
