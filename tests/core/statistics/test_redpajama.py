# ruff: noqa: RUF001 (full-width punctuation is what Chinese has)

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from core_samples import SAMPLES
from core_texts import analysed, texts
from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.language.detectors import Language
from fanmill.core.statistics.redpajama import quality_signals
from fanmill.core.text.ngrams import covered, repeated_runs
from fanmill.core.text.vocabulary import vocabulary

RECORDED = json.loads(
    (Path(__file__).parent / "recorded" / "redpajama.json").read_text(encoding="utf-8")
)
"""Values of the published code; made by tests/bench/redpajama.py."""


def english(text: str) -> Analysis:
    analysis = Analysis(Document("d", text))
    analysis.__dict__["language"] = Language("en", 1.0)
    return analysis


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_signals_of_english_equal_the_published_code(name: str) -> None:
    recorded = RECORDED[name]
    ours = quality_signals(english(recorded["text"])).model_dump()
    published = recorded["signals"]
    # Overlapping runs count characters twice there: a share above 1 is 1 here.
    expected = {
        key: min(value, 1.0) if key.startswith("chars_top") else value
        for key, value in published.items()
    }
    assert {key: ours[key] for key in expected} == pytest.approx(expected, abs=1e-8)


def counted(words: list[str], length: int) -> tuple[int, set[int]]:
    """Return the highest count of a run, and the places of words in repeated ones."""
    runs = [tuple(words[at : at + length]) for at in range(len(words) - length + 1)]
    repeated = {run for run in runs if runs.count(run) > 1}
    places = {at + step for at, run in enumerate(runs) if run in repeated for step in range(length)}
    return max(map(runs.count, runs), default=1), places


@given(texts)
def test_repeated_runs_are_those_found_by_comparing_all(text: str) -> None:
    words = list(text)[:40]
    numbered = vocabulary(words, "en")
    sizes = numbered.ids * 0 + 1
    for length, found in enumerate(repeated_runs(numbered.ids, len(numbered.kinds)), 2):
        most, places = counted(words, length)
        assert found.top()[1] == most
        assert covered(found, length, sizes) == len(places)


def test_the_top_run_of_equals_is_the_first() -> None:
    numbered = vocabulary(["a", "b", "x", "c", "d", "y", "c", "d", "z", "a", "b"], "en")
    first = next(repeated_runs(numbered.ids, len(numbered.kinds)))
    assert first.top() == (0, 2)


@given(texts)
def test_signals_of_any_text_are_within_their_ranges(text: str) -> None:
    analysis = analysed(text)
    signals = quality_signals(analysis)  # The model holds the ranges.
    assert (signals.mean_word_length is None) == (signals.word_count == 0)
    assert (signals.lines_num_words is None) == (text == "")
    assert signals.chars_duplicate_10grams <= signals.chars_duplicate_5grams


def test_chinese_words_are_those_of_the_dictionary() -> None:
    signals = quality_signals(analysed("中国政府决定采取措施保护环境。这是一个重要的决定！" * 3))
    assert signals.word_count == 39
    assert signals.mean_word_length is not None
    assert 1.5 < signals.mean_word_length < 2
    assert signals.frac_no_alph_words is not None
    assert signals.frac_no_alph_words < 0.2


def test_korean_and_vietnamese_words_keep_their_letters_composed() -> None:
    for text, mean in (
        ("서울은 대한민국의 수도이다. 인구가 많다.", 3.4),
        ("Hà Nội là thủ đô của Việt Nam.", 2.75),
    ):
        value: Any = quality_signals(analysed(text)).mean_word_length
        assert value == pytest.approx(mean, abs=0.01)


def test_function_words_are_counted_without_regard_to_case() -> None:
    text = "The house. THE house. A garden with the old house and its garden of roses."
    assert quality_signals(english(text)).stop_word_fraction == pytest.approx(8 / 15)


def test_languages_without_a_list_have_no_share_of_function_words() -> None:
    analysis = english("Kuće su velike i bijele.")
    analysis.__dict__["language"] = analysis.language._replace(code="hr")
    assert quality_signals(analysis).stop_word_fraction is None


@given(texts)
def test_sentences_lines_and_paragraphs_are_those_of_the_published_patterns(text: str) -> None:
    signals = quality_signals(english(text))
    assert signals.num_sentences == len(re.findall(r"\b[^.!?]+[.!?]*", text))
    lines = re.split("\n+", text)
    if text:
        again = len(lines) - len(set(lines))
        assert signals.duplicate_line_fraction == pytest.approx(again / len(lines))


@pytest.mark.parametrize("language", sorted({"hi", "th", "ar", "ru"} & SAMPLES.keys()))
def test_vowel_signs_do_not_make_words_letterless(language: str) -> None:
    signals = quality_signals(analysed(SAMPLES[language]))
    assert signals.frac_no_alph_words is not None
    assert signals.frac_no_alph_words < 0.25
