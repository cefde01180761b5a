"""Shared spans: offsets that hold in both texts, each sentence once, the same from both sides."""

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core_texts import PARAGRAPHS, texts
from fanmill.core.dedup.spans import SharedSpans, _keys, shared_spans
from fanmill.core.document import Document
from fanmill.core.shared_text import shared_sentences

SENTENCES = st.sampled_from(
    ["The ferry leaves at eight.", "Bring a coat!", "Was it late?", "一只猫。", "Ja.", "— — —"]
)
EDITED = st.lists(SENTENCES, max_size=12).map(" ".join)


def shared(text: str, other: str, *, maximum: int = 1_000) -> SharedSpans:
    return shared_sentences(Document("a", text), Document("b", other), maximum=maximum)


def slices(found: SharedSpans, text: str, other: str) -> list[tuple[str, str]]:
    return [
        (text[each.start : each.end], other[each.other_start : each.other_end])
        for each in found.spans
    ]


@given(st.one_of(texts, EDITED), st.one_of(texts, EDITED))
@example("x" + PARAGRAPHS["th"], PARAGRAPHS["th"])
def test_spans_lie_in_both_texts_in_order_without_overlap_and_with_the_same_tokens(text, other):
    found = shared(text, other)
    for low, high, length in (
        ("start", "end", len(text)),
        ("other_start", "other_end", len(other)),
    ):
        bounds = sorted((getattr(each, low), getattr(each, high)) for each in found.spans)
        flat = [place for span in bounds for place in span]
        assert flat == sorted(flat)
        assert all(0 <= start < end <= length for start, end in bounds)
    assert [each.start for each in found.spans] == sorted(each.start for each in found.spans)
    for one, two in slices(found, text, other):
        assert _keys([one]) == _keys([two])
    assert sum(each.sentences for each in found.spans) == found.shared_sentences
    assert found.shared_sentences <= max(1, min(found.sentences, found.other_sentences))


@given(st.one_of(texts, EDITED), st.one_of(texts, EDITED))
def test_exchanging_the_texts_exchanges_the_result(text, other):
    assert shared(text, other) == shared(other, text).swapped()


@given(texts.filter(bool))
def test_a_text_shares_one_span_of_all_with_itself(text):
    (span,) = shared(text, text).spans
    assert (span.start, span.end) == (span.other_start, span.other_end) == (0, len(text))


@given(st.lists(SENTENCES, max_size=15), st.lists(SENTENCES, max_size=15))
@example(["一只猫。"], ["一只猫。", "— — —", "一只猫。"])
def test_every_sentence_is_matched_as_often_as_both_texts_have_it(one, two):
    text, other = "\n".join(one), "\n".join(two)
    if text == other:
        return
    words = [Counter(each for each in lines if each != "— — —") for lines in (one, two)]
    found = shared(text, other)
    assert found.shared_sentences == (words[0] & words[1]).total()
    assert (found.sentences, found.other_sentences) == (words[0].total(), words[1].total())


def test_empty_texts_share_nothing():
    assert shared("", "") == SharedSpans((), 0, 0, 0)
    assert shared("", "The ferry leaves.").spans == ()
    assert shared("\u2014", "!").spans == ()


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_a_paragraph_is_found_in_another_text_of_its_language(language):
    paragraph = PARAGRAPHS[language]
    other = f"{paragraph}\n\n{PARAGRAPHS['en' if language != 'en' else 'de']}"
    text = f"{PARAGRAPHS['ru' if language != 'ru' else 'ja']}\n\n{paragraph}"
    found = slices(shared(text, other), text, other)
    assert (paragraph, paragraph) in found


def test_case_white_space_and_punctuation_do_not_matter():
    text = "First of all. The ferry leaves\nat eight, on  Monday. Bring \u201ea\u201c coat!"
    other = "The FERRY leaves at eight on Monday! Bring 'a' coat? Nothing else."
    (span,) = shared(text, other).spans
    assert text[span.start : span.end].startswith("The ferry")
    assert text[span.start : span.end].endswith("coat!")
    assert other[span.other_start : span.other_end].endswith("coat?")
    assert span.sentences == 2


def test_repeated_sentences_continue_runs_before_they_match_alone():
    text = "Stop here. The road ends. Stop here. Turn left now."
    other = "Stop here. Turn left now."
    (span,) = shared(text, other).spans
    assert (text[span.start : span.end], span.sentences) == (other, 2)


def test_a_moved_passage_is_found():
    text = "The ferry leaves at eight. Bring a coat. It will rain."
    other = "It will rain. The ferry leaves at eight. Bring a coat."
    found = slices(shared(text, other), text, other)
    assert found == [
        ("The ferry leaves at eight. Bring a coat.",) * 2,
        ("It will rain.",) * 2,
    ]


def test_the_longest_spans_are_kept():
    text = " ".join(f"Line {n} is here{' for long' * (n % 3)}. But {n} is not." for n in range(30))
    other = " ".join(
        f"Line {n} is here{' for long' * (n % 3)}. And {n} differs." for n in range(30)
    )
    found = shared(text, other, maximum=10)
    assert (len(found.spans), found.left_out, found.shared_sentences) == (10, 20, 30)
    assert all("for long for long" in one for one, _ in slices(found, text, other))


def test_long_texts_of_one_repeated_sentence_take_linear_time():
    text, other = "Same again. " * 20_000, "Same again. " * 19_000 + "Something else."
    sentence = len("Same again.")
    spans = [[(at, at + sentence) for at in range(0, n * 12, 12)] for n in (20_000, 19_000)]
    found = shared_spans(text, other, *spans)
    assert (len(found.spans), found.shared_sentences) == (1, 19_000)
