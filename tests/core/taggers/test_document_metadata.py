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


def found(text: str, field: str, language: str = "en") -> list[str]:
    return [
        each.value for each in find_metadata(Document("d", text), language) if each.field == field
    ]


PROSE = "The choir sang in the old chapel, and nobody left before the end of it. It was warm.\n"


@pytest.mark.parametrize(
    "head",
    [
        "#+TITLE: Songs of May\n#+AUTHOR: Mara Holm\n#+DATE: <2019-05-04 Sat>\n",
        "% Songs of May\n% Mara Holm\n% May 4, 2019\n",
        '{\n  "title": "Songs of May",\n  "author": "Mara Holm",\n  "date": "2019-05-04"\n}\n',
        "\\title{Songs of May}\n\\author{Mara Holm}\n\\date{4 May 2019}\n",
        ":Title: Songs of May\n:Author: Mara Holm\n:Date: 2019-05-04\n",
        (
            '{"@context":"https://schema.org","@type":"Article","headline":"Songs of May",'
            '"datePublished":"2019-05-04T08:00Z","author":[{"@type":"Person","name":"Mara Holm"}]}'
        ),
        (
            '<meta property="og:title" content="Songs of May">\n'
            '<meta name="author" content="Mara Holm"/>\n'
            "<meta property='article:published_time' content='2019-05-04'>\n"
        ),
    ],
)
def test_fields_of_every_format_state_title_author_and_date(head: str) -> None:
    text = f"{head}\n{PROSE}"
    assert found(text, "title") == ["Songs of May"]
    assert found(text, "author") == ["Mara Holm"]
    assert found(text, "date") == ["2019-05-04"]


@pytest.mark.parametrize(
    "html",
    [
        "<h1 class='top'>Songs of <em>May</em></h1><p>",
        "<html><head><title>Songs of May</title></head><body><p>",
        "<html><head><title>Songs of May - Choir</title></head><body><h1>Songs of May</h1><p>",
    ],
)
def test_html_states_its_title(html: str) -> None:
    assert found(f"{html}{PROSE}</p>", "title") == ["Songs of May"]


@pytest.mark.parametrize(
    "furniture",
    ["Home\nNews\nContact\n", "Home | News | Contact\n", "We use cookies here.\nAccept\n"],
)
def test_menus_and_notices_in_front_of_a_title_are_no_title(furniture: str) -> None:
    assert found(f"{furniture}\nSongs of May\n\n{PROSE}", "title") == ["Songs of May"]
    assert found(furniture, "title") == []


@pytest.mark.parametrize("line", ["From: the sea, with love", "To: all who sing", "An: alle"])
def test_a_line_that_begins_like_a_header_of_a_mail_is_no_title(line: str) -> None:
    assert found(f"{line}\n\n{PROSE}", "title") == []


