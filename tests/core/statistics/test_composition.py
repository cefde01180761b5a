# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core_samples import SAMPLES
from core_texts import analysed, texts
from fanmill.core.statistics.composition import composition
from fanmill.core.statistics.mojibake import mojibake
from fanmill.core.text.characters import codes_of


def test_scripts_are_shares_of_letters() -> None:
    found = composition(analysed("abc где 中文 123 !"))
    assert found.scripts == {"Cyrl": 0.375, "Latn": 0.375, "Hani": 0.25}


def test_kinds_of_characters_are_shares_of_the_text() -> None:
    found = composition(analysed("ab 1\x00\ufffd\ud800\n\t."))
    assert (found.letters, found.digits, found.spaces) == (0.2, 0.1, 0.3)
    assert (found.control, found.replacement, found.unassigned) == (0.1, 0.1, 0.1)


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("café", 0),
        ("cafÃ©", 2),
        ("itâ€™s", 3),
        ("ä¸\xadæ–‡", 6),
        ("ðŸ˜€", 4),
        ("SÃO PAULO, Ãgua, façade, España", 0),
        ("Â£5", 2),
    ],
)
def test_mojibake_is_utf_8_read_as_latin_1(text: str, characters: int) -> None:
    assert mojibake(text, codes_of(text)) == characters


@pytest.mark.parametrize("language", sorted(SAMPLES))
def test_good_text_has_no_mojibake(language: str) -> None:
    assert mojibake(SAMPLES[language], codes_of(SAMPLES[language])) == 0


@pytest.mark.parametrize("language", ["de", "fr", "es", "tr", "pl"])
def test_misread_text_is_found(language: str) -> None:
    misread = SAMPLES[language].encode().decode("latin-1")
    foreign = sum(not character.isascii() for character in SAMPLES[language])
    assert mojibake(misread, codes_of(misread)) >= 1.9 * foreign


@pytest.mark.parametrize(
    "text", ["« É… »", "das Zeichen “Ç” und “Ñ”", "CAFÉ™ und CITÉ®", "Ö… oder Ä…"]
)
def test_single_capitals_and_names_before_signs_are_no_mojibake(text: str) -> None:
    assert mojibake(text, codes_of(text)) == 0


@pytest.mark.parametrize("text", ["voilÃ\u00a0 tout", "Ã„rger mit Ã–l", "AzÉ™rbaycan", "25 Â°C"])
def test_misread_letters_beside_spaces_and_signs_are_mojibake(text: str) -> None:
    assert mojibake(text, codes_of(text)) > 0


ALPHABETS = (
    "ßäöüÄÖÜ",
    "àâæçéèêëîïôùûüÿœÀÂÇÉÈÊÎÔ",
    "áéíñóúüÁÉÍÑÓÚ",
    "ãáâàçéêíõóôúÃÁÂÇÉÕ",
    "åæøÅÆØ",
    "åäöÅÄÖ",
    "áðéíóúýþæöÁÐÉÍÓÚÝÞÆÖ",
    "áčďéěíňóřšťúůýžŠŽÁÉÍÚÝ",
    "ąćęłńóśźżŁŚŻŹÓ",
    "áéíóöőúüűŐŰÁÉÓÖÜ",
    "ăâîșțĂÂÎ",
    "çğıöşüÇĞİÖŞÜ",
    "āčēģīķļņšūžĀĒĪŪŠŽ",
    "õäöüÕÄÖÜ",
    "čćđšžŠŽ",
    "áøæðíóúýÁØÆÍÓÚÝ",
)
"""Accented letters of a language each."""
CLOSINGS = ("“", "”", "’", "»", "\u00a0»", "›", "…", "\u00a0!", "–", "”.", "», ", "’s", "…»")


@given(
    st.sampled_from(ALPHABETS).flatmap(
        lambda letters: st.lists(
            st.tuples(
                st.sampled_from(["„", "“", "«\u00a0", "‘", "»"]),
                st.sampled_from(["wort", "", "e"]),
                st.sampled_from(letters),
                st.sampled_from(CLOSINGS),
            ),
            min_size=1,
            max_size=20,
        )
    )
)
@example([("„", "e", "Å", "’s"), ("„", "e", "Å", "’s")])
@example([("„", "", "Â", "\u00a0»")])
def test_letters_before_closing_quotation_marks_are_no_mojibake(
    words: list[tuple[str, str, str, str]],
) -> None:
    text = " ".join(
        f"{opening}{word if letter.islower() else word.upper()}{letter}{closing}"
        for opening, word, letter, closing in words
    )
    assert mojibake(text, codes_of(text)) == 0


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Größe, Übermut und Straße", "cp1252"),
        ("goût, déjà, crème", "cp1252"),
        ("coração e irmãs", "latin-1"),
        ("Rīga, Kārlis un Ēriks", "latin-1"),
        ("Łódź i źrebię", "latin-1"),
        ("Где же они были?", "cp1251"),
        ("„Wörter“ in Anführungszeichen", "latin-1"),
        ("北京的天气", "cp1252"),
    ],
)
def test_text_that_was_misread_still_has_mojibake(text: str, encoding: str) -> None:
    misread = text.encode().decode(encoding, "replace")
    assert mojibake(misread, codes_of(misread)) > 0


@given(texts)
def test_shares_of_scripts_add_up(text: str) -> None:
    found = composition(analysed(text))
    total = sum(found.scripts.values())
    assert total == pytest.approx(1.0 if any(map(str.isalpha, text)) else 0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "misread"),
    [
        ("Привет, мир".encode().decode("cp1251", "replace"), 18),
        ("Рёбра и Рёв. Рік, Січ.", 0),
        ("Россия и СССР", 0),
        ("锟斤拷锟斤拷", 6),
    ],
)
def test_misread_cyrillic_and_what_was_misread_twice_are_found(text: str, misread: int) -> None:
    assert mojibake(text, codes_of(text)) == misread
