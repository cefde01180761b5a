# ruff: noqa: RUF001 (characters that look like others are what is tested)
"""Normalising, cutting, signing and comparing texts."""

from __future__ import annotations

import itertools
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup_texts import edited, text
from fanmill.core.dedup.boilerplate import lines_of
from fanmill.core.dedup.codepoints import COMBINES, EXPANDS, bmp_tables, folded, wide_tables
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.normalise import fold, normalise, text_digest
from fanmill.core.dedup.parameters import DedupParameters, InvalidDedupParameters
from fanmill.core.dedup.shingle import shingle_hashes, tokenise

PLAIN = DedupParameters(boilerplate=False)
SCRIPTS = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(
            "aB é\u0301\u200b\u00ad\n\r\t ，。中文カﾞ한글ไทยﬁß½ⅧǅΣς①Ａ"
            "\u1100\u1161\U0001d400\U0002f800"
        ),
    ),
    max_size=60,
)


def tokens_of(value: str) -> list[int]:
    return tokenise([fold(value)], with_lines=False).hashes.tolist()


@given(SCRIPTS)
@settings(max_examples=400, deadline=None)
def test_normalising_twice_is_normalising_once(value):
    once = normalise(value)
    assert normalise(once) == once


@given(SCRIPTS)
@settings(max_examples=400, deadline=None)
def test_composed_and_decomposed_texts_are_equal(value):
    assert normalise(unicodedata.normalize("NFD", value)) == normalise(
        unicodedata.normalize("NFC", value)
    )


@given(SCRIPTS)
@settings(max_examples=200, deadline=None)
def test_the_digest_is_of_the_normalised_text(value):
    assert text_digest(fold(value)) == text_digest(fold(normalise(value)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello World", "  hello\tWORLD\n"),
        ("“It’s” – co\u00adopera\u200btion…", '"it\'s" - cooperation...'),
        ("Ａｂｃ１２３", "abc123"),
        ("straße ﬁne", "STRASSE FINE"),
        ("中文 文本\n测试", "中文文本测试"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("한국", unicodedata.normalize("NFD", "한국")),
        ("\u1e9b\u0323", "\u1e69"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("a\ufe0fb\u2060c\ufeff", "abc"),
        ("", "\u200b \n"),
    ],
)
def test_what_does_not_hide_a_copy(one, other):
    assert normalise(one) == normalise(other)
    assert tokens_of(one) == tokens_of(other)


def test_the_tables_say_of_each_character_what_unicodedata_says():
    for code in itertools.chain(range(0, 0x3000, 3), range(0x3000, 0x20000, 11)):
        tables = bmp_tables() if code < 0x10000 else wide_tables()
        ((fold,), (kind,)) = tables.look_up(np.array([code], dtype=np.uint32))
        if 0xD800 <= code < 0xE000 or kind >= min(EXPANDS, COMBINES):
            continue
        if kind <= 2:
            assert chr(fold) == folded(chr(code)), hex(code)


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("", 0),
        ("...!", 0),
        ("one two, three", 3),
        ("don't", 2),
        ("中文字", 3),
        ("ひらカナ漢", 5),
        ("ไทย", 3),
        ("ລາວ", 3),
        ("ខ្មែរ", 5),
        ("မြန်", 4),
        ("한국어 텍스트", 2),
        ("Привет мир", 2),
        ("GPT-4 在 2024 年", 5),
        ("iPhone手机is好", 5),
        ("𠀀𠀁", 2),
        ("हिन्दी पाठ", 2),
    ],
)
def test_words_are_tokens_and_so_are_characters_of_scripts_without_spaces(value, count):
    assert len(tokens_of(value)) == count


def test_tokens_are_the_same_alone_and_in_any_batch():
    values = [text(i, 30) for i in range(5)] + ["", "中文测试文本" * 9, "x", "a\U0001d400b c d"]
    maker = Fingerprinter(PLAIN)
    alone = [maker.fingerprint(value) for value in values]
    assert maker.fingerprints(maker.tokenize(values)) == alone
    back = maker.fingerprints(maker.tokenize(values[::-1]))
    assert back[::-1] == alone


