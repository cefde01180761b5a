"""Beginnings of summaries: no headings, nor sentences that need the one before them."""

import re
import tomllib
from pathlib import Path

import pytest

from core_texts import analysed
from fanmill.core.summary import openings
from fanmill.core.summary.extractive import lead
from fanmill.core.summary.openings import needs_context

REST = (
    "The town of Kolby will build a second pier in the spring. Fishermen asked for it. "
    "The old pier is too short for their boats. It will cost two million."
)


def first(text: str) -> str:
    return lead(analysed(text)).sentences[0].text


@pytest.mark.parametrize(
    "opening",
    [
        "They waited for years.",
        "However, it is late.",
        "But nobody had hoped for it.",
        "In addition, a crane is planned for the pier.",
        "2. Background.",
        "File No. 7.",
        "Notices.\n\nAnd then there is the crane.",
        "- The second pier.\n- The price of the pier.\n- The boats.",
        "| Pier | 2. |\n| Crane | 1. |",
        "```text\nThe build failed. Try again.\n```",
        "The views expressed here are those of the author.",
        "This article is for subscribers only.",
        "Keywords: piers, boats, fishing.",
        "Updated at 09:40 on 2 May.",
        "Fig. 2. The old pier of Kolby in a storm of the last century.",
        "Table 4: Boats by year.",
        "An earlier version of this article named another town.",
    ],
)
def test_a_summary_does_not_begin_with_what_needs_other_lines(opening: str) -> None:
    assert first(f"{opening}\n\n{REST}").startswith("The town of Kolby")


@pytest.mark.parametrize(
    ("opening", "rest"),
    [
        ("Aber niemand hatte damit gerechnet.", "Die Stadt baut einen Steg."),
        ("Pourtant, personne ne l'attendait.", "La ville construit une jetée."),
        ("Sin embargo, nadie lo esperaba.", "La ciudad construye un muelle."),
        ("Tuttavia nessuno se lo aspettava.", "La città costruisce un molo."),
        ("Jednak nikt się tego nie spodziewał.", "Miasto buduje pomost."),
        ("Однако никто этого не ждал.", "Город строит причал."),
        ("لكن لم يتوقع أحد ذلك.", "تبني المدينة رصيفا جديدا."),
        ("लेकिन किसी को उम्मीद नहीं थी।", "शहर एक नया घाट बना रहा है।"),
        ("但是没有人想到。", "城市正在修建一座新码头。"),
        ("しかし誰も予想していなかった。", "町は新しい桟橋を建設している。"),
        ("그러나 아무도 예상하지 못했다.", "도시는 새 부두를 짓고 있다."),
    ],
)
def test_words_that_connect_are_known_in_many_languages(opening: str, rest: str) -> None:
    text = f"{opening}\n\n" + "\n\n".join(rest.replace(rest[-1], f" {n}{rest[-1]}") for n in "123")
    assert not first(text).startswith(opening)


@pytest.mark.parametrize(
    "text",
    [
        "He came home late. It was raining.",
        "He came. She left. They met. He spoke. She wept. They kissed.",
        "- Who was it?\n- The miller.\n- I saw him.",
        "Apples are red.\nPears are green.\nPlums are blue.\nFigs are sweet.",
        "1. We walked along the coast and looked for a place for the boats.\n\n2. We found none.",
    ],
)
def test_a_text_that_is_told_this_way_begins_with_its_first_sentence(text: str) -> None:
    assert text.startswith(first(text))


@pytest.mark.parametrize(
    ("sentence", "language"),
    [("Hear the sea.", "en"), ("Andy left.", "en"), ("Undine sang.", "de"), ("X.", "und")],
)
def test_other_words_need_no_context(sentence: str, language: str) -> None:
    assert not needs_context(sentence, language)


def test_entries_are_in_small_letters_and_listed_once() -> None:
    path = Path(openings.__file__).with_name("openings.toml")
    for languages in tomllib.loads(path.read_text(encoding="utf-8")).values():
        for listed in languages.values():
            words = [each.strip() for each in re.split(",", listed) if each.strip()]
            assert words == [each.lower() for each in words]
            assert len(words) == len(set(words))
