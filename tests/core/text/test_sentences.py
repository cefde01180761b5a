# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest

from core_texts import PARAGRAPHS, sentences


@pytest.mark.parametrize("language", sorted(PARAGRAPHS))
def test_a_paragraph_of_three_sentences_has_three(language: str) -> None:
    assert len(sentences(PARAGRAPHS[language])) == 3


@pytest.mark.parametrize(
    "text",
    [
        "We met Prof. Miller and Mrs. Jones.",
        "J. R. R. Tolkien wrote it.",
        "It costs 3.50 dollars at No. 5 Baker Street.",
        "He served in the U.S. Army for years.",
        "Wir trafen uns am 21. August in St. Gallen, z. B. im Hotel.",
        "Vgl. Abs. 3 und Nr. 12 des Gesetzes.",
        "« Vraiment ? » demanda-t-il.",
        '"Really?" he asked.',
        "El Sr. García llegó con la Dra. Ruiz.",
        "डॉ. सिंह और एम. एस. धोनी मिले।",
        "А. П. Чехов жил в г. Ялта.",
        "「行きます。」と彼は言った。",
        "ພາສາລາວ",
    ],
)
def test_abbreviations_initials_and_speech_end_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_a_sentence_may_end_in_an_abbreviation_before_a_function_word() -> None:
    assert sentences("He lives in the U.S. The winters are cold.") == [
        "He lives in the U.S.",
        "The winters are cold.",
    ]


def test_an_opening_bracket_belongs_to_the_sentence_behind_it() -> None:
    assert sentences("彼は笑った。「行こう。」") == ["彼は笑った。", "「行こう。」"]


def test_a_number_that_marks_a_list_item_is_no_sentence() -> None:
    assert sentences("1. Wash the apples.\n2. Peel them.") == [
        "1. Wash the apples.",
        "2. Peel them.",
    ]


def test_a_line_break_in_wrapped_text_is_a_space() -> None:
    text = (
        "The committee published its report on Monday after a long debate in\n"
        "Parliament House. It has ten\r\nchapters."
    )
    assert len(sentences(text)) == 2


@pytest.mark.parametrize("text", ["यह एक\nवाक्य है।", "今天天气\n很好。", "هذه جملة\nطويلة جدا."])
def test_wrapped_text_of_scripts_without_capitals_goes_on_too(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\n \t\n", "\r\r"])
def test_a_blank_line_always_ends_a_sentence(gap: str) -> None:
    assert sentences(f"one half{gap}of a sentence") == ["one half", "of a sentence"]


def test_a_heading_is_apart_from_the_paragraph_in_the_next_line() -> None:
    body = "The harvest was poor, for it had rained all summer, and prices rose."
    assert sentences(f"A wet summer\n{body}") == ["A wet summer", body]


def test_items_of_a_list_are_apart() -> None:
    assert sentences("- one apple\n- two pears\n- three plums.") == [
        "- one apple",
        "- two pears",
        "- three plums.",
    ]


def test_a_thai_space_before_a_conjunction_or_a_number_ends_no_sentence() -> None:
    text = "วันนี้อากาศดีมากจริงๆ และเราไปเที่ยวทะเลกัน 20 คน"
    assert sentences(text) == [text]


@pytest.mark.parametrize("text", ["", " \n\t", "---", "😀 👍", "\x00\u200b", "…"])
def test_a_text_without_letters_and_digits_has_no_sentence(text: str) -> None:
    assert sentences(text) == []


def test_english_sentences_may_begin_with_a_small_letter_or_a_dash() -> None:
    text = "We were late anyway. i went home at 3 p.m. sharp. - Bob (approx. an hour). nobody came"
    assert sentences(text) == [
        "We were late anyway.",
        "i went home at 3 p.m. sharp.",
        "- Bob (approx. an hour).",
        "nobody came",
    ]


def test_a_question_mark_in_an_address_ends_no_sentence() -> None:
    text = "It is at http://www.example.org/watch?v=q2 for all to see."
    assert sentences(text) == [text]
