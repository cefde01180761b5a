# ruff: noqa: RUF001 (text of other scripts)

import pytest
from hypothesis import given

from core_texts import texts
from fanmill.core.document import Document
from fanmill.core.taggers.document_metadata import find_metadata


def best(text: str, language: str = "en", **given_fields: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for found in find_metadata(Document("d", text, **given_fields), language):  # type: ignore[arg-type]
        said.setdefault(found.field, found.value)
    return said


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            " date 2022-08-05 Harbour bridge reopens\n\nIt was closed.\nSource: People's Daily",
            "en",
            {"date": "2022-08-05", "title": "Harbour bridge reopens", "source": "People's Daily"},
        ),
        (
            "Bridge reopens\n\nBy Jane Doe\nAugust 5, 2022\n\nLONDON (Reuters) - It opened.",
            "en",
            {"date": "2022-08-05", "title": "Bridge reopens", "author": "Jane Doe"}
            | {"source": "Reuters"},
        ),
        (
            "桥梁重新开放\n2022年08月05日 10:20 来源：人民日报 作者：张三\n桥梁今天重新开放。",
            "zh",
            {"date": "2022-08-05", "source": "人民日报", "author": "张三"},
        ),
        ("新华社北京8月5日电（记者李四）桥梁开放。", "zh", {"source": "新华社", "author": "李四"}),
        (
            "Von Hans Müller\n5. August 2022\nBerlin (dpa) - Die Brücke ist offen.",
            "de",
            {"author": "Hans Müller", "date": "2022-08-05", "source": "dpa"},
        ),
        ("Par Marie Curie\n5 août 2022\nLe pont.", "fr", {"author": "Marie Curie"}),
        ("Por Ana García\n5 de agosto de 2022\nHola.", "es", {"date": "2022-08-05"}),
        (
            "Опубликовано: 5 августа 2022\nИсточник: ТАСС\nМост открыт.",
            "ru",
            {"date": "2022-08-05", "source": "ТАСС"},
        ),
        ("Published on 05/08/2022\nText.", "en", {"date": "2022-05-08"}),
        ("Publié le 05/08/2022\nTexte.", "fr", {"date": "2022-08-05"}),
        (
            "Le pont est ouvert\n\n22 août 2022, Suisse. - Le pont a été ouvert.",
            "fr",
            {"date": "2022-08-22", "title": "Le pont est ouvert"},
        ),
        ("Skip to text. Posted on 08/15/2022 9:27 by Lee, at home", "en", {"date": "2022-08-15"}),
        ("# A heading\n\nText.", "en", {"title": "A heading"}),
        ("配信日：2022年8月5日\n本文。", "ja", {"date": "2022-08-05"}),
    ],
)
def test_a_head_says_source_date_author_and_title(
    text: str, language: str, expected: dict[str, str]
) -> None:
    said = best(text, language)
    assert {field: said.get(field) for field in expected} == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "He stood by the river and waited for an hour.",
        "By the time they came it was dark.",
        "On 31 February 2022 nothing happened.",
        "The code is 20221399 and the flat 12/13/14.",
        "The judge was born June 23, 1948, in a village by the sea, and has lived there since.",
        "Their race (Sept. 27, 1992) has grown with the demise of the other one in the city.",
        "It was the strongest quake that the islands had seen since the one\non Nov. 5, 1978.",
        "Le 4 novembre 1979, des partisans du mouvement ont pris les bureaux de la ville.",
        "A coalition of members of the council announced\nthat it plans to sue the bureau here.",
    ],
)
def test_prose_says_nothing_of_itself(text: str) -> None:
    assert best(text) == {}


def test_the_event_stands_above_the_text_and_the_url_below_it() -> None:
    said = best(
        "Date: 2022-08-05\nText.",
        published_at="2021-01-01T10:00:00+00:00",
        publisher="The Courier",
        url="https://www.example.org/2020/02/03/x.html",
    )
    assert (said["date"], said["source"]) == ("2021-01-01", "The Courier")
    assert best("Text.", url="https://www.example.org/2020/02/03/x.html") == {
        "date": "2020-02-03",
        "source": "example.org",
    }


def test_metadata_is_evidence() -> None:
    document = Document("d", "x", metadata={"article:published_time": "2022-08-05T10:00:00Z"})
    assert [(found.field, found.value) for found in find_metadata(document, "en")] == [
        ("date", "2022-08-05")
    ]


@given(texts)
def test_every_span_holds_what_is_said(text: str) -> None:
    for found in find_metadata(Document("d", text), "en"):
        assert 0.0 < found.score <= 1.0
        assert found.span is not None
        shown = text[found.span[0] : found.span[1]]
        assert shown == found.value or found.field == "date"
