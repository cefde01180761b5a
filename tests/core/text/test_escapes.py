"""Control characters of producers never reach a terminal."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.text.escapes import escape_controls, escape_json

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("plain ü 字 🙂", "plain ü 字 🙂"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\tb\nc\rd", r"a\tb\nc\rd"),
        ("\x9b2J", r"\x9b2J"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("a\u2028b", r"a\u2028b"),
        ("\ud800", r"\ud800"),
        (r"\[x\] [bold]", r"\[x\] [bold]"),
    ],
)
def test_controls_are_escaped_and_all_else_stays(text, shown):
    assert escape_controls(text) == shown


def test_line_breaks_stay_where_text_has_several_lines():
    assert escape_controls("a\nb\x07", keep_line_breaks=True) == "a\nb\\x07"


HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b\x9b\x00\x7f\u2028\ud800" + BIDI))
)


@given(HOSTILE, st.booleans())
def test_no_control_is_left_and_nothing_else_is_lost(text, keep):
    shown = escape_controls(text, keep_line_breaks=keep)
    left = shown.replace("\n", "") if keep else shown
    assert not any(
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in BIDI
        for character in left
    )
    shown.encode()
    assert escape_controls(shown, keep_line_breaks=keep) == shown
    if not any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in BIDI for c in text):
        assert shown == text


@given(st.recursive(HOSTILE, lambda inner: st.lists(inner) | st.dictionaries(HOSTILE, inner)))
def test_json_keeps_its_exact_values_and_has_no_control(value):
    shown = escape_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(shown) == value
    assert escape_controls(shown) == shown
