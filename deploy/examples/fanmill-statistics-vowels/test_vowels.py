"""Run with pytest; if an expectation has to change, the version has to change, too."""

from fanmill_statistics_vowels import vowels

from fanmill.plugins import Document, DocumentView


def test_vowels_are_counted_and_divided_by_the_characters() -> None:
    assert vowels(DocumentView(Document("d", "A mill"))) == {"count": 2, "share": 2 / 6}


def test_an_empty_text_has_no_share() -> None:
    assert vowels(DocumentView(Document("d", ""))) == {"count": 0, "share": None}
