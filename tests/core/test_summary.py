# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest
from hypothesis import given

from fanmill.core.summary import LONGEST_SENTENCE, lead

from .texts import FOUR_MEBIBYTES, PARAGRAPHS, analysed, texts


def extract(text: str, *, title: str | None = None, max_sentences: int = 3) -> list[str]:
    summary = lead(analysed(text, title=title), max_sentences)
    return [sentence.text for sentence in summary.sentences]


NEWS = """\
 date 2022-08-05 New bridge opens. What next?
By Jane Doe
Source: People's Daily.

A bridge at last

The new bridge over the river was opened on Friday, said Dr. Hill, who built
it. Thousands came to see it. It is 3.5 km long. Trains will follow.

Editor: Wang
"""


def test_the_lead_of_news_is_its_first_three_sentences_of_prose() -> None:
    assert extract(NEWS) == [
        "The new bridge over the river was opened on Friday, said Dr. Hill, who built\nit.",
        "Thousands came to see it.",
        "It is 3.5 km long.",
    ]


def test_the_lead_of_chinese_news_has_no_header_reporter_or_source() -> None:
    text = (
        " date 2022-08-05 新桥通车\n来源：人民日报\n（记者 张三）\n新桥通车\n"
        "大桥周五通车。数千人前来参观。桥长三公里。\n责任编辑：王五"
    )
    assert extract(text) == ["大桥周五通车。", "数千人前来参观。", "桥长三公里。"]


def test_a_crawl_date_before_an_article_of_one_line_is_left_out() -> None:
    text = " date 2022-08-05 The river rose. " + "It rained and rained. " * 20
    assert extract(text)[0] == "The river rose."


def test_the_title_over_again_is_no_summary() -> None:
    assert extract("Rain at last.\n\nIt rained on Monday.", title="Rain at Last.") == [
        "It rained on Monday."
    ]


@pytest.mark.parametrize("language", sorted(PARAGRAPHS))
def test_a_paragraph_of_three_sentences_is_its_own_lead(language: str) -> None:
    assert " ".join(extract(PARAGRAPHS[language])).replace(" ", "") == PARAGRAPHS[language].replace(
        " ", ""
    )


def test_a_list_without_sentences_gives_its_first_lines() -> None:
    assert extract("Apples\nPears\nPlums\nFigs") == ["Apples", "Pears", "Plums"]


def test_a_notice_below_a_poem_does_not_replace_it() -> None:
    poem = "The wind has gone to bed\nThe moon is on the hill\nAnd all the words are said"
    assert extract(f"{poem}\n\nPrinted here.")[0].startswith("The wind")


def test_code_gives_its_first_lines() -> None:
    assert extract("def f(x):\n    return x + 1\n")[0] == "def f(x):"


@pytest.mark.parametrize("text", ["", "\n \n", "---", "😀"])
def test_a_text_without_words_has_no_summary_sentences(text: str) -> None:
    assert extract(text) == []


def test_no_more_sentences_than_asked_for() -> None:
    assert extract("One. Two. Three.", max_sentences=1) == ["One."]
    assert extract("One. Two. Three.", max_sentences=0) == []


@pytest.mark.parametrize(
    ("unit", "end"), [("word ", "word"), ("a", "a"), ("中文", "文"), ("e\u0301", "e\u0301")]
)
def test_an_endless_sentence_is_cut_behind_a_whole_word_or_character(unit: str, end: str) -> None:
    text = unit * (FOUR_MEBIBYTES // len(unit.encode()))
    (sentence,) = lead(analysed(text)).sentences
    assert LONGEST_SENTENCE - 5 <= len(sentence.text) <= LONGEST_SENTENCE
    assert sentence.text.endswith(end)


@given(texts)
def test_offsets_reproduce_the_sentences_in_the_order_of_the_text(text: str) -> None:
    sentences = lead(analysed(text)).sentences
    assert len(sentences) <= 3
    assert all(text[found.start : found.end] == found.text for found in sentences)
    assert all(found.text.strip() == found.text != "" for found in sentences)
    assert list(sentences) == sorted(sentences, key=lambda found: found.start)
