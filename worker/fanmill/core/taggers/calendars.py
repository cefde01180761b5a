"""Years and figures of other calendars: Japanese eras, Minguo, Buddhist and Persian years.

Chinese figures and the Roman figures of months are read here, too.
"""

# ruff: noqa: RUF001 (a full-width letter serves as a zero)

import re
from datetime import date
from typing import Final

BUDDHIST_OFFSET: Final = 543
MINGUO_OFFSET: Final = 1911
ERAS: Final = {
    # The year before the first year of the era.
    "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867,
    "R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867, "㋿": 2018, "㍻": 1988, "㍼": 1925,
    "民國": MINGUO_OFFSET, "民国": MINGUO_OFFSET,
}  # fmt: skip
_FIGURES: Final = {figure: value for value, figure in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "○": 0, "Ｏ": 0, "元": 1, "兩": 2, "两": 2, "十": 10, "廿": 20, "卅": 30,
}  # fmt: skip
FIGURES: Final = "".join(_FIGURES)
_THAI: Final = re.compile("[\u0e00-\u0e7f\u0e80-\u0eff\u1780-\u17ff]")
_BUDDHIST_LANGUAGES: Final = frozenset({"th", "lo", "km"})
_FIRST_BUDDHIST_YEAR: Final = 2443
_LAST_BUDDHIST_YEAR: Final = 2643
_CENTURY: Final = 2000
_PIVOT: Final = 50
_BUDDHIST_CENTURY: Final = 2500
_FIRST_SHORT_BUDDHIST_YEAR: Final = 43


def is_buddhist(line: str, language: str) -> bool:
    """Tell whether the years of a line may be Buddhist ones."""
    return language in _BUDDHIST_LANGUAGES or _THAI.search(line) is not None


def full_year(figures: str, *, buddhist: bool) -> int:
    """Return the year of the common era for two or four figures.

    Two figures are a year from 1950 to 2049. A Buddhist year is between 2443 and 2643; two figures
    above 43 are one, too.
    """
    year = int(figures)
    if len(figures) <= 2:  # noqa: PLR2004
        if buddhist and year > _FIRST_SHORT_BUDDHIST_YEAR:
            return _BUDDHIST_CENTURY + year - BUDDHIST_OFFSET
        return _CENTURY + year if year < _PIVOT else _CENTURY - 100 + year
    if buddhist and _FIRST_BUDDHIST_YEAR <= year <= _LAST_BUDDHIST_YEAR:
        return year - BUDDHIST_OFFSET
    return year


def number_of(figures: str) -> int:
    """Return the value of digits or Chinese figures, such as 二〇二二, 二十三 or 元; 0 for none."""
    if figures.isdecimal():
        return int(figures)
    values = [int(each) if each.isdecimal() else _FIGURES.get(each, 0) for each in figures]
    if any(value >= 10 for value in values):  # noqa: PLR2004
        total = 0
        for value in values:
            total = max(total, 1) * value if value == 10 else total + value  # noqa: PLR2004
        return total
    return int("".join(map(str, values)) or "0")


ROMAN_MONTHS: Final = {
    figure: month
    for month, figure in enumerate(
        ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), 1
    )
}
PERSIAN_MONTHS: Final = {
    name: month
    for month, name in enumerate(
        (
            *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
            *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
        ),
        1,
    )
}
_MONGOLIAN_ORDINALS: Final = (
    *(("нэгдүгээр",), ("хоёрдугаар",), ("гуравдугаар",), ("дөрөвдүгээр",), ("тавдугаар",)),
    *(("зургаадугаар", "зургадугаар"), ("долоодугаар", "долдугаар"), ("наймдугаар",)),
    *(("есдүгээр",), ("аравдугаар",), ("арван нэгдүгээр",), ("арван хоёрдугаар",)),
)
MONGOLIAN_MONTHS: Final = {
    name: month for month, listed in enumerate(_MONGOLIAN_ORDINALS, 1) for name in listed
}
_FIRST_PERSIAN_YEAR: Final = 1200
_LAST_PERSIAN_YEAR: Final = 1499
_LONG_MONTHS: Final = 6
_BEFORE_FIRST_DAY: Final = 226_894
"""Day before the first of the Persian calendar, as `date.toordinal` counts the common era."""


def is_persian_year(year: int) -> bool:
    """Tell whether a year may be one of the Persian calendar: 1200 to 1499, from 1821 on."""
    return _FIRST_PERSIAN_YEAR <= year <= _LAST_PERSIAN_YEAR


def persian_date(year: int, month: int, day: int) -> date | None:
    """Return the date of a day of the Persian solar calendar; None for no valid one.

    Leap years follow the cycle of 33 years; a test compares it with New Year's days.
    """
    if not (1 <= month <= 12 and 1 <= day <= (31 if month <= _LONG_MONTHS else 30)):  # noqa: PLR2004
        return None
    days = (month - 1) * 31 - max(0, month - _LONG_MONTHS - 1) + day
    leap = _leap_days(year)
    if days > 365 + _leap_days(year + 1) - leap:
        return None
    return date.fromordinal(_BEFORE_FIRST_DAY + 365 * (year - 1) + leap + days)


def _leap_days(year: int) -> int:
    """Return the number of leap days before a year of the Persian calendar."""
    return (8 * (year - 1) + 29) // 33
