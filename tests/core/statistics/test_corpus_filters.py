import json
from pathlib import Path

import pytest

from core_samples import SAMPLES
from core_texts import analysed
from fanmill.core.language.detectors import Language
from fanmill.core.statistics.corpus_filters import filter_results
from fanmill.core.statistics.redpajama import quality_signals
from fanmill_contracts.statistics import FilterResults

PROSE = (
    "The ferry left the old pier at nine and the harbour was quiet again.\n"
    "Nobody had seen the captain since the evening before, when he had tea.\n"
    "His boat lay on the beach with a hole in it that no stone had made.\n"
    "That is what the men of the village said to the officer from the town.\n"
    "He wrote it down, and he did not believe a word of what they had told.\n"
)


def verdicts(text: str) -> FilterResults:
    analysis = analysed(text)
    return filter_results(analysis, quality_signals(analysis))


def test_plain_prose_passes_all_filters() -> None:
    found = verdicts(PROSE)
    assert all(getattr(found, name).passed for name in FilterResults.model_fields)
    assert found.c4.failed is None


@pytest.mark.parametrize(
    ("text", "rule", "failed"),
    [
        ("", "gopher_quality", "short_document"),
        ("", "gopher_repetition", "empty"),
        ("", "c4", "few_sentences"),
        ("", "fineweb", "empty"),
        ("Too short to say anything.", "gopher_quality", "short_document"),
        ("of a to in " * 40, "gopher_quality", "short_words"),
        (
            "incomprehensibilities of the counterrevolutionaries " * 40,
            "gopher_quality",
            "long_words",
        ),
        (PROSE + "# " * 30, "gopher_quality", "hashes"),
        (PROSE + "... " * 30, "gopher_quality", "ellipses"),
        (PROSE.replace("\n", "\n- ").join(["- ", ""])[:-2], "gopher_quality", "bullets"),
        (PROSE.replace(".\n", "...\n"), "gopher_quality", "ellipsis_lines"),
        (PROSE + "12.345 67.890 " * 30, "gopher_quality", "few_letters"),
        (
            "Paris London Vienna Berlin Madrid " * 20 + "Rome",
            "gopher_quality",
            "few_function_words",
        ),
        (PROSE + "\n\n" + PROSE, "gopher_repetition", "duplicate_paragraphs"),
        ("One line again.\n" * 3 + PROSE, "gopher_repetition", None),
        ("One line again.\n" * 9 + PROSE, "gopher_repetition", "duplicate_lines"),
        (PROSE + "of course " * 20, "gopher_repetition", "top_2gram"),
        (PROSE.replace(".\n", "\n"), "c4", "few_sentences"),
        (PROSE + "This { is code that ends here.\n", "c4", "curly_bracket"),
        (PROSE + "Lorem ipsum dolor sit amet.\n", "c4", "lorem_ipsum"),
        (PROSE.replace(".\n", " on javascript.\n"), "c4", "few_sentences"),
        (PROSE.replace(".\n", " in our privacy policy.\n"), "c4", "few_sentences"),
        (PROSE.replace(".\n", "\n"), "fineweb", "unended_lines"),
        (PROSE + "A short line.\n" * 30, "fineweb", "short_lines"),
        (PROSE + "A line that is long enough not to be short.\n" * 2, "fineweb", "copied_lines"),
        (PROSE + "\n" * 40, "fineweb", "line_breaks"),
    ],
)
def test_the_first_rule_that_is_broken_is_named(text: str, rule: str, failed: str | None) -> None:
    assert getattr(verdicts(text), rule).failed == failed


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_clean_prose_of_no_language_is_refused_for_its_words_or_marks(name: str) -> None:
    found = verdicts(SAMPLES[name])
    assert found.gopher_quality.failed is None
    assert found.gopher_repetition.failed is None
    assert found.fineweb.failed is None


RECORDED = json.loads(
    (Path(__file__).parent / "recorded" / "datatrove.json").read_text(encoding="utf-8")
)
"""Verdicts of datatrove's filters on our words; made by tests/bench/datatrove_rules.py."""


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_verdicts_on_english_equal_the_published_code(name: str) -> None:
    analysis = analysed(RECORDED[name]["text"])
    analysis.__dict__["language"] = Language("en", 1.0)
    found = filter_results(analysis, quality_signals(analysis))
    published = RECORDED[name]["failed"]
    assert {rule: getattr(found, rule).failed for rule in published} == published


def test_the_recorded_texts_break_most_rules() -> None:
    broken = {rule for each in RECORDED.values() for rule in each["failed"].values()}
    assert len(broken) >= 15
