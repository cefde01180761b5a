"""Titles of pages: the headline above the article, not the first line of the menu."""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones; they are not)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanmill.core.analysis import Analysis
from fanmill.core.document import Document
from fanmill.core.taggers.document_metadata import find_metadata
from fanmill.core.taggers.document_metadata.headline import (
    begins_with_furniture,
    headline_statements,
)

PAGES = {
    "en": (
        "Lowmarsh Gazette\nPlaces\nFarming\nPeople\nAll about our shop\nOld Lowmarsh in pictures",
        "Millers ask for a second weir on the Lowmarsh",
        "By Ada Orme\n3 May 2024\nShare this",
        (
            "The millers of Lowmarsh have asked for a second weir above the old bridge. "
            "The river carries too little water in summer for five mills.\n"
            "Two of them stood still for eleven weeks, and the barley was ground elsewhere."
        ),
    ),
    "de": (
        "Mühlbote\nOrte\nLandwirtschaft\nMenschen\nUnser Laden\nBilder aus dem Tal",
        "Müller fordern ein zweites Wehr am Oberlauf",
        "Von Klara Osthoff\n3. Mai 2024",
        (
            "Die Müller im Tal fordern vom Rat ein zweites Wehr am Oberlauf der Aue. Im Sommer "
            "führt der Bach zu wenig Wasser für fünf Mühlen.\n"
            "Zwei von ihnen standen elf Wochen still, die Gerste wurde anderswo gemahlen."
        ),
    ),
    "fr": (
        "La Gazette du moulin\nLieux\nCultures\nPortraits\nNotre boutique\nImages de la vallée",
        "Les meuniers demandent un second barrage",
        "Par Odile Fenner\n3 mai 2024",
        (
            "Les meuniers de la vallée demandent un second barrage près du vieux pont. "
            "La rivière porte trop peu d'eau en été pour cinq moulins.\n"
            "Deux d'entre eux sont restés arrêtés onze semaines, et l'orge fut moulue ailleurs."
        ),
    ),
    "ru": (
        "Мельничный вестник\nМеста\nПоля\nЛюди\nНаша лавка\nСнимки долины",
        "Мельники просят построить вторую плотину",
        "3 мая 2024",
        (
            "Мельники долины просят общину построить вторую плотину выше моста. Летом воды в реке "
            "не хватает на пять мельниц.\n"
            "Две из них стояли одиннадцать недель, и ячмень пришлось молоть в другом месте."
        ),
    ),
    "zh": (
        "磨坊报\n地方\n农业\n人物\n本店\n山谷图片",
        "磨坊主要求修建第二座水坝",
        "2024年5月3日",
        (
            "山谷里的磨坊主要求村里在老桥上游修建第二座水坝。夏天河水太少，不够五座磨坊使用，许多人只好等待下雨。\n"
            "去年有两座磨坊停了十一个星期，大麦只能运到别处去磨，农民们为此多付了不少运费，也耽误了秋天的播种。"
        ),
    ),
}


def titles(text: str, language: str) -> list[str]:
    document = Document("d", text)
    found = find_metadata(document, language, Analysis(document).body)
    return [each.value for each in found if each.field == "title"]


@pytest.mark.parametrize("language", PAGES)
def test_the_title_of_a_page_is_its_headline(language: str) -> None:
    menu, headline, byline, article = PAGES[language]
    assert titles(f"{menu}\n{headline}\n{byline}\n{article}\n", language) == [headline]


@pytest.mark.parametrize("language", PAGES)
def test_the_title_of_a_tab_before_the_page_is_found(language: str) -> None:
    menu, headline, _, article = PAGES[language]
    assert titles(f"{headline}\n{menu}\n{menu[::-1]}\n{article}\n", language) == [headline]


@pytest.mark.parametrize("language", PAGES)
def test_a_page_without_a_headline_has_no_title(language: str) -> None:
    menu, _, _, article = PAGES[language]
    assert titles(f"{menu}\n{article}\n", language) == []


def test_a_text_with_few_lines_before_its_body_is_no_page() -> None:
    menu, headline, _, article = PAGES["en"]
    text = f"{headline}\n\n{article}\n"
    assert not begins_with_furniture(text, Analysis(Document("d", text)).body)
    assert not begins_with_furniture(menu, ())
    assert titles(text, "en") == [headline]


@given(st.lists(st.sampled_from("\n ab水é…?»\u2028\r"), max_size=60).map("".join), st.data())
def test_a_headline_is_a_trimmed_line_at_its_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    for found in headline_statements(text, [(start, len(text))]):
        assert found.span is not None
        assert text[slice(*found.span)] == found.value == found.value.strip()
        assert len(found.value.splitlines()) == 1
