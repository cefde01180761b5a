import pytest
from hypothesis import given

from core_samples import SAMPLES
from core_texts import PARAGRAPHS, analysed, texts
from fanmill.core.statistics.compute import statistics
from fanmill.core.statistics.reading_time import reading_seconds
from fanmill.core.text.segmentation import graphemes
from fanmill_contracts.catalogue import BY_NAME, CATALOGUE
from fanmill_contracts.statistics import Statistics


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


def values(statistics: Statistics) -> dict[str, object]:
    """Return all values by the names of the catalogue."""
    found = statistics.model_dump()
    return {
        entry.name: (found if entry.set == "sizes" else found[entry.set])[entry.field]
        for entry in CATALOGUE
    }


def assert_in_range(statistics: Statistics) -> None:
    for name, value in values(statistics).items():
        entry = BY_NAME[name]
        if isinstance(value, dict):
            numbers = [] if entry.kind == "filter" else list(value.values())
        else:
            numbers = [] if value is None else [value]
        for number in numbers:
            assert number >= entry.low, name
            assert entry.high is None or number <= entry.high, name


def test_there_are_twenty_languages_to_try() -> None:
    assert len(SAMPLES) == 20


@pytest.mark.parametrize("language", sorted(SAMPLES))
def test_every_statistic_is_in_its_range_in_every_language(language: str) -> None:
    result = statistics(analysed(SAMPLES[language]))
    assert result.language == language
    assert_in_range(result)
    assert result.quality is not None
    assert result.quality.mean_word_length is not None
    assert 1.2 <= result.quality.mean_word_length <= 8
    assert result.composition is not None
    assert max(result.composition.scripts.values()) > 0.4
    assert result.diversity is not None
    assert result.diversity.mattr is not None
    assert 0.5 < result.diversity.mattr < 1


@given(texts)
def test_every_statistic_is_in_its_range_for_any_text(text: str) -> None:
    assert_in_range(statistics(analysed(text)))


def test_the_empty_text_has_what_the_catalogue_says_of_it() -> None:
    for name, value in values(statistics(analysed(""))).items():
        entry = BY_NAME[name]
        if entry.empty.startswith("null"):
            assert value is None, name
        elif entry.kind == "filter":
            assert isinstance(value, dict)
            assert value["passed"] is False, name
        else:
            assert value == ({} if entry.empty.startswith("{}") else float(entry.empty)), name


def test_only_chosen_sets_are_computed() -> None:
    result = statistics(analysed("A text of five words."), {"diversity"})
    assert result.sets == ("sizes-2", "diversity-1")
    assert result.diversity is not None
    assert (result.quality, result.filters, result.composition) == (None, None, None)


def test_medians_and_maxima_of_lengths() -> None:
    result = statistics(analysed("One two three. Four five.\n\nSix is the last word here."))
    assert (result.median_word_length, result.max_word_length) == (4.0, 5)
    assert (result.median_sentence_length, result.max_sentence_length) == (3.0, 6)
    assert (result.median_paragraph_length, result.max_paragraph_length) == (5.5, 6)
    assert (result.median_line_length, result.max_line_length) == (25.0, 26)


@given(texts)
def test_graphemes_are_those_that_the_segmenter_finds(text: str) -> None:
    assert statistics(analysed(text), set()).graphemes == sum(1 for _ in graphemes(text))


@pytest.mark.parametrize(
    ("text", "graphemes"),
    [("👨\u200d👩\u200d👧🇩🇪🇫🇷 é e\u0301", 7), ("नमस्ते", 3), ("ภาษาไทยน้ำ", 8), ("각 각\r\n", 4)],
)
def test_a_grapheme_is_what_readers_call_a_character(text: str, graphemes: int) -> None:
    assert statistics(analysed(text), set()).graphemes == graphemes


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "word ",
        "中",
        "\n",
        " \n",
        "A line.\n",
        "{}",
        "#...",
        "é",
        "👍🏽",
        "\x00",
        "5",
        "ก",
        "\ud800",
    ],
)
def test_large_awkward_texts_stay_in_range(unit: str) -> None:
    assert_in_range(statistics(analysed(unit * (200_000 // len(unit)))))
