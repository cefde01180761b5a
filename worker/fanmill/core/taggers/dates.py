"""Dates in lines of many languages and calendars, as ISO 8601."""

# ruff: noqa: RUF001 (letters of other scripts look like Latin ones)

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from fanmill.core.taggers.calendars import (
    ERAS,
    FIGURES,
    MONGOLIAN_MONTHS,
    PERSIAN_MONTHS,
    ROMAN_MONTHS,
    full_year,
    is_buddhist,
    is_persian_year,
    number_of,
    persian_date,
)
from fanmill.core.taggers.months import month_of
from fanmill.core.text.characters import DIGITS
from fanmill.core.text.source_lines import Span

EARLIEST_YEAR: Final = 1700
LATEST_YEAR: Final = 2100

_NUMERIC: Final = re.compile(
    r"(?<!\d)(?:(?P<y>\d{4})[\s\u200e\u200f]?[-/.年년]\s?(?P<m>\d{1,2})[\s\u200e\u200f]?[-/.月월]\s?(?P<d>\d{1,2})(?:日|일|号|號)?"
    r"|(?P<a>\d{1,2})(?P<sep>[\s\u200e\u200f]?[./\-]\s?)(?P<b>\d{1,2})(?P=sep)['’]?(?P<y2>\d{4}|\d\d)(?![./\-]\d)"
    r"|(?P<y3>(?:19|20)\d{2})(?P<m3>0[1-9]|1[0-2])(?P<d3>[0-2]\d|3[01]))(?!\d)"
)
_MONTH: Final = r"[^\W\d_][^\s\d,;:/()\[\]\-–]{1,14}?\.?(?:\s(?:الثاني|الأول|[fF]ómhair))?"
_YEAR: Final = r"(?:\d{4}|['’]?\d\d)(?!\d)(?![.,:/\-]\d)"
_DAY_FIRST: Final = re.compile(
    r"(?:(?<![\d.,:/\-])|(?<=ב-)|(?<=ika-))(?P<d>\d{1,2})"
    r"(?:st|nd|rd|th|er|ère|º|ª|°|\.º|\.|-го|-е|-а|ος|ο|η)?(?:\s|-|/|\.|,(?=\s))?\s?"
    rf"(?:de\s|d['’]|di\s|del\s|of\s|da\s|ta['’]\s|ng\s)?(?P<m>{_MONTH})[,.،]?(?:\s|-|/)\s?"
    rf"(?:de\s|del\s|of\s|พ\.ศ\.\s?|ค\.ศ\.\s?|lui\s)?(?P<y>{_YEAR})"
)
_MONTH_FIRST_SPELT: Final = re.compile(
    rf"(?<!\w)(?P<m>{_MONTH})[\s\-]\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s?|\s|-)\s?(?P<y>{_YEAR})"
)
_AFTER_YEAR: Final = (
    r"(?<![\d.,:/\-])(?P<y>\d{4})"
    r"(?:\.?\s?(?:m\.|metų|gada|aasta|жылғы|жылдын|оны|ж\.|թ\.|թվականի|\(?e?\)?ko)\s?"
    r"|\.\s?|-(?:e?ko\s)?|,?\s)"
)
_YEAR_FIRST: Final = re.compile(
    rf"{_AFTER_YEAR}(?P<m>{_MONTH})(?:\s|-)\s?(?P<d>\d{{1,2}})(?!\d|[.,:/\-]\d)"
)
_YEAR_DAY_MONTH: Final = re.compile(rf"{_AFTER_YEAR}(?P<d>\d{{1,2}})\.?\s(?P<m>{_MONTH})(?![^\W_])")
_VIETNAMESE: Final = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})\s(?:tháng|thg\.?)\s?(?P<m>\d{1,2})(?:,|\s(?:năm)?|/|-)\s?(?P<y>\d{4})",
    re.IGNORECASE,
)
_MONGOLIAN: Final = re.compile(
    rf"(?<!\d)(?P<y>\d{{4}})\s?(?:оны|он)\s(?P<m>\d{{1,2}}|{'|'.join(MONGOLIAN_MONTHS)})"
    r"(?:-р|\sдугаар|\sдүгээр)?\sсарын\s(?P<d>\d{1,2})(?!\d)",
    re.IGNORECASE,
)
_SPELT: Final = (_DAY_FIRST, _MONTH_FIRST_SPELT, _YEAR_FIRST, _YEAR_DAY_MONTH)
_LONG_ERAS: Final = "|".join(era for era in ERAS if not era.isascii())
_FIGURE: Final = rf"(?:\d{{1,2}}|[{FIGURES}]{{1,3}})"
_ERA_SIGN: Final = re.compile(rf"年|民[国國]|[㋿㍻㍼]|[RHSTM]\.?[{DIGITS}]")
_ERA: Final = re.compile(
    rf"(?:(?P<era>{_LONG_ERAS})\s?(?P<y>\d{{1,3}}|[{FIGURES}]{{1,4}})\s?年?\s?|(?P<cy>[{FIGURES}]{{4}})年)"
    rf"\s?[./\-]?(?P<m>{_FIGURE})\s?[月./\-]\s?(?P<d>{_FIGURE})(?:日|号|號|(?!\d))"
    r"|(?<![A-Za-z\d])(?P<letter>[RHSTM])\.?(?P<ly>\d{1,2})[./\-](?P<lm>\d{1,2})[./\-](?P<ld>\d{1,2})"
    r"(?![\d.])"
)
YEAR: Final = re.compile(
    # A set of first characters: `re` would try alternatives at each character of a text.
    rf"[{DIGITS}年民](?:(?<=年)|(?<=民)[国國]|(?<![年民])(?:\d{{3}}|\d(?!\d)(?<=[./\-'’]\d\d)"
    r"|\d(?!\d)(?<=[^\W\d_][ \-.]\d\d)|\d(?!\d)(?<=\. \d\d)|(?<=[RHSTM]\d)\d?\.))"
)
"""Signs of a year: four figures, two figures behind a separator or word, or the Chinese word."""
_ROMAN: Final = re.compile(
    r"(?<![\d.,:/\-])(?P<d>\d{1,2})(?P<sep>\.\s?|\s|/|-)"
    r"(?P<m>X?I{1,3}|I?[XV]|VI{1,3}|XI?)(?P=sep)(?P<y>\d{4})(?!\d)"
)
_ROMAN_SIGN: Final = re.compile(r"\d\D{0,2}[IVX]")
_PERSIAN: Final = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})\s?(?P<m>{'|'.join(PERSIAN_MONTHS)})(?:\sماه)?"
    r"[\s،]{1,2}(?P<y>\d{4})(?!\d)"
)
_BEFORE_YEAR: Final = 36
_BEHIND_YEAR: Final = 30
"""Code points before and behind a year that may hold day and month."""
_MONTH_FIRST: Final = frozenset({"en", "en-us", "en-ph", "en-pr", "en-fm", "es-us", "es-pr", "fil"})
"""Languages and regions where 05/08/2022 is in May (CLDR's short dates)."""
_SHORT_YEAR_FIRST: Final = frozenset({"eu", "hu", "ja", "ko", "mn", "ne", "zh"})
"""Languages that write 24/05/01 with the year in front, as they do with years of four figures."""
_DASHED_MONTH_FIRST: Final = frozenset({"en-us"})


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a line.

    Attributes:
        value: The date as ISO 8601.
        start: First code point in the line.
        end: Code point behind the last one.
        is_short: Whether the year has two figures, so that it may be another number.
    """

    value: str
    start: int
    end: int
    is_short: bool = False


def dates(line: str, language: str) -> Iterator[FoundDate]:
    """Yield the dates of a line in text order; no two overlap.

    Args:
        line: A line of text.
        language: BCP 47 tag. Language and region decide the order of day and month; it is
            month first for English without a region.
    """
    tag = language.casefold()
    found = [
        each for start, end in _around_years(line) for each in _dates_in(line, tag, start, end)
    ]
    behind = -1
    for each in sorted(found, key=lambda date_: (date_.start, -date_.end)):
        if each.start >= behind:
            yield each
            behind = each.end


def _dates_in(line: str, tag: str, start: int, end: int) -> Iterator[FoundDate]:
    yield from _numeric_dates(line, tag, start, end)
    yield from _spelt_dates(line, tag, start, end)
    if _ERA_SIGN.search(line, start, end):
        yield from _era_dates(line, start, end)


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


def _numeric_dates(line: str, tag: str, start: int, end: int) -> Iterator[FoundDate]:
    buddhist = is_buddhist(line, tag.partition("-")[0])
    for match in _NUMERIC.finditer(line, start, end):
        short = False
        if match["y"]:
            year, month, day = full_year(match["y"], buddhist=buddhist), match["m"], match["d"]
        elif match["y3"]:
            year, month, day = int(match["y3"]), match["m3"], match["d3"]
        else:
            short = len(match["y2"]) == 2  # noqa: PLR2004
            year = full_year(match["y2"], buddhist=buddhist)
            separator = match["sep"].strip()
            month_first = (separator == "/" and tag_is(tag, _MONTH_FIRST)) or (
                separator == "-" and tag in _DASHED_MONTH_FIRST
            )
            first, second = int(match["a"]), int(match["b"])
            value = None
            if short and tag.partition("-")[0] in _SHORT_YEAR_FIRST:
                year_first = full_year(match["a"].zfill(2), buddhist=False)
                value = iso_date(year_first, second, int(match["y2"]))
            value = value or _either(year, first, second, month_first=month_first)
            if value:
                yield FoundDate(value, match.start(), match.end(), short)
            continue
        if tag == "fa" and is_persian_year(year):
            value = _persian_iso(year, int(month), int(day))
        else:
            value = iso_date(year, int(month), int(day))
        if value:
            yield FoundDate(value, match.start(), match.end(), short)


def _persian_iso(year: int, month: int, day: int) -> str | None:
    found = persian_date(year, month, day)
    return found.isoformat() if found else None


def _either(year: int, first: int, second: int, *, month_first: bool) -> str | None:
    """Return the date of two numbers in the usual order; in the other if only it is valid."""
    one, other = iso_date(year, first, second), iso_date(year, second, first)
    return (one or other) if month_first else (other or one)


def tag_is(tag: str, tags: frozenset[str]) -> bool:
    """Tell whether a BCP 47 tag is one of some tags, without its script."""
    parts = [part for part in tag.casefold().replace("_", "-").split("-") if len(part) != 4]  # noqa: PLR2004
    return "-".join(parts[:2]) in tags


def _spelt_dates(line: str, tag: str, start: int, end: int) -> Iterator[FoundDate]:
    language = tag.partition("-")[0]
    vietnamese = (_VIETNAMESE,) if "th" in line and ("tháng" in line or "thg" in line) else ()
    mongolian = (_MONGOLIAN,) if "сарын" in line else ()
    for pattern in (*_SPELT, *vietnamese, *mongolian):
        at = start
        while match := pattern.search(line, at, end):
            found = _spelt_date(match, language)
            if found:
                yield found
            at = found.end if found else match.start() + 1
    for match in _ROMAN.finditer(line, start, end) if _ROMAN_SIGN.search(line) else ():
        value = iso_date(int(match["y"]), ROMAN_MONTHS[match["m"]], int(match["d"]))
        if value:
            yield FoundDate(value, match.start(), match.end())
    for match in _PERSIAN.finditer(line, start, end) if max(line) >= "\u0627" else ():
        year = int(match["y"])
        value = _persian_iso(year, PERSIAN_MONTHS[match["m"]], int(match["d"]))
        if value and is_persian_year(year):
            yield FoundDate(value, match.start(), match.end())


def _spelt_date(match: re.Match[str], language: str) -> FoundDate | None:
    name = match["m"]
    month = (
        int(name)
        if name.isdecimal()
        else month_of(name, language) or MONGOLIAN_MONTHS.get(name.casefold())
    )
    day = match["d"]
    if not month:
        return None
    # Only Thai, Lao and Khmer names of months go with Buddhist years.
    buddhist = is_buddhist(name, "") and "ค.ศ." not in match[0]
    figures = match["y"].lstrip("'’")
    value = iso_date(full_year(figures, buddhist=buddhist), month, int(day))
    short = len(figures) == 2  # noqa: PLR2004
    return FoundDate(value, match.start(), match.end(), short) if value else None


def _era_dates(line: str, start: int, end: int) -> Iterator[FoundDate]:
    for match in _ERA.finditer(line, start, end):
        if match["letter"]:
            year = ERAS[match["letter"]] + int(match["ly"])
            month, day = match["lm"], match["ld"]
        elif match["era"]:
            year = ERAS[match["era"]] + number_of(match["y"])
            month, day = match["m"], match["d"]
        else:
            year, month, day = number_of(match["cy"]), match["m"], match["d"]
        value = iso_date(year, number_of(month), number_of(day))
        if value:
            short = match["letter"] is not None
            yield FoundDate(value, match.start(), match.end(), short)


def iso_date(year: int, month: int, day: int) -> str | None:
    """Return a date as ISO 8601; None for no valid date in the years 1700 to 2100."""
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
