import pytest
from hypothesis import given

from core_texts import PARAGRAPHS, texts
from fanmill.core.document import Document
from fanmill.core.language.detection import detect_languages
from fanmill.core.language.scripts import script_of
from fanmill.core.language.shares import LanguageViews
from fanmill.core.tagging.document_view import DocumentView

SCRIPTS = {
    **dict.fromkeys(("en", "de", "fr", "es"), "Latn"),
    "ar": "Arab",
    "hi": "Deva",
    "zh": "Hans",
    "ja": "Jpan",
    "th": "Thai",
    "ru": "Cyrl",
}
HEADER = "Home News Sport Weather About us Contact Subscribe to our newsletter today. "


def views(text: str, declared: str | None = None) -> LanguageViews:
    return DocumentView(Document("d", text, language=declared)).languages


@pytest.mark.parametrize("language", sorted(SCRIPTS))
def test_a_paragraph_has_the_script_of_its_language(language: str) -> None:
    assert script_of(PARAGRAPHS[language]) == SCRIPTS[language]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("這個國家的學習經驗", "Hant"),
        ("山水", "Hani"),
        ("서울은 크다", "Kore"),
        ("12", None),
        ("", None),
    ],
)
def test_chinese_and_korean_writing_is_told_apart(text: str, script: str | None) -> None:
    assert script_of(text) == script


def test_a_text_of_two_languages_has_shares_and_where_they_stand() -> None:
    english, russian = PARAGRAPHS["en"] * 6, PARAGRAPHS["ru"] * 6
    text = f"{english}\n\n{russian}"
    first, second = views(text).shares
    assert {first.language, second.language} == {"en", "ru"}
    assert first.share + second.share == pytest.approx(1.0, abs=0.001)
    assert 0.3 < second.share < 0.5
    russian_spans = first.spans if first.language == "ru" else second.spans
    assert russian_spans[-1].end == len(text)
    assert abs(russian_spans[0].start - len(english)) < 500


@pytest.mark.parametrize("language", sorted(PARAGRAPHS))
def test_a_text_of_one_language_has_one_share(language: str) -> None:
    (share,) = views(PARAGRAPHS[language] * 10).shares
    assert (share.language, share.share) == (language, 1.0)


@pytest.mark.parametrize("language", ["de", "fr", "zh", "ja", "ar", "ru", "th", "hi"])
@pytest.mark.parametrize("length", [200, 600, 1200])
def test_a_header_in_english_is_outvoted_by_the_body(language: str, length: int) -> None:
    header = (HEADER * 20)[:length]
    body = PARAGRAPHS[language]
    body *= 1 + (2 * length) // len(body)
    assert detect_languages(f"{header}\n\n{body}").main.code == language


@pytest.mark.parametrize(
    ("declared", "agrees"), [("en", True), ("en-GB", True), ("de", False), ("und", None)]
)
def test_a_declared_language_is_borne_out_or_not(declared: str, agrees: bool | None) -> None:
    found = views(PARAGRAPHS["en"], declared).declared
    assert found is not None
    assert (found.language, found.agrees) == (declared, agrees)


def test_a_declared_language_decides_between_two_that_are_close() -> None:
    assert detect_languages("Det er en god bog", "no").main.code == "no"
    assert detect_languages("Det er en god bog", "da").main.code == "da"
    assert detect_languages(PARAGRAPHS["en"] * 3, "zh").main.code == "en"


def test_indonesian_and_malay_are_told_apart() -> None:
    indonesian = "Pemerintah kota mengatakan bahwa mobil itu bisa dibeli karena harganya murah."
    malay = "Kerajaan berkata bahawa kereta itu boleh dibeli kerana harganya murah sahaja."
    assert (detect_languages(indonesian).main.code, detect_languages(malay).main.code) == (
        "id",
        "ms",
    )


@given(texts)
def test_shares_add_up_to_one_and_begin_with_the_largest(text: str) -> None:
    shares = views(text).shares
    sizes = [share.share for share in shares]
    assert sizes == sorted(sizes, reverse=True)
    assert not sizes or sum(sizes) == pytest.approx(1.0, abs=0.001)
    for share in shares:
        assert all(0 <= span.start < span.end <= len(text) for span in share.spans)
