import pytest
from hypothesis import given

from core_texts import texts
from fanmill.core.text.segmentation import graphemes, sentences_with_spaces, words_and_separators


@given(texts)
def test_pieces_add_up_to_the_length_of_any_text(text: str) -> None:
    for tokens in (
        words_and_separators(text, "en"),
        sentences_with_spaces(text, "th"),
        graphemes(text),
    ):
        assert sum(map(len, tokens)) == len(text)


def test_pieces_behind_an_emoji_are_where_the_text_has_them() -> None:
    assert list(words_and_separators("😀 two", "en")) == ["😀", " ", "two"]


def test_a_family_emoji_and_a_flag_are_one_grapheme_each() -> None:
    assert len(list(graphemes("👨\u200d👩\u200d👧🇩🇪"))) == 2


@pytest.mark.parametrize("text", ["a\ud800b", "\udfff", "\x00\x01 a", "\ufffe"])
def test_what_is_no_text_still_segments(text: str) -> None:
    assert len("".join(words_and_separators(text, "en"))) == len(text)
