# ruff: noqa: RUF001  letters of other scripts
"""Normalised texts: a fixed point, the same for all equivalent forms, the same as read plainly."""

import unicodedata
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from fanmill.core.dedup.codepoints import (
    CHARACTER,
    COMBINES,
    DROPPED,
    LETTERS,
    NEWLINE,
    QUOTES,
    SPACE,
    WIDE_SIZE,
    Tables,
    _kind,
    bmp_tables,
    plain_form,
    wide_tables,
)
from fanmill.core.dedup.normalise import fold, normalise, text_digest, wide_kinds

FORMS = ("NFC", "NFD", "NFKC", "NFKD")


@cache
def restless() -> tuple[str, ...]:
    """Return the characters that folding changes, that combine, or that are dropped."""

    def chosen() -> Iterator[str]:
        for code in (*range(0x3400), *range(0xA000, 0xAC00, 1), *range(0xD800, 0x20000, 1)):
            each = chr(code)
            if 0xE000 <= code < 0xF900 or 0xD800 < code < 0xDFFF:
                continue
            if (
                unicodedata.category(each) in {"Cf", "Cc", "Cs", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"}
                or each in QUOTES
                or each in LETTERS
                or each.casefold() != each
                or any(unicodedata.normalize(form, each) != each for form in FORMS)
            ):
                yield each

    return (*chosen(), "\U0002f800", "\U0002fa1d", "\U000e0001", "\U000e0100")


TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.deferred(lambda: st.sampled_from(restless())),
        st.sampled_from("aB \n\t\u0301\u3099\u309aかは中ก\u1100\u1161\u11a8'\u200b\u00b4\u2032"),
    ),
    max_size=30,
)


def kind_of(each: str) -> int:
    """Return the kind of a character; the planes of ideographs are known by their ranges."""
    code = ord(each)
    return _kind(each) if code < WIDE_SIZE else int(wide_kinds(np.array([code]))[0] & 15)


def plainly(text: str) -> str:
    """Normalise by the definition, a character at a time."""
    while True:
        before = text
        text = "".join(each for each in text if kind_of(each) != DROPPED)
        once = unicodedata.normalize("NFKC", text).casefold()
        text = unicodedata.normalize("NFKC", once)
        text = "".join(each for each in text if kind_of(each) != DROPPED).replace(" \u0301", "'")
        text = "".join(plain_form(each) for each in text if kind_of(each) != DROPPED)
        text = "".join(" " if kind_of(each) in (SPACE, NEWLINE) else each for each in text)
        words = text.split(" ")
        text = ""
        for word in filter(None, words):
            beside = text and CHARACTER in (kind_of(text[-1]), kind_of(word[0]))
            text += word if beside or not text else f" {word}"
        if text == before:
            return text


@given(TEXTS)
@hypothesis_settings(max_examples=1000)
@example("か\u309b")
@example("は\u309c")
@example("か \u3099")
@example("ﾊ \uff9f")
@example("x\t\u0301")
@example("\ud800\udc00")
@example("\u1ffd\u0323")
@example("\u2033")
@example("\u1100 \u1161")
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert text_digest(fold(once)) == text_digest(fold(text))


@pytest.mark.parametrize("tables", [bmp_tables(), wide_tables()])
def test_no_character_combines_only_when_it_is_folded(tables: Tables) -> None:
    """Therefore a text without combining characters is folded once."""
    size = len(tables._kind)
    codes = np.arange(size, dtype=np.uint16 if size == 1 << 16 else np.uint32)
    folded_to, kinds = tables.look_up(codes)
    _, again = tables.look_up(folded_to[kinds & COMBINES == 0])
    assert not (again & COMBINES).any()


@given(TEXTS, st.sampled_from(FORMS))
@hypothesis_settings(max_examples=1000)
@example("\u1ffd", "NFC")
@example("a\u00b4b", "NFKD")
@example("5\u2033", "NFKC")
@example("か\u309b", "NFKC")
@example("\u00b4\u0323", "NFKC")
def test_equivalent_forms_of_a_text_are_exact_copies(text: str, form: str) -> None:
    other = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    assert normalise(other) == normalise(text)
    assert text_digest(fold(other)) == text_digest(fold(text))


@given(TEXTS)
@hypothesis_settings(max_examples=1000)
def test_arrays_give_what_a_character_at_a_time_gives(text: str) -> None:
    assert normalise(text) == plainly(text)


@pytest.mark.parametrize("around", ["{}", "か{}", "a{}", "{}\u0301"])
def test_every_character_has_one_normal_form(around: str) -> None:
    wrong = []
    for each in restless():
        text = around.format(each)
        once = normalise(text)
        # Many forms are the same text.
        others = {once, *(unicodedata.normalize(form, text) for form in FORMS)} - {text}
        if any(normalise(other) != once for other in others):
            wrong.append(hex(ord(each)))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("don\u00b4t", "don't"),
        ("か\u309b", "が"),
        ("は\u309c", "ぱ"),
        ("5\u2033", "5''"),
        ("كتابي كبير", "کتابی کبیر"),  # Persian with Arabic letters
        ("پۀ", "پۀ"),
        ("الكِتَابُ الجَدِيدُ", "الكتاب الجديد"),
        ("الكـــتاب", "الكتاب"),
        ("رَحْمٰن", "رحمن"),
        ("ہے یہ اچھا ہے", "هے يه اچھا هے"),  # Urdu with Arabic letters
        ("\ufed3\ufef2", "في"),  # presentation forms
        ("שָׁלוֹם", "שלום"),
        ("\ufb2a\ufb4b", "שו"),
        ("צה״ל בן־גוריון", 'צה"ל בן-גוריון'),
        ("۱۴۰۳", "1403"),
        ("١٤٤٥", "1445"),
        ("२०२४", "2024"),
        ("๒๕๖๗", "2567"),
        ("ещё", "еще"),
        ("IŞIK İLE ISI", "ışık ile ısı"),  # Turkish in capitals
        ("I\u0307zmir", "izmir"),
        ("ＡＢＣ １２３", "abc 123"),
    ],
)
def test_forms_that_are_equal(text: str, other: str) -> None:
    assert normalise(text) == normalise(other)


@pytest.mark.parametrize("end", [".", "...", " .", "。", "।", "۔", "։"])
@pytest.mark.parametrize("text", ["See you at nine", "九点见", "कल मिलते हैं"])
def test_full_stops_at_the_end_are_not_part_of_the_digest(text: str, end: str) -> None:
    assert text_digest(fold(text + end)) == text_digest(fold(text))


@pytest.mark.parametrize(
    ("text", "other"), [("Yes", "Yes?"), ("Yes", "Yes!"), ("", "."), ("3.5", "35"), ("C++", "C")]
)
def test_other_marks_are_part_of_the_digest(text: str, other: str) -> None:
    assert text_digest(fold(text)) != text_digest(fold(other))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("أكل", "اكل"),  # hamza
        ("ئ", "ی"),
        ("й", "и"),
        ("ї", "і"),
        ("é", "e"),
        ("が", "か"),
        ("هە", "هه"),
        ("हिन्दी", "हन्दी"),
    ],
)
def test_letters_that_differ_stay_apart(text: str, other: str) -> None:
    assert normalise(text) != normalise(other)


def test_two_lone_surrogates_are_no_character() -> None:
    assert normalise("\ud800\udc00") == "\ud800\udc00"
    assert normalise("\ud800\udc00") != normalise("\U00010000")
