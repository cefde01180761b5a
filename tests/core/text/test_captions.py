"""Captions, notes of editors, biographies under a byline, and boxes of links on pages."""

# ruff: noqa: RUF001 (letters of other scripts belong to the texts)

import pytest

from core_texts import analysed
from fanmill.core.summary.extractive import lead
from fanmill.core.text.captions import is_author_biography, is_caption

HEAD = ["Home", "News", "Contact"]
ARTICLE = [
    f"The lock on the canal was opened for boat {n}, and its keeper wrote the name into a book."
    for n in range(5)
]
LINES = {
    "ar": "في الصورة: بوابة القناة القديمة عند شروق الشمس كما تبدو من فوق الجسر الحجري الصغير.",
    "cs": "Na snímku: zavřená plavební komora v pondělí ráno, pohled z věže starého kostela.",
    "da": "Redaktionens bemærkning: Artiklen blev onsdag udvidet med et svar fra ministeriet.",
    "de": "Im Bild: Die gesperrte Schleuse am Montagmorgen, vom Turm der alten Kirche aus gesehen.",
    "en": "Above: the closed lock on Monday morning, with the mill and the church tower behind it.",
    "es": "En la imagen: la esclusa cerrada en la mañana del lunes, vista desde la torre vieja.",
    "fi": "Kuvassa: suljettu sulku maanantaiaamuna vanhan kirkon tornista katsottuna.",
    "fr": "Note de la rédaction : cet article a été complété mercredi par le ministère.",
    "it": "Nella foto: la chiusa ferma lunedì mattina, vista dalla torre della chiesa vecchia.",
    "nl": "Op de foto: de gesloten sluis op maandagochtend, gezien vanaf de toren van de kerk.",
    "pl": "Na zdjęciu: zamknięta śluza w poniedziałek rano, widok z wieży starego kościoła.",
    "pt": "Na foto: a eclusa fechada na manhã de segunda-feira, vista da torre da igreja velha.",
    "ru": "На фото: закрытый шлюз утром в понедельник, вид с колокольни старой церкви у моста.",
    "sv": "På bilden: den stängda slussen på måndagsmorgonen, sedd från den gamla kyrkans torn.",
    "zh": "编者注：本文于周三补充了交通部的答复，并更正了船闸开放的日期以及管理员的姓名。",
    "credit": "The closed lock, seen from the tower of the old church. Photograph by Ida Lis.",
    "credit-de": "Die gesperrte Schleuse am Kanal, vom Kirchturm aus. Foto: Ida Lis/Kanalbote.",
    "credit-es": "La esclusa cerrada, vista desde la torre de la iglesia. Foto: Ida Lis.",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_labelled_captions_credits_and_notes_are_outside_the_body(line: str) -> None:
    text = "\n".join([*HEAD, line, *ARTICLE])
    assert analysed(text).body[0][0] == text.index(ARTICLE[0])


@pytest.mark.parametrize(
    "line",
    [
        "Photos of the lock spread quickly.",
        "Fotos de la esclusa circulan por todo el país.",
        "She hung the picture by the window and left.",
        "The editor's note lay on the desk, and nobody had read it.",
        "Above the lock there is a mill.",
        "Oben am Kanal liegt eine Mühle.",
    ],
)
def test_sentences_about_pictures_are_no_captions(line: str) -> None:
    assert not is_caption(line, (0, len(line)))


BYLINES = [
    "By Ida Lis",
    "Written by\nIda Lis",
    "Von Ida Lis",
    "Par Ida Lis | 3 mai",
    "Автор: Ida Lis",
]


@pytest.mark.parametrize("byline", BYLINES)
def test_a_biography_behind_the_byline_is_outside_the_body(byline: str) -> None:
    about = "Ida Lis has written about canals and rivers for twenty years, and lives on a boat now."
    text = "\n".join([*HEAD, byline, "Share", about, *ARTICLE])
    assert analysed(text).body[0][0] == text.index(ARTICLE[0])


def test_a_person_whom_no_byline_names_is_in_the_body() -> None:
    about = "Ida Lis was a writer of canals and rivers, and she lived on a boat until her death."
    for title in ("Ida Lis", "The life of Ida Lis"):
        text = f"{title}\n{about}"
        assert not is_author_biography(text, (text.index(about), len(text)))


@pytest.mark.parametrize(
    "heading", ["You might like", "Das könnte dir gefallen", "À lire aussi", "Читайте также"]
)
def test_titles_in_a_box_inside_an_article_are_outside_the_body(heading: str) -> None:
    box = [heading, "Mill on the canal burns", "Who pays for the locks?"]
    text = "\n".join([*HEAD, *ARTICLE[:2], *box, *ARTICLE[2:]])
    body = "\n".join(text[start:end] for start, end in analysed(text).body)
    assert body == "\n".join(ARTICLE)


def test_a_button_above_the_article_does_not_hide_its_first_sentence() -> None:
    text = "\n".join([*HEAD, "Accept all", *ARTICLE])
    assert lead(analysed(text)).sentences[0].text == ARTICLE[0]