def test_a_word_hashes_alike_wherever_it_stands_in_a_long_text():
    filler = "abc " * 50_000
    hashes = tokens_of("needle " + filler + "needle " + filler + "needle")
    assert hashes[0] == hashes[50_001] == hashes[-1]
    assert len(set(hashes)) == 2


def test_a_word_longer_than_the_window_is_one_token():
    assert len(tokens_of("x" * 200_000 + " y")) <= 5


@given(st.lists(st.integers(0, 12), max_size=6), st.integers(1, 6))
def test_shingles_stay_inside_their_text(counts, size):
    tokens = np.arange(sum(counts), dtype=np.uint64)
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    found, edges = shingle_hashes(tokens, offsets, size)
    wanted = [max(0, count - size + 1) for count in counts]
    assert np.diff(edges).tolist() == wanted
    assert len(found) == len(set(found.tolist())) == sum(wanted)


def test_no_two_of_many_shingles_share_a_hash():
    tokens = tokenise([fold(" ".join(str(i) for i in range(200_000)))], with_lines=False)
    found, _ = shingle_hashes(tokens.hashes, tokens.offsets, 5)
    assert len(np.unique(found)) == 199_996


def test_lines_are_known_whatever_their_case_and_white_space():
    draft = tokenise(
        [fold("Home | News\nBody text here.\nhome  NEWS  \n\n"), fold("HOME news")],
        with_lines=True,
    )
    first, second = lines_of(draft)
    assert len(first.hashes) == 3
    assert first.hashes[0] == first.hashes[2] == second.hashes[0] != first.hashes[1]
    assert first.labels.tolist() == [True, False, True]


def _labels(value: str) -> list[bool]:
    (lines,) = lines_of(tokenise([fold(value)], with_lines=True))
    return lines.labels.tolist()


def test_short_lines_among_paragraphs_are_labels_and_lines_broken_at_a_width_are_not():
    paragraph = " ".join(text(1, 40).split()) + "."
    footer = "All the other stories of this week in one place"
    assert _labels(f"{paragraph}\n{footer}\n{paragraph}\nHe left.") == [False, True, False, False]
    broken = text(2, 60)  # lines of 12 words, none of which ends a sentence
    assert not any(_labels(broken))
    chinese = "水" * 60 + "。"
    assert _labels("\n".join((chinese, "山" * 20, chinese))) == [False, True, False]


def test_at_least_thirty_percent_of_a_text_is_kept_whatever_was_seen():
    maker = Fingerprinter(DedupParameters())
    body = text(1, 300)
    tokenized = maker.tokenize([body])
    (made,) = maker.fingerprints(tokenized, [[3] * len(tokenized[0].lines.hashes)])
    assert made.full.size == made.size
    assert 0.25 * made.full.size < made.content.size < 0.45 * made.full.size


def test_edits_lower_the_estimate_as_they_lower_the_similarity():
    maker = Fingerprinter(PLAIN)
    base = text(1, 600)
    found = [
        maker.fingerprint(base)
        .content.similarity_to(maker.fingerprint(edited(base, 1, edits)).content)
        .jaccard
        for edits in (0, 5, 20, 60)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] == 1


@pytest.mark.parametrize(
    "wrong",
    [{"bands": 0}, {"wide_bands": 9}, {"jaccard_threshold": 1.5}, {"generations": 0}],
)
def test_parameters_out_of_range_are_refused_by_name(wrong):
    with pytest.raises(InvalidDedupParameters, match=next(iter(wrong))):
        DedupParameters(**wrong)


def test_the_digest_names_the_parameters_that_change_verdicts_and_no_others():
    base = DedupParameters().digest
    assert base == DedupParameters().digest
    assert DedupParameters(horizon_days=1, generations=2, max_documents=9).digest == base
    others = {
        DedupParameters(**change).digest
        for change in ({"rows": 3}, {"seed": 1}, {"jaccard_threshold": 0.8}, {"containment": False})
    }
    assert len(others) == 4
    assert base not in others