@pytest.mark.parametrize(
    ("line", "language", "date"),
    [
        ("Last updated: 9 June 2019. Published: 4 May 2019", "en", "2019-05-04"),
        ("Published: 4 May 2019. Updated: 9 June 2019", "en", "2019-05-04"),
        ("Actualizado a las 10:00 del 4 de mayo de 2019", "es", "2019-05-04"),
        ("zaterdag 4 mei 2019, 10:12", "nl", "2019-05-04"),
        ("la 4.5.2019 klo 10.12", "fi", "2019-05-04"),
        ("суббота, 4 мая 2019", "ru", "2019-05-04"),
        ("Pubblicato il 1° maggio 2019", "it", "2019-05-01"),
        ("Rechnungsdatum: 4.5.19\nZahlbar bis: 4.6.19", "de", "2019-05-04"),
        ("Kit version 12.04.20 of the tool", "en", None),
        ("Hall 12/04/20", "en", None),
        ("Our Ref: 12/05/20/AB", "en", None),
        ("3 hours ago", "en", None),
    ],
)
def test_a_head_states_one_date(line: str, language: str, date: str | None) -> None:
    assert found(f"{line}\n\n{PROSE}", "date", language) == ([date] if date else [])


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Por: Mara Holm", "Mara Holm"),
        ("Door: Jan van der Berg", "Jan van der Berg"),
        ("Par Mara Holm avec AFP", "Mara Holm"),
        ("記事：山田太郎", "山田太郎"),
        ("홍길동 기자", "홍길동"),
    ],
)
def test_a_byline_states_its_author(line: str, name: str) -> None:
    assert found(f"Songs\n{line}\n\n{PROSE}", "author") == [name]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("*by Ida Moss · 4 min read*", "Ida Moss"),
        ("**By Ida Moss**", "Ida Moss"),
        ("_Von Ida Moss_", "Ida Moss"),
        ("By **Ida Moss**", "Ida Moss"),
        ("Por Ida Moss — Porto Alegre", "Ida Moss"),
        ("Von Ida Moss - Graz", "Ida Moss"),
        ("Oleh Ida Moss", "Ida Moss"),
        ("โดย มานี ใจงาม", "มานี ใจงาม"),
        ("מאת רות שדה", "רות שדה"),
        ("بقلم سعاد منصور", "سعاد منصور"),
        ("文・佐藤花子", "佐藤花子"),
        ("（取材・文／佐藤 花子）", "佐藤 花子"),
        ("Posted by Ida Moss on 3 May 2021 | 5 comments", "Ida Moss"),
        ("Napsala Ida Moss", "Ida Moss"),
        ("Piše: Ida Moss", "Ida Moss"),
        ("Γράφει η Μαρία Νικολάου", "Μαρία Νικολάου"),
        ("Της Μαρίας Νικολάου", "Μαρίας Νικολάου"),
    ],
)
def test_bylines_in_italics_before_a_place_and_in_scripts_without_capitals(
    line: str, name: str
) -> None:
    text = f"A title of it\n\n{line}\n\nA long line of prose follows, and it goes on here.\n"
    authors = [
        found.value for found in find_metadata(Document("d", text), "") if found.field == "author"
    ]
    assert authors == [name]


@pytest.mark.parametrize(
    "line",
    [
        "Thứ Hai, 7/9/1998, 09:10 (GMT+7)",
        "Senin, 7 September 1998 | 09:10 WIB",
        "Monday, September 7, 1998 at 9:10 AM EST",
        "Pazartesi, 7 Eylül 1998 09:10",
        "Δευτέρα 7 Σεπτεμβρίου 1998, 09:10",
        "1998年9月7日(月) 9時10分",
        "1998년 9월 7일 월요일",
        "Giriş Tarihi: 07.09.1998 09:10 Son Güncelleme: 08.09.1998 10:00",
    ],
)
def test_a_date_with_weekday_and_time_is_no_title(line: str) -> None:
    text = f"{line}\nShort\n\nA long line of prose follows, and it goes on here.\n"
    fields = {found.field: found.value for found in find_metadata(Document("d", text), "vi")}
    assert "title" not in fields
    assert fields["date"] == "1998-09-07"


@pytest.mark.parametrize("line", ["Protokoll 7.9.1998", "Notes of Monday 7 September 1998"])
def test_a_title_may_end_with_a_date(line: str) -> None:
    text = f"{line}\n\nA long line of prose follows, and it goes on here.\n"
    found = {each.field: each.value for each in find_metadata(Document("d", text), "de")}
    assert found["title"] == line


@pytest.mark.parametrize(
    "line",
    [
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "-----Ursprüngliche Nachricht-----",
        "> --- Message d’origine ---",
    ],
)
def test_the_line_above_a_forwarded_mail_is_skipped(line: str) -> None:
    text = f"{line}\nFrom: Ida Moss [mailto:ida@example.org]\nTo: Ben\nSubject: Roof\n\nHi Ben.\n"
    found = {each.field: each.value for each in find_metadata(Document("d", text), "en")}
    assert (found["author"], found["title"]) == ("Ida Moss", "Roof")
