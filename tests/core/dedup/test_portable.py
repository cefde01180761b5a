"""Portable fingerprints: whatever lines are boilerplate, they give the fingerprints of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup_texts import text
from fanmill.core.dedup.fingerprint import Fingerprinter
from fanmill.core.dedup.packing import UnfitFingerprint
from fanmill.core.dedup.parameters import DedupParameters
from fanmill.core.dedup.portable import PortableMaker, portable

PARAMETERS = DedupParameters()
LINES = [
    "Home",
    "All rights reserved by the owners of this mill and its wheel",
    "Subscribe to our letter about grain and flour prices today.",
    *text("lines", 120).split("\n"),
]


def written(body, parameters=PARAMETERS):
    maker = Fingerprinter(parameters)
    (tokenized,) = maker.tokenize([body])
    (plain,) = maker.fingerprints([tokenized], [bytes(len(tokenized.lines.hashes))])
    return tokenized, portable(tokenized, plain, parameters)


@given(st.lists(st.sampled_from(LINES), max_size=30).map("\n".join), st.lists(st.integers(0, 3)))
def test_it_gives_the_fingerprint_of_the_text_for_all_counts_of_earlier_lines(body, counts):
    tokenized, data = written(body)
    count = len(tokenized.lines.hashes)
    seen = (counts + [0] * count)[:count]
    maker = PortableMaker(PARAMETERS)
    (expected,) = Fingerprinter(PARAMETERS).fingerprints([tokenized], [seen])
    assert maker.fingerprints([maker.read(data)], [seen]) == [expected]


def test_a_text_of_one_line_needs_no_tokens():
    _, data = written(text("one", 300).replace("\n", " "))
    assert len(data) < 600
    assert PortableMaker(PARAMETERS).read(data).fixed


def test_without_boilerplate_it_has_neither_lines_nor_tokens():
    parameters = DedupParameters(boilerplate=False)
    _, data = written(text("many", 300), parameters)
    maker = PortableMaker(parameters)
    read = maker.read(data)
    assert len(read.lines.hashes) == len(read.tokens) == 0
    expected = Fingerprinter(parameters).fingerprint(text("many", 300))
    assert maker.fingerprints([read]) == [expected]


@pytest.mark.parametrize("size", [0, 10, 40, 200])
def test_damaged_data_is_refused(size):
    _, data = written(text("cut", 100))
    with pytest.raises(UnfitFingerprint):
        PortableMaker(PARAMETERS).read(data[:size])


def test_data_of_other_parameters_is_refused():
    _, data = written(text("other", 100))
    with pytest.raises(UnfitFingerprint, match="FANMILL_DEDUP_BOILERPLATE"):
        PortableMaker(DedupParameters(boilerplate=False)).read(data)
