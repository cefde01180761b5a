"""Tokens of the full-text search: a text is found by its words, in any script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core import search_tokens
from fanmill.core.search_tokens import contains, index_tokens, passage_tokens, query_phrase

UNSPACED = st.text(st.sampled_from("新能源汽车出口大幅增長電気自動車の輸出が増加"), min_size=2)
THAI = st.text(st.sampled_from("การส่งออกรถยนต์ไฟฟ้าเพิ่มขึ้น"), min_size=2)


def finds(text, words):
    return contains([index_tokens(text)], query_phrase(words))


@given(UNSPACED | THAI, st.data())
def test_a_text_without_spaces_is_found_by_any_part_of_it(text, data):
    normal = unicodedata.normalize("NFKC", text)
    start = data.draw(st.integers(0, max(0, len(normal) - 2)))
    for length in (1, 2, data.draw(st.integers(2, 8))):
        part = normal[start : start + length]
        # A part that begins with a mark is another character elsewhere.
        if not unicodedata.combining(part[0]):
            assert finds(text, part)
            assert finds(f"in 2026 {text}, and more", part)


@given(st.text(max_size=80))
def test_any_text_is_found_by_itself_if_it_has_tokens(text):
    tokens = index_tokens(text)
    assert finds(text, text) is bool(tokens)
    assert finds(f"before. {text} .after", text) is bool(tokens)
    assert all(token and not token.isspace() and " " not in token for token in tokens)


@given(st.lists(st.text(max_size=20), max_size=5))
def test_tokens_of_indexed_texts_never_need_quoting(texts):
    for token in index_tokens(" ".join(texts)):
        assert not set('"* ()^:-+{}') & set(token)
        assert len(token) <= 64


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("New energy vehicles", "ENERGY"),
        ("New energy vehicles", "energy vehicles"),
        ("Straße nach Köln", "strasse"),
        ("Straße nach Köln", "koln"),
        ("Une épreuve d'été", "ete"),
        ("Ёлка в лесу", "елка"),
        ("Новый май", "МАЙ"),
        ("السَّيَّارَاتُ الكَهْرَبَائِيَّةُ", "السيارات"),
        ("ٱلْإِنْتَاج أحمد", "احمد"),
        ("新能源汽车", "能源"),
        ("新能源汽车", "车"),
        ("新能源汽车", "新"),
        ("AI技术发展", "AI技术"),
        ("学习AI技术", "习AI"),
        ("学习AI技术", "学习ai技术"),
        ("カタカナ", "ｶﾀｶﾅ"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),  # noqa: RUF001
        ("한국은 지금", "한국"),
        ("รถยนต์ไฟฟ้า", "ไฟฟ้า"),
        ("हिन्दी भाषा", "हिन्दी"),
        ("soft\u00adhyphen", "softhyphen"),
        ("don't stop", "don't"),
        ("C3PO 2026", "2026"),
    ],
)
def test_words_are_found(text, words):
    assert finds(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("New energy vehicles", "vehicles energy"),
        ("New energy vehicles", "ener"),
        ("新能源汽车", "新源"),
        ("新能源汽车", "源能"),
        ("май", "маи"),
        ("хлеб", "хле"),
        ("any", "!!! ..."),
        ("", "any"),
        ("हिन्दी", "हिन्दू"),
    ],
)
def test_other_words_are_not_found(text, words):
    assert not finds(text, words)


def test_a_phrase_does_not_reach_into_the_next_passage():
    passages = [index_tokens("green mill"), index_tokens("stone bridge")]
    assert contains(passages, query_phrase("stone bridge"))
    assert not contains(passages, query_phrase("mill stone"))


@given(st.lists(st.text(max_size=20), max_size=4))
def test_passages_read_at_once_have_the_tokens_of_each(texts):
    expected = ["|"] if texts else []
    for each in texts:
        expected += [*index_tokens(each), "|"]
    assert passage_tokens(texts, "|").split() == expected


plain_texts = st.lists(
    st.sampled_from(
        [
            chr(code)
            for low, high in search_tokens._PLAIN_RANGES
            for code in range(ord(low), ord(high) + 1)
        ]
    ),
    max_size=40,
).map("".join)


@given(plain_texts)
def test_the_quick_normal_form_is_the_one_of_any_text(text):
    assert search_tokens._normal(text) == search_tokens._normal_of_any(text)


def test_each_plain_character_has_its_normal_form():
    for low, high in search_tokens._PLAIN_RANGES:
        for code in range(ord(low), ord(high) + 1):
            for text in (chr(code), f"a{chr(code)}e"):
                assert search_tokens._normal(text) == search_tokens._normal_of_any(text), hex(code)
