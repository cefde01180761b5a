# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fanmill.core.fingerprint import digest, normalise

from .texts import FOUR_MEBIBYTES, texts


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("ﬁne", "fine"),
        ("ＡＢＣ１２", "abc12"),
        ("“quoted” — it’s", '"quoted" - it\'s'),
        ("co\u00adoperate", "cooperate"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("a\r\n\t b\u00a0\u3000c ", "a b c"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("❤\ufe0f", "❤"),
        ("ｶﾞ", "ガ"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_what_readers_take_for_the_same_has_one_digest(left: str, right: str) -> None:
    assert normalise(left) == normalise(right)
    assert digest(left) == digest(right)


@pytest.mark.parametrize(
    ("left", "right"), [("a b", "ab"), ("1.5", "15"), ("résumé", "resume"), ("中国", "中國")]
)
def test_different_texts_stay_different(left: str, right: str) -> None:
    assert digest(left) != digest(right)


@given(st.one_of(texts, st.text(st.characters(categories=["L", "M", "S", "P", "Cf"]))))
@example("\u1fef")
@example("\U0001d599\u338a")
@example("\u2057''\u00b4\u00a8\u0345\u03b1")
@example("\u1100\u200b\u1161\u00ad\u11a8")
@example("\u0130\u0307\u01f0\u1e9e")
def test_normalising_again_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_every_single_code_point_is_normalised_for_good() -> None:
    for start in range(0, 0x30000, 0x800):
        text = " ".join(map(chr, range(start, start + 0x800)))
        once = normalise(text)
        assert normalise(once) == once
        assert unicodedata.is_normalized("NFKC", once)


@pytest.mark.parametrize("text", ["", " \n\u3000", "\u200b\x00\u00ad"])
def test_a_text_without_visible_characters_is_the_empty_text(text: str) -> None:
    assert normalise(text) == ""
    assert digest(text) == digest("")


@given(texts)
def test_a_digest_has_32_hexadecimal_digits(text: str) -> None:
    assert len(bytes.fromhex(digest(text))) == 16


@pytest.mark.parametrize("unit", ["a", "É", "中", "\u0301", "\u200b", "“", "\U0001f600"])
def test_four_mebibytes_of_one_character_have_a_digest(unit: str) -> None:
    assert len(digest(unit * (FOUR_MEBIBYTES // len(unit.encode())))) == 32
