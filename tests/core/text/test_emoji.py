"""Emoji: where they end a sentence, where they are a word, and where they mark an item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.text.abbreviations import abbreviations
from fanmill.core.text.emoji import ends_at_emoji, has_emoji
from fanmill.core.text.layout import lay_out
from fanmill.core.text.sentences import sentence_spans


def split(text: str, language: str) -> list[str]:
    prose = lay_out(text, language).prose
    return [text[start:end] for start, end in sentence_spans(prose, language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["The soup was great 😋", "Send me the recipe 🙏", "Bye!"]),
        ("en", ["The soup was great! 😋", "Send me the recipe. 🙏🏽", "Bye!"]),
        ("de", ["Die Suppe war gut ❤️", "Bis Montag 👋", "Tschüss!"]),
        ("es", ["La sopa estaba rica 😋", "¿Vienes el lunes? 🎉", "Adiós."]),
        ("ru", ["Суп был вкусный 😋", "Пришли рецепт! 🙏", "Пока."]),
        ("hi", ["सूप बहुत अच्छा था 😋", "नुस्खा भेजो 🙏", "कल मिलते हैं।"]),
        ("ar", ["كان الحساء لذيذا 😋", "أرسل لي الوصفة 🙏", "إلى اللقاء."]),
        ("zh", ["今天的汤很好喝😋", "把做法发给我吧🙏", "再见。"]),
        ("ja", ["今日のスープは美味しかった😋", "レシピを送ってね🙏", "またね。"]),
        # In place of a word, and before a small letter.
        ("en", ["I ❤️ Rome and our 🍕 Fridays.", "The 😀 Emoji film is old."]),
        ("en", ["The soup 😋 was great.", "We drove the 🚗 north."]),
        ("de", ["Unser neues 🚗 Auto ist da.", "Wir fahren los."]),
        ("en", ["It was Ana 🇮🇹 Rossi who won.", "Nobody else did."]),
    ],
)
def test_an_emoji_belongs_to_the_words_before_it(language: str, sentences: list[str]) -> None:
    text = ("" if language in {"zh", "ja"} else " ").join(sentences)
    assert split(text, language) == sentences


@pytest.mark.parametrize(
    "line", ["🚀 Fast. 💰 Cheap. 😀 Easy.", "✨ Fast. ✨ Cheap. ✨ Easy.", "Come. 👉 Sign. 📌 Pay."]
)
def test_an_emoji_that_marks_an_item_stays_before_it(line: str) -> None:
    assert len(split(line, "en")) == 3
    assert not any(each.rstrip().endswith(tuple("🚀💰😀✨👉📌")) for each in split(line, "en"))


@given(st.lists(st.sampled_from(["😀", "🙏 ", "🚀", "Go. ", "no ", "Yes", " ", "\n", "好", "❤"])))
def test_sentences_with_emoji_are_in_order_and_lose_no_word(parts: list[str]) -> None:
    text = "".join(parts)
    spans = sentence_spans(lay_out(text, "en").prose, "en")
    flat = [place for span in spans for place in span]
    assert flat == sorted(flat)
    assert "".join(filter(str.isalnum, text)) == "".join(
        filter(str.isalnum, "".join(text[start:end] for start, end in spans))
    )


@pytest.mark.parametrize("text", ["Plain.", "Été “là”", "中文。", ""])
def test_a_text_without_emoji_is_not_searched(text: str) -> None:
    assert not has_emoji(text)


def test_no_sentences_stay_none() -> None:
    assert ends_at_emoji("😀 😀", [], abbreviations("en")) == []
