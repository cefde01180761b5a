"""Windows of a text that are worth searching.

Most of a text has no digits, so searching all of it for numbers would take longer than
everything else.
"""

import re
from dataclasses import dataclass
from typing import Final

from fanmill.core.pii.checksums import IBAN_LENGTHS
from fanmill.core.pii.patterns import NUMBER, SIGNS

Window = tuple[int, int]
"""Start and end in code points of the text; the end is behind the last one."""

_BEFORE: Final = 16
_BEHIND: Final = 32
"""Code points before and behind a number that may hold its label or currency."""
_MIN_LONG_LENGTH: Final = 7
"""Digits and separators in the shortest address or telephone number."""

_MIN_CODE_LENGTH: Final = 5
"""Digits behind two capitals in the shortest number of a person."""


@dataclass(slots=True)
class Numbers:
    """Windows and places of numbers in a text.

    Attributes:
        long: Windows around numbers of at least 7 digits and separators.
        prices: Windows around numbers with a currency.
        ibans: Places of digits behind two capitals, which may be a country code.
        codes: Windows around numbers behind a capital, which may be of a person.
    """

    long: list[Window]
    prices: list[Window]
    ibans: list[int]
    codes: list[Window]


def numbers(text: str) -> Numbers:
    """Return the windows and places of the numbers in a text."""
    found = Numbers([], [], [], [])
    for number in NUMBER.finditer(text):
        start, end = number.span()
        if end - start >= _MIN_LONG_LENGTH:
            _widen(found.long, start - _BEFORE, end + _BEHIND)
        before = text[start - 1 : start]
        if (
            number["price"]
            or before in SIGNS
            or (before.isspace() and text[start - 2 : start - 1] in SIGNS)
        ):
            _widen(found.prices, start - _BEFORE, end + _BEHIND)
        elif "a" <= before <= "z":
            if text[start - 2 : start].upper() in IBAN_LENGTHS:
                found.ibans.append(start)
        elif "A" <= before <= "Z" and "A" <= text[start - 2 : start - 1] <= "Z":
            found.ibans.append(start)
            if end - start >= _MIN_CODE_LENGTH or "A" <= text[start - 3 : start - 2] <= "Z":
                _widen(found.codes, start - _BEFORE, end + _BEHIND)
    return found


def _widen(windows: list[Window], start: int, end: int) -> None:
    """Append a window, or extend the last one if they overlap."""
    if windows and windows[-1][1] >= start:
        windows[-1] = (windows[-1][0], end)
    else:
        windows.append((max(0, start), end))


def around(text: str, sign: re.Pattern[str], before: int, behind: int) -> list[Window]:
    """Return the windows around each occurrence of a sign, merged if they overlap."""
    windows: list[Window] = []
    begin = end = -1
    for found in sign.finditer(text):
        at = found.start()
        if at - before > end:
            if end >= 0:
                windows.append((begin, end))
            begin = max(0, at - before)
        end = at + behind
    if end >= 0:
        windows.append((begin, end))
    return windows
