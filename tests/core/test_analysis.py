from itertools import pairwise

import pytest
from hypothesis import given

from core_texts import MEBIBYTE, analysed, texts
from fanmill.core.analysis import Analysis
from fanmill.core.document import Document


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It wasn't 3.5 well-known.", ["It", "wasn't", "3.5", "well", "known"]),
        ("Straßenbahn-Haltestelle", ["Straßenbahn", "Haltestelle"]),
        ("أعرف السبب جيدا", ["أعرف", "السبب", "جيدا"]),
        ("भारत एक देश है।", ["भारत", "एक", "देश", "है"]),
        ("中国政府保护环境。", ["中国", "政府", "保护", "环境"]),
        ("東京は首都です。", ["東京", "は", "首都", "です"]),
        ("ภาษาไทย", ["ภาษา", "ไทย"]),
        ("Привет, мир!", ["Привет", "мир"]),
        ("😀 ok 👍🏽", ["ok"]),
        ("--- *** ...", []),
    ],
)
def test_words_are_what_readers_of_the_language_call_words(text: str, words: list[str]) -> None:
    assert analysed(text).words == words


@given(texts)
def test_spans_are_ordered_and_within_the_text(text: str) -> None:
    analysis = analysed(text)
    for spans in (analysis.word_spans, analysis.sentences, analysis.layout.non_prose):
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(texts)
def test_word_spans_reproduce_the_words(text: str) -> None:
    analysis = analysed(text)
    assert [analysis.readable(*span) for span in analysis.word_spans] == analysis.words


@given(texts)
def test_the_next_stage_finds_the_same_tokens(text: str) -> None:
    document = Document("d", text)
    first, alone = Analysis(document), analysed(text)
    assert first.words == alone.words
    # The lengths of the tokens may be kept with the document by now.
    following = Analysis(document)
    assert following.tokens == alone.tokens
    assert following.words == alone.words
    assert following.token_bounds.tolist() == alone.token_bounds.tolist()


@given(texts)
def test_every_word_is_in_a_sentence(text: str) -> None:
    analysis = analysed(text)
    covered = sum(
        any(s <= start and end <= e for s, e in analysis.sentences)
        for start, end in analysis.word_spans
    )
    assert covered == len(analysis.words)


@given(texts)
def test_the_prose_has_the_length_of_the_text(text: str) -> None:
    assert len(analysed(text).layout.prose) == len(text)


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("one long line of words without an end ", True),
        ("a", True),
        (" ", False),
        ("\n", False),
        ("a\n", True),
        (". ", False),
        ("中", True),
        ("ก", True),
        ("\x00", False),
        ("J. ", True),
    ],
)
def test_a_mebibyte_of_anything_is_analysed(unit: str, *, words: bool) -> None:
    text = unit * (MEBIBYTE // len(unit.encode()))
    analysis = analysed(text)
    assert bool(analysis.sentences) is words
    assert bool(analysis.words) is words
