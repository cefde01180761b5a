"""Pages without complete paragraphs: overviews, lists behind menus; captions among paragraphs."""

# ruff: noqa: RUF001 (a curly apostrophe)

import pytest

from core_texts import analysed
from fanmill.core.summary.extractive import lead

TEASER = "The lighthouse on the northern cape gets a new lamp before winter, so the keeper is glad"


@pytest.mark.parametrize(
    "end", ["...", "…", " […]", ".\nRead more", ".\nWeiterlesen", ".\nLire la suite"]
)
def test_an_overview_of_teasers_has_no_body(end: str) -> None:
    text = "\n".join(["Home", "News", *(f"Headline {n}\n{TEASER}{end}" for n in range(4))])
    assert analysed(text).body == ()
    assert lead(analysed(text)).sentences == ()


def test_an_article_among_teasers_has_a_body() -> None:
    teasers = [f"Headline {n}\n{TEASER}...\nRead more" for n in range(9)]
    article = [f"{TEASER}, said mate number {n}." for n in range(2)]
    text = "\n".join(["Home", "News", "Contact", *article, *teasers])
    assert analysed(text).body[0][0] == text.index(article[0])


def test_paragraphs_that_break_off_do_not_hide_an_article() -> None:
    teasers = [f"Headline {n}\n{TEASER}..." for n in range(2)]
    article = [f"{TEASER}, said mate number {n}." for n in range(5)]
    text = "\n".join(["Home", "News", *teasers, *article])
    assert analysed(text).body[0][0] == text.index(article[0])


def test_an_article_whose_lines_end_no_sentence_begins_behind_the_menu() -> None:
    lines = [TEASER, f"{TEASER} and of the lens", f"{TEASER} and of the oil"]
    text = "\n".join(["Home", "News", "Contact", "A New Lamp For The Old Cape", *lines, "Share"])
    assert analysed(text).body == ((text.index(lines[0]), text.index("\nShare")),)


@pytest.mark.parametrize(
    "line",
    [
        "An artist’s illustration of the lamp that will be mounted on the cape before the winter.",
        "By Nora Birk, a writer at the Cape Courier who covers the lighthouses of the coast.",
        "Portions of this page are © 1998-2015 by the keepers of the cape and by their families.",
    ],
)
def test_captions_authors_and_rights_are_outside_the_body(line: str) -> None:
    article = [f"{TEASER}, said mate number {n}." for n in range(5)]
    text = "\n".join(["Home", "News", line, *article])
    assert analysed(text).body[0][0] == text.index(article[0])
