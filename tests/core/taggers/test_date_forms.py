"""Dates with inflected months, Roman figures and Persian years, and behind a place."""

# ruff: noqa: RUF001 (letters of other scripts resemble Latin ones)

import pytest

from fanmill.core.document import Document
from fanmill.core.taggers.calendars import MONGOLIAN_MONTHS
from fanmill.core.taggers.dates import dates
from fanmill.core.taggers.document_metadata import find_metadata


def found(line: str, language: str) -> list[str]:
    return [each.value for each in dates(line, language)]


def dated(text: str) -> list[str]:
    return [each.value for each in find_metadata(Document("d", text), "en") if each.field == "date"]


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        # New Year's days of the Persian calendar, of leap years and of others.
        ("1375/01/01", "1996-03-20"),
        ("1376/01/01", "1997-03-21"),
        ("1399-01-01", "2020-03-20"),
        ("1404/1/1", "2025-03-21"),
        ("۲۴ شهریور ۱۳۹۸", "2019-09-15"),
        ("1402/12/30", None),
        ("1403/12/30", "2025-03-20"),
    ],
)
def test_persian_years_are_those_of_the_solar_calendar(line: str, iso: str | None) -> None:
    assert found(line, "fa") == ([iso] if iso else [])


@pytest.mark.parametrize(
    "line", ["7 IX 1998", "7.IX.1998", "7. IX. 1998", "07/IX/1998", "07-IX-1998"]
)
def test_roman_figures_are_months(line: str) -> None:
    assert found(line, "pl") == ["1998-09-07"]


@pytest.mark.parametrize(
    "line",
    [
        "Graz, am 7. September 1998",
        "V Brně dne 7. září 1998",
        "Lund den 7 september 1998",
        "Novi Sad, 7. septembra 1998.",
        "Szeged, 1998. szeptember 7.",
        "Liepāja, 1998. gada 7. septembrī",
        "Lungsod ng Cebu, ika-7 ng Setyembre 1998",
    ],
)
def test_a_place_in_front_of_a_date_leaves_it_the_date_of_the_document(line: str) -> None:
    assert dated(f"{line}\n\nA long line of prose follows, without a date.\n") == ["1998-09-07"]


def test_a_host_that_received_a_mail_is_no_date() -> None:
    way = "Received: from a.example by b.example\n"
    text = f"{way}From: Ida Moss\nSubject: Roof\nDate: 7 Sep 1998\n\nHi"
    assert dated(text) == ["1998-09-07"]


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("7\u200f/9\u200f/1998", "ar"),
        ("1998\u200f-9\u200f-7", "ar"),
        ("7 ستمبر، 1998", "ur"),
        ("7, సెప్టెంబర్ 1998", "te"),
        ("7, September 1998", "en-IN"),
        ("1998 թ. սեպտեմբերի 7", "hy"),
        ("1998 թվականի սեպտեմբերի 7", "hy"),
        ("1998\u202fж. 7 қыркүйек", "kk"),
        ("1998(e)ko irailaren 7(a)", "eu"),
        ("1998 оны 9-р сарын 7", "mn"),
        ("1998 оны 9 дүгээр сарын 7", "mn"),
        ("1998 оны есдүгээр сарын 7", "mn"),
        ("7 Meán Fómhair 1998", "ga"),
        ("7 ກ.ຍ. 1998", "lo"),
        ("7 সেপ, 1998", "bn"),
    ],
)
def test_marks_and_words_around_day_and_year(line: str, language: str) -> None:
    assert found(line, language) == ["1998-09-07"]


@pytest.mark.parametrize("line", ["98. 09. 07.", "98/09/07", "98-09-07", "98.09.07"])
@pytest.mark.parametrize("language", ["ko", "ja", "zh-TW", "hu"])
def test_languages_that_begin_with_the_year_also_do_so_with_two_figures(
    line: str, language: str
) -> None:
    assert found(line, language) == ["1998-09-07"]


def test_all_months_of_mongolian_are_ordinals() -> None:
    lines = [f"2021 оны {name} сарын 15" for name in MONGOLIAN_MONTHS]
    assert [found(line, "mn") for line in lines] == [
        [f"2021-{month:02d}-15"] for month in MONGOLIAN_MONTHS.values()
    ]
