"""Dates of many languages, calendars and regions, and the heads of mails and front matter."""

# ruff: noqa: RUF001 (text of other scripts)

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_texts import texts
from fanmill.core.document import Document
from fanmill.core.stages import tagging_by
from fanmill.core.taggers.builtin import BUILTIN
from fanmill.core.taggers.dates import dates
from fanmill.core.taggers.document_metadata import find_metadata
from fanmill.core.taggers.months import month_of, names
from fanmill.core.tagging.runner import Taggers


def found(line: str, language: str) -> list[str]:
    return [each.value for each in dates(line, language)]


def best(text: str, language: str = "en") -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for each in find_metadata(Document("d", text), language):
        said.setdefault(each.field, []).append(each.value)
    return said


@pytest.mark.parametrize("language", list(names()))
def test_every_month_of_every_language_is_found_between_day_and_year(language: str) -> None:
    for month, alike in enumerate(names()[language], 1):
        for name in alike:
            assert month_of(name, language) == month
            assert found(f"17 {name} 1998", language) == [f"1998-{month:02}-17"], name
            assert found(f"17. {name.upper()} 1998", language)[:1] in ([f"1998-{month:02}-17"], [])


@given(st.dates(date(1951, 1, 1), date(2049, 12, 31)))
def test_one_day_is_the_same_in_all_calendars_and_orders(day: date) -> None:
    buddhist = day.year + 543
    iso = day.isoformat()
    assert found(f"{day.day}/{day.month}/{buddhist}", "th") == [iso]
    assert found(f"民國{day.year - 1911}年{day.month}月{day.day}日", "zh") == [iso]
    assert found(f"{day.day:02}.{day.month:02}.{day.year % 100:02}", "de") == [iso]
    assert found(f"{day.day:02}/{day.month:02}/{day.year}", "en-GB") == [iso]
    assert found(f"{day.day:02}/{day.month:02}/{day.year}", "en-Latn-AU") == [iso]
    assert found(f"{day.month:02}/{day.day:02}/{day.year}", "en-US") == [iso]
    assert found(f"{day.day} tháng {day.month} năm {day.year}", "vi") == [iso]
    if day.year >= 2020:
        assert found(f"令和{day.year - 2018}年{day.month}月{day.day}日", "ja") == [iso]


FIGURES = "〇一二三四五六七八九"


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else FIGURES[tens])
        + ("十" if tens else "")
        + (FIGURES[ones] if ones else "")
    )


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_chinese_figures_are_dates(day: date) -> None:
    year = "".join(FIGURES[int(digit)] for digit in str(day.year))
    line = f"{year}年{chinese(day.month)}月{chinese(day.day)}日"
    assert found(line, "zh") == [day.isoformat()]


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("昭和五十五年三月二十日", "ja", "1980-03-20"),
        ("H2.11.3", "ja", "1990-11-03"),
        ("12-Nov-19", "en", "2019-11-12"),
        ("1999 m. kovo 11 d.", "lt", "1999-03-11"),
        ("2011. március 4.", "hu", "2011-03-04"),
        ("2011. gada 4. martā", "lv", "2011-03-04"),
        ("2011. gada 4. marts", "lv", "2011-03-04"),
        ("९ मार्च २०११", "hi", "2011-03-09"),
        ("9 มี.ค. 2554", "th", "2011-03-09"),
        ("9 มี.ค. 54", "th", "2011-03-09"),
        ("4 listopada 2011", "pl", "2011-11-04"),
        ("4. listopada 2011.", "hr", "2011-10-04"),
        ("March 4th 2011", "en", "2011-03-04"),
        ("el 4 de marzo del 2011", "es", "2011-03-04"),
        ("4-го марта 2011 г.", "ru", "2011-03-04"),
        ("2011년 3월 4일", "ko", "2011-03-04"),
        ("4 במרץ 2011", "he", "2011-03-04"),
        ("٤ مارس ٢٠١١", "ar", "2011-03-04"),
    ],
)
def test_dates_of_many_languages(line: str, language: str, expected: str) -> None:
    assert found(line, language) == ([expected] if expected else [])


@pytest.mark.parametrize(
    "line", ["1.2.3", "v12.3.45.6", "10:30-11:45", "3/4 of 12", "in 99 days", "12.5.30.1"]
)
def test_other_numbers_are_no_dates(line: str) -> None:
    assert found(line, "en") == []


