# ruff: noqa: RUF001  letters of other scripts
"""Tokens in plain letters: the same for copies without accents or with divided words."""

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.normalise import FoldedText, fold
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.plain_letters import join_divided, plain_letters, plain_text

MAKER = Fingerprinter(DedupParameters())

ACCENTED = {
    "fr": "L'été dernier, la mère de Zoé a déménagé à côté du château où naquit son aïeul.",
    "es": "El niño pidió otra canción más y la lección de música terminó después de las seis.",
    "pt": "A irmã não pôde vir à reunião, e a decisão sobre o pão ficou para amanhã.",
    "pl": "Żółta łódź płynęła ciągle wśród mgły, aż znalazła przystań za następną wyspą.",
    "cs": "Příští týden přijede dědeček a přiveze hříbky, švestky a čerstvý džem.",
    "ro": "Țăranii își vând brânza în piața orașului în fiecare sâmbătă dimineața.",
    "hu": "Az őszi erdőben tíz kisfiú gyűjtött gombát, és később megsütötték a tűznél.",
    "vi": "Trời mưa suốt đêm nên sáng nay đường làng ngập nước và trẻ em phải nghỉ học.",
    "el": "Ο παππούς πήγε χθες στην αγορά και αγόρασε φρέσκα ψάρια για όλη την οικογένεια.",
    "tr": "Küçük çocuk gölün kıyısında oturup şarkı söyleyen yaşlı balıkçıyı dinledi.",
    "uk": "Її брат щойно приїхав з Києва й привіз гарний їжачий малюнок.",
}


def tokens(text: str) -> list[int]:
    return MAKER.tokenize([text])[0].tokens.tolist()


def digest(text: str) -> bytes:
    return MAKER.tokenize([text])[0].digest


def without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("ł", "l"))
    return "".join(each for each in apart if not unicodedata.combining(each))


@pytest.mark.parametrize("language", ACCENTED)
def test_a_copy_without_accents_has_the_same_tokens_and_is_no_equal_text(language: str) -> None:
    text = ACCENTED[language]
    assert tokens(without_accents(text)) == tokens(text)
    assert digest(without_accents(text)) != digest(text)


@pytest.mark.parametrize("language", ["el", "fr", "tr", "vi"])
def test_a_copy_in_capitals_without_accents_has_the_same_tokens(language: str) -> None:
    text = ACCENTED[language]
    assert tokens(without_accents(text.upper())) == tokens(text)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Bürger hörten spät die Grüße am Fluß", "Buerger hoerten spaet die Gruesse am Fluss"),
        ("Øl og brød på æbleskiver", "Oel og broed på aebleskiver"),
        ("L'œuvre de sa sœur lui tient à cœur", "L'oeuvre de sa soeur lui tient à coeur"),
        ("Blåbärssaft från Östersund", "Blabaerssaft fran Oestersund"),
        ("أحمد إلى آخر المدينة", "احمد الى اخر المدينه"),
        ("خانهٔ ما", "خانه ما"),
        ("Ọ̀rẹ́ mi ń bọ̀", "Ore mi n bo"),
    ],
)  # fmt: skip
def test_letters_typed_for_one_another_give_the_same_tokens(text: str, typed: str) -> None:
    assert tokens(typed) == tokens(text)


@pytest.mark.parametrize(
    ("one", "other"), [("pêche", "péché"), ("schon", "schön"), ("ma", "mà"), ("cote", "côté")]
)
def test_short_texts_that_differ_in_an_accent_are_no_copies(one: str, other: str) -> None:
    assert digest(one) != digest(other)


@pytest.mark.parametrize("sign", ["-\n", "-\r\n", "\u2010\n", "-\n  ", "-\n> ", "- "])
@pytest.mark.parametrize("language", ["fr", "cs", "el", "tr", "uk"])
def test_a_copy_with_divided_words_has_the_same_tokens(sign: str, language: str) -> None:
    text = ACCENTED[language]
    divided = re.sub(r"([^\W\d_]{3})([^\W\d_]{3,})", rf"\1{sign}\2", text)
    assert divided != text
    assert tokens(divided) == tokens(text)


def said(text: FoldedText) -> str:
    return "".join(map(chr, text.codes.tolist()))


@pytest.mark.parametrize(
    "text", ["a well-known word", "1914-\n1918", "end -\nof line", "-\nitem", "x-"]
)
def test_hyphens_that_divide_no_word_stay(text: str) -> None:
    assert said(join_divided(fold(text))) == text


def test_a_line_ends_behind_its_divided_word() -> None:
    joined = join_divided(fold("the labora-\ntory, which\nis new- ish"))
    assert said(joined) == "the laboratory,\nwhich\nis newish"


@given(
    st.lists(
        st.sampled_from(
            ["a", "É", "ß", "ue", "ю", "中", "-", "\u2013", "\u00ad", "\u200b", ">", "1"]
        )
        | st.sampled_from([" ", "\n", "\r\n", "\u2028", "\t"]),
        max_size=20,
    ),
    st.sampled_from([" ", "\n", "\n\n", "\t", "\u00a0"]),
)
def test_texts_with_one_digest_have_the_same_tokens(parts: list[str], space: str) -> None:
    """The index finds an equal text by the keys of its tokens."""
    text = "".join(parts)
    other = "".join(space if each.isspace() else each for each in parts)
    for each in (other, other.upper()):
        if digest(each) == digest(text):
            assert tokens(each) == tokens(text)


@given(st.text(st.sampled_from("aeouAEOUxy \n.é\u0301ä")))
def test_narrow_and_wide_texts_lose_the_same_letters(text: str) -> None:
    codes, kinds, _ = fold(text)
    narrow = plain_letters(FoldedText(codes, kinds))
    wide = plain_letters(FoldedText(codes.astype(np.uint32), kinds))
    assert narrow.codes.tolist() == wide.codes.tolist()
    assert narrow.kinds.tolist() == wide.kinds.tolist()


@given(st.text())
def test_any_text_gives_a_kind_for_each_code(text: str) -> None:
    plain = plain_text(fold(text))
    assert len(plain.codes) == len(plain.kinds) <= len(fold(text).codes)
