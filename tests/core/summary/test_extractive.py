# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest
from hypothesis import given

from core_texts import MEBIBYTE, PARAGRAPHS, analysed, texts
from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.summary.extractive import MAX_SENTENCE_LENGTH, lead, term_frequency


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


def test_a_sentence_of_wrapped_text_has_whole_words_and_true_offsets() -> None:
    text = "The old wind-\nmill was sold to a coop-\nerative of farmers. Nobody minded."
    (first, _) = lead(analysed(text)).sentences
    assert first.text == "The old windmill was sold to a cooperative of farmers."
    assert text[first.start : first.end].endswith("coop-\nerative of farmers.")


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
    text = unit * (MEBIBYTE // len(unit.encode()))
    (sentence,) = lead(analysed(text)).sentences
    assert MAX_SENTENCE_LENGTH - 5 <= len(sentence.text) <= MAX_SENTENCE_LENGTH
    assert sentence.text.endswith(end)


@given(texts)
def test_offsets_reproduce_the_sentences_in_the_order_of_the_text(text: str) -> None:
    analysis = analysed(text)
    sentences = lead(analysis).sentences
    assert len(sentences) <= 3
    assert all(analysis.readable(found.start, found.end) == found.text for found in sentences)
    if not analysis.layout.dropped:
        assert all(text[found.start : found.end] == found.text for found in sentences)
    assert all(text[found.start : found.end].strip() != "" for found in sentences)
    assert list(sentences) == sorted(sentences, key=lambda found: found.start)


def test_a_limit_of_words_ends_the_summary_before_the_sentence_that_exceeds_it() -> None:
    text = "One two three. Four five six. Seven eight nine."
    assert [s.text for s in lead(analysed(text), max_words=7).sentences] == [
        "One two three.",
        "Four five six.",
    ]


def test_a_first_sentence_above_the_limit_is_cut_and_says_so() -> None:
    (sentence,) = lead(analysed("One two, three four. Five."), max_words=3).sentences
    assert (sentence.text, sentence.truncated) == ("One two, three", True)


def test_only_cut_sentences_are_truncated() -> None:
    assert [s.truncated for s in lead(analysed("One. Two. X" + "x" * 2000)).sentences] == [
        False,
        False,
        True,
    ]


def test_an_extract_is_fragments_of_the_text() -> None:
    text = "A heading line\n\nThe rain fell. The river rose. It rained on. All went home."
    found = lead(analysed(text)).statistics
    assert found is not None
    assert (found.words, found.coverage) == (9, 1.0)
    assert found.density == 9.0
    assert found.compression == pytest.approx(15 / 9)
    assert found.redundancy == 0.0


def test_redundancy_is_the_share_of_repeated_pairs() -> None:
    found = lead(analysed("The rain fell. Then the rain fell.")).statistics
    assert found is not None
    assert found.redundancy == pytest.approx(1 - 4 / 6)


def test_key_terms_are_frequent_content_words() -> None:
    text = "The ferry is old. The harbour is new. The ferry waits. At the harbour the ferry waits."
    found = lead(analysed(text), max_sentences=1).statistics
    assert found is not None
    assert found.key_terms_covered == pytest.approx(1 / 3)


def test_a_summary_without_words_has_no_ratios() -> None:
    found = lead(analysed("")).statistics
    assert found is not None
    assert (found.words, found.coverage, found.density, found.redundancy) == (0, None, None, None)


def test_a_title_is_compared_with_text_and_summary() -> None:
    text = "The old bridge was closed on Monday. Trains stop at the river. Buses run."
    found = lead(analysed(text, title="Old bridge closed at the river today"), 1).title
    assert found is not None
    # Fragments: `old bridge`, `closed`, `at the river`; `today` is new.
    assert found.words == 7
    assert found.coverage == pytest.approx(6 / 7)
    assert found.density == pytest.approx((4 + 1 + 9) / 7)
    assert found.compression == pytest.approx(14 / 7)
    assert found.novel_unigrams == pytest.approx(1 / 7)
    assert found.novel_bigrams == pytest.approx(3 / 6)
    assert found.novel_trigrams == pytest.approx(4 / 5)
    assert found.summary_recall == pytest.approx(4 / 7)


def test_an_abstract_of_the_producer_is_compared_too() -> None:
    document = Document("d", "It rained. It rained all day.", abstract="It rained all day.")
    summary = lead(Analysis(document))
    assert summary.title is None
    assert summary.abstract is not None
    assert (summary.abstract.coverage, summary.abstract.density) == (1.0, 4.0)


@pytest.mark.parametrize("title", ["", "---", None])
def test_a_title_without_words_is_compared_with_nothing(title: str | None) -> None:
    assert lead(analysed("It rained.", title=title)).title is None


@given(texts, texts)
def test_comparisons_stay_in_their_ranges(text: str, title: str) -> None:
    summary = lead(analysed(text, title=title))
    found = summary.title
    if found is not None:
        assert found.coverage + found.novel_unigrams == pytest.approx(1.0, abs=1e-6)
        assert found.coverage <= found.density + 1e-6 <= found.words + 1e-5


HARBOUR = (
    "Mrs Hale was up early on Monday. "
    "The harbour bridge will close for repairs to the bridge deck. "
    "It rained. Bridge engineers found rust in the harbour bridge in May. "
    "A cat sat on the wall and looked at the sea."
)


def test_the_method_frequent_takes_sentences_by_their_words_in_the_order_of_the_text() -> None:
    found = term_frequency(analysed(HARBOUR), max_sentences=2)
    assert found.method == "term-frequency-3"
    assert [each.text for each in found.sentences] == [
        "The harbour bridge will close for repairs to the bridge deck.",
        "Bridge engineers found rust in the harbour bridge in May.",
    ]


def test_the_method_frequent_keeps_to_the_limit_of_words() -> None:
    found = term_frequency(analysed(HARBOUR), max_sentences=3, max_words=12)
    assert found.statistics is not None
    assert 0 < found.statistics.words <= 12


@pytest.mark.parametrize("text", ["", " \n", "---", "A. b"])
def test_the_method_frequent_has_what_a_short_text_has(text: str) -> None:
    assert len(term_frequency(analysed(text)).sentences) == len(lead(analysed(text)).sentences)


def test_what_a_site_says_of_itself_and_what_it_says_twice_is_no_summary() -> None:
    text = (
        "We use cookies to make this site better.\nSubscribe to our newsletter.\n\n"
        "The mayor opened the bridge. The mayor opened the bridge. It cost a lot."
    )
    found = [each.text for each in lead(analysed(text)).sentences]
    assert found == ["The mayor opened the bridge.", "It cost a lot."]


def test_a_byte_order_mark_is_no_part_of_the_first_sentence() -> None:
    first = lead(analysed("\ufeffThe mayor opened the bridge. It cost a lot.")).sentences[0]
    assert (first.text, first.start) == ("The mayor opened the bridge.", 1)