def test_a_year_of_two_figures_in_a_sentence_is_not_the_date_of_the_document() -> None:
    line = "The committee of the village met on 12.03.19 in the old school and talked for hours."
    assert "date" not in best(f"A village\n\n{line}", "de")
    assert best("Rechnung\nDatum: 12.03.19\n\nGuten Tag.", "de")["date"] == ["2019-03-12"]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("en-GB", "2021-04-03"),
        ("en-US", "2021-03-04"),
        (None, "2021-03-04"),
        ("de-DE", "2021-03-04"),
    ],
)
def test_the_declared_region_decides_if_the_text_is_in_its_language(
    declared: str | None, expected: str
) -> None:
    text = (
        "Date: 03/04/2021\n\nThe people of the town met in the hall to speak about the new bridge."
    )
    record = tagging_by(Taggers(BUILTIN))(Document("d", text, language=declared))
    assert [tag.value for tag in record.tagging.tags["date"]] == [expected]


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ("From: *\nTo: Cy\nDate: 7 May 2019\nSubject: +", "en"),
        ("Von: *\nAn: Cy\nGesendet: 7. Mai 2019\nBetreff: +", "de"),
        ("De : *\nÀ : Cy\nEnvoyé : 7 mai 2019\nObjet : +", "fr"),
        ("De: *\nPara: Cy\nEnviado el: 7 de mayo de 2019\nAsunto: +", "es"),
        ("Da: *\nA: Cy\nInviato: 7 maggio 2019\nOggetto: +", "it"),
        ("Van: *\nAan: Cy\nVerzonden: 7 mei 2019\nOnderwerp: +", "nl"),
        ("От: *\nКому: Cy\nОтправлено: 7 мая 2019\nТема: +", "ru"),
        ("Od: *\nDo: Cy\nWysłano: 7 maja 2019\nTemat: +", "pl"),
        ("发件人：*\n收件人：Cy\n日期：2019年5月7日\n主题：+", "zh"),
        ("差出人：*\n宛先：Cy\n日時：2019年5月7日\n件名：+", "ja"),
        ("보낸 사람: *\n받는 사람: Cy\n날짜: 2019년 5월 7일\n제목: +", "ko"),
        ("من: *\nإلى: Cy\nالتاريخ: 7 مايو 2019\nالموضوع: +", "ar"),
        ("Kimden: *\nKime: Cy\nTarih: 7 Mayıs 2019\nKonu: +", "tr"),
        ("Från: *\nTill: Cy\nSkickat: 7 maj 2019\nÄmne: +", "sv"),
        ("Từ: *\nĐến: Cy\nNgày: 7 tháng 5 năm 2019\nChủ đề: +", "vi"),
    ],
)
@pytest.mark.parametrize(
    "sender", ["Bo Lind <bo@example.org>", '"Bo Lind" <bo@example.org>', "Bo Lind"]
)
def test_mail_headers_give_author_title_and_date(headers: str, language: str, sender: str) -> None:
    text = (
        headers.replace("*", sender).replace("+", "The new roof")
        + "\n\nHello Cy, the roof is new.\n"
    )
    assert best(text, language) == {
        "author": ["Bo Lind"],
        "date": ["2019-05-07"],
        "title": ["The new roof"],
    }


@pytest.mark.parametrize(
    ("headers", "author", "title"),
    [
        ("From: =?utf-8?q?J=C3=BCrg_B=C3=A4r?= <jb@example.org>\nSubject: =?utf-8?b?RGFjaA==?=",
         "Jürg Bär", "Dach"),
        ("From: bo@example.org (Bo Lind)\nSubject: The new roof\n of the mill", "Bo Lind",
         "The new roof of the mill"),
        ("Received: from a.example\n\tby b.example; Tue, 7 May 2019 09:00:00 +0000\n" * 20
         + "From: Bo Lind <bo@example.org>\nSubject: The new roof", "Bo Lind", "The new roof"),
        ("From: =?x-none?q?a?= <a@example.org>\nSubject: The new roof", "=?x-none?q?a?=",
         "The new roof"),
    ],
)  # fmt: skip
def test_raw_mail_headers_may_be_encoded_folded_and_long(
    headers: str, author: str, title: str
) -> None:
    text = f"{headers}\nTo: Cy\nDate: 7 May 2019\n\nHello Cy, the roof is new.\n"
    assert best(text) == {"author": [author], "date": ["2019-05-07"], "title": [title]}


@pytest.mark.parametrize(
    ("line", "language"),
    [("den 4 mars 2011", "sv"), ("4 Mart 2011, Cuma", "tr"), ("el 4 de marzo de 2011", "es")],
)
def test_a_date_alone_in_a_line_may_have_an_article_or_a_weekday(line: str, language: str) -> None:
    assert best(f"{line}\n\nDas Dach ist neu, und alle freuen sich.", language)["date"] == [
        "2011-03-04"
    ]


@pytest.mark.parametrize("quote", ["", '"', "'"])
@pytest.mark.parametrize(("fence", "equals"), [("---", ": "), ("+++", " = ")])
def test_front_matter_gives_values_without_quotes_and_the_only_title(
    quote: str, fence: str, equals: str
) -> None:
    fields = {"title": "A new roof", "author": "Bo Lind", "date": "2019-05-07"}
    lines = [f"{name}{equals}{quote}{value}{quote}" for name, value in fields.items()]
    text = "\n".join(
        [
            fence,
            *lines,
            "tags" + equals + "[a, b]",
            fence,
            "",
            "# Another heading",
            "",
            "The roof is new.",
        ]
    )
    assert best(text) == {name: [value] for name, value in fields.items()}


@pytest.mark.parametrize(
    "authors",
    [
        "authors: [Bo Lind, 'Cy Ito']",
        'authors:\n  - Bo Lind\n  - "Cy Ito"',
        "author:\n  name: Bo Lind\n  name: Cy Ito",
    ],
)
def test_front_matter_may_list_authors(authors: str) -> None:
    assert best(f"---\n{authors}\n---\nThe roof is new.")["author"] == ["Bo Lind", "Cy Ito"]


@given(texts, st.sampled_from(["", "---\n", "From: ", "From: a\nTo: b\nSubject: "]))
def test_every_span_has_the_value(text: str, start: str) -> None:
    whole = start + text
    for each in find_metadata(Document("d", whole), "en"):
        assert each.span is not None
        said = whole[each.span[0] : each.span[1]]
        same = said == each.value or " ".join(said.split()) == each.value
        assert same or each.field == "date" or "=?" in said


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_dates_of_a_line_are_in_order_and_apart(day: date, days: int) -> None:
    other = day + timedelta(days)
    line = f"{day.isoformat()} - {other.isoformat()}"
    spans = [(each.start, each.end) for each in dates(line, "en")]
    assert found(line, "en") == [day.isoformat(), other.isoformat()]
    assert spans[0][1] <= spans[1][0]
