"""A comparison as pieces for people: nothing is lost, nothing appears twice."""

from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.document import Document
from fanmill.core.shared_text import pieces, shared_sentences

SENTENCES = st.sampled_from(
    ["The ferry leaves at eight.", "Bring a coat!", "Was it late?", "一只猫。", "Ja.", "It rains."]
)
TEXTS = st.lists(SENTENCES, max_size=10).map(" ".join)


@given(TEXTS, TEXTS)
def test_the_pieces_are_all_of_both_texts(text, other):
    found = shared_sentences(Document("a", text), Document("b", other))
    parts = pieces(text, other, found)
    ours = [(each.start, each.end) for each in parts if each.kind != "other"]
    theirs = [(each.start, each.end) for each in parts if each.kind == "other"]
    theirs = sorted(theirs + [(each.other_start, each.other_end) for each in found.spans])
    for whole, spans in ((text, ours), (other, theirs)):
        assert spans == sorted(spans)
        assert " ".join(whole[start:end] for start, end in spans) == whole


def test_a_part_of_the_original_precedes_the_piece_that_it_precedes_there():
    original = "The ferry leaves at eight. Bring a coat. It will rain."
    text = "It will rain. The ferry leaves at eight. Take a hat."
    found = shared_sentences(Document("a", text), Document("b", original))
    assert [
        (each.kind, (original if each.kind == "other" else text)[each.start : each.end])
        for each in pieces(text, original, found)
    ] == [
        ("other", "Bring a coat."),
        ("shared", "It will rain."),
        ("moved", "The ferry leaves at eight."),
        ("own", "Take a hat."),
    ]
