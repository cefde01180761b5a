"""Dates in lines of many languages, as ISO 8601."""

# ruff: noqa: RUF001, ISC004 (months are lists; letters of other scripts look like Latin ones)

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from fanmill.core.text.characters import DIGITS
from fanmill.core.text.source_lines import Span

EARLIEST_YEAR: Final = 1700
LATEST_YEAR: Final = 2100

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari января "
            "янв ocak stycznia يناير जनवरी มกราคม",
            "february feb februar février fevrier févr febrero febbraio fevereiro fev februari "
            "февраля фев şubat lutego فبراير फरवरी กุมภาพันธ์",
            "march mar märz maerz mrz mars marzo março marco maart марта мар mart marca مارس मार्च "
            "มีนาคม",
            "april apr avril avr abril abr aprile апреля апр nisan kwietnia أبريل ابريل अप्रैल "
            "เมษายน",
            "may mai mayo maggio mag maio mei мая май mayıs maja مايو मई พฤษภาคม",
            "june jun juni juin junio giugno giu junho июня июн haziran czerwca يونيو जून มิถุนายน",
            "july jul juli juillet juil julio luglio lug julho июля июл temmuz lipca يوليو जुलाई "
            "กรกฎาคม",
            "august aug août aout agosto ago augustus августа авг ağustos sierpnia أغسطس अगस्त "
            "สิงหาคม",
            "september sept sep septembre septiembre settembre set setembro сентября сен eylül "
            "września سبتمبر सितंबर กันยายน",
            "october oct oktober okt octobre octubre ottobre ott outubro out октября окт ekim "
            "października أكتوبر अक्टूबर ตุลาคม",
            "november nov novembre noviembre novembro ноября ноя kasım listopada نوفمبر नवंबर "
            "พฤศจิกายน",
            "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro "
            "декабря дек aralık grudnia ديسمبر दिसंबर ธันวาคม",
        ),
        start=1,
    )
    for name in names.split()
}
_NUMERIC: Final = re.compile(
    r"(?<!\d)(?:(?P<y>\d{4})\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})(?:日|일)?"
    r"|(?P<a>\d{1,2})(?P<sep>[./\-])(?P<b>\d{1,2})(?P=sep)(?P<y2>\d{4})"
    r"|(?P<y3>(?:19|20)\d{2})(?P<m3>0[1-9]|1[0-2])(?P<d3>[0-2]\d|3[01]))(?!\d)"
)
_SPELT: Final = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s(?:de\s|d['’])?(?P<m>[^\W\d_]{3,12}\u0e4c?)\.?,?\s"
    r"(?:de\s|del\s)?(?P<y>\d{4})(?!\d)"
    r"|(?<!\w)(?P<m2>[^\W\d_]{3,10})\.?\s(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<y2>\d{4})(?!\d)",
)
YEAR: Final = re.compile(rf"[{DIGITS}]\d{{3}}")
_BEFORE_YEAR: Final = 36
_BEHIND_YEAR: Final = 14
"""Code points before and behind a year that may hold day and month."""
_MONTH_FIRST: Final = frozenset({"en"})


def dates(line: str, language: str) -> Iterator[tuple[str, int, int]]:
    """Yield the ISO dates of a line with their offsets in it, in text order."""
    found: list[tuple[int, int, str]] = []
    for start, end in _around_years(line):
        found += _numeric_dates(line, language, start, end)
        found += _spelt_dates(line, start, end)
    for begin, end, value in sorted(found):
        yield value, begin, end


def _around_years(line: str) -> list[Span]:
    """Return the spans of a line that may hold a date."""
    spans: list[Span] = []
    for year in YEAR.finditer(line):
        start, end = max(0, year.start() - _BEFORE_YEAR), year.end() + _BEHIND_YEAR
        if spans and spans[-1][1] >= start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _numeric_dates(
    line: str, language: str, start: int, end: int
) -> Iterator[tuple[int, int, str]]:
    for match in _NUMERIC.finditer(line, start, end):
        if match["y"]:
            value = iso_date(int(match["y"]), int(match["m"]), int(match["d"]))
        elif match["y3"]:
            value = iso_date(int(match["y3"]), int(match["m3"]), int(match["d3"]))
        else:
            a, b, year = int(match["a"]), int(match["b"]), int(match["y2"])
            slash = match["sep"] == "/" and language in _MONTH_FIRST
            value = iso_date(year, a, b) if slash else iso_date(year, b, a)
            value = value or (iso_date(year, b, a) if slash else iso_date(year, a, b))
        if value:
            yield match.start(), match.end(), value


def _spelt_dates(line: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for match in _SPELT.finditer(line, start, end):
        day_text, name, year_text = (
            (match["d"], match["m"], match["y"])
            if match["m"]
            else (match["d2"], match["m2"], match["y2"])
        )
        month = _MONTHS.get(name.casefold())
        number = (
            int(year_text) - 543
            if month and name[0] >= "\u0e00" and name[0] <= "\u0e7f"
            else int(year_text)
        )
        value = iso_date(number, month, int(day_text)) if month else None
        if value:
            yield match.start(), match.end(), value


def iso_date(year: int, month: int, day: int) -> str | None:
    """Return a date as ISO 8601; None for no valid date in the years 1700 to 2100."""
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
