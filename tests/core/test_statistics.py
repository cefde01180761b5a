import pytest
from hypothesis import given

from fanmill.core.reading import reading_seconds
from fanmill.core.statistics import statistics

from .texts import PARAGRAPHS, analysed, texts


@pytest.mark.parametrize("text", ["", " \n\n ", "---\n😀"])
def test_a_text_without_words_has_no_ratios(text: str) -> None:
    result = statistics(analysed(text))
    assert (result.words, result.unique_words, result.sentences) == (0, 0, 0)
    assert result.mean_word_length is None
    assert result.mean_sentence_length is None
    assert result.unique_word_ratio is None
    assert result.reading_time_seconds == 0.0


def test_the_empty_text_has_no_lines_and_no_bytes() -> None:
    result = statistics(analysed(""))
    assert (result.bytes, result.characters, result.lines, result.paragraphs) == (0, 0, 0, 0)


def test_an_english_text_is_counted() -> None:
    result = statistics(analysed("The cat saw the dog.\nIt ran.\n\nThe end"))
    assert result.characters == result.bytes == 37
    assert (result.words, result.unique_words) == (9, 7)
    assert (result.sentences, result.paragraphs, result.lines) == (3, 2, 4)
    assert result.mean_word_length == pytest.approx(26 / 9)
    assert result.mean_sentence_length == 3.0
    assert result.unique_word_ratio == pytest.approx(7 / 9)


def test_different_words_are_counted_after_case_folding() -> None:
    assert statistics(analysed("Straße STRASSE strasse")).unique_words == 1


def test_bytes_are_those_of_utf_8() -> None:
    result = statistics(analysed("é😀中"))
    assert (result.bytes, result.characters) == (9, 3)


@pytest.mark.parametrize("language", sorted(PARAGRAPHS))
def test_means_are_plausible_in_every_language(language: str) -> None:
    result = statistics(analysed(PARAGRAPHS[language]))
    assert result.sentences == 3
    assert result.mean_word_length is not None
    assert 1.2 <= result.mean_word_length <= 7
    assert 3 <= result.reading_time_seconds <= 15


@given(texts)
def test_ratios_are_in_range_for_any_text(text: str) -> None:
    result = statistics(analysed(text))
    assert result.unique_words <= result.words
    assert result.paragraphs <= result.lines
    assert result.sentences <= result.words
    assert (result.unique_word_ratio is None) == (result.words == 0)
    assert (result.mean_sentence_length is None) == (result.sentences == 0)


def test_reading_takes_a_minute_for_238_english_words() -> None:
    assert reading_seconds("en", 238, 1200) == 60.0


def test_chinese_is_read_by_characters_and_unknown_languages_at_the_mean() -> None:
    assert reading_seconds("zh", 1, 255) == pytest.approx(60 * 228 / 238, abs=0.05)
    assert reading_seconds("und", 184, 0) == pytest.approx(60 * 228 / 238, abs=0.05)
    assert reading_seconds("zh", 0, 0) == reading_seconds("en", 0, 0) == 0.0
