"""Telephone numbers: international, in national form, or labelled.

The national forms are `data/phones.toml`; phonenumbers decides whether a number is in use.
"""

# ruff: noqa: RUF001 (marks of other scripts resemble ASCII ones)

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from fanmill.core.pii.contexts import is_called, is_counted, is_numbered, is_phone_labelled
from fanmill.core.pii.items import Item
from fanmill.core.pii.letters import ALPHABETIC, HYPHENS, SPACES

_FILE: Final = Path(__file__).with_name("data") / "phones.toml"
_SEPARATORS: Final = rf"{SPACES}.{HYPHENS}\u2012\u2013/"
_CANDIDATE: Final = re.compile(
    rf"(?=[\d(+])(?:(?<![{ALPHABETIC}_\d+@#=$€£¥])"
    r"|(?<=[LXlx])(?<=\b(?:TEL|FAX|Tel|Fax)))"
    r"(?:(?<!\d[.,:/\-])|(?<=/)(?=\+))(?<![^\W\d_][\-_/])"
    rf"(?:\(?(?:\+|00)[{SPACES}]?)?\(?\d(?:"
    rf"(?:[{_SEPARATORS}()]{{0,4}}\d){{5,39}}+(?![{ALPHABETIC}_@]|[.,:/%\-]?\d)"
    # A price or a time in brackets may follow: `0871 234 5678 (10p a minute)`.
    rf"|(?:[{_SEPARATORS}]{{0,4}}\d){{5,14}}+(?=[{SPACES}]?\())"
)
_BETWEEN: Final = re.compile(r"\s?/\s?|\s[-–—]\s")
"""Signs between two numbers, which may also be inside of one."""
_COUNTRY_PREFIX: Final = re.compile(
    rf"\(?(?:(?:\+|00)[{SPACES}]?\d{{1,3}}|[0178])\)?[{_SEPARATORS}]{{0,2}}\Z"
)
_DATE: Final = re.compile(
    r"(?:1[5-9]|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12]\d|3[01])(?:\D.*)?\Z"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./ ](?:0?[1-9]|[12]\d|3[01])[-./ ](?:(?:1[5-9]|20)\d\d)(?:\D.*)?\Z"
)
_YEARS: Final = re.compile(r"\(?((?:1[0-9]|20)\d\d)[-–. ]((?:1[0-9]|20)\d\d)\)?\Z")
_NO_PHONE: Final = re.compile(
    r"\d{1,2}[-–]\d{1,2}[ /]\d{1,2}[-–]\d{1,2}\Z|[+]?\d{1,2}[.]\d{4,}\Z"
    r"|\d{1,2}[.]\d\d\s?[-–]\s?\d{1,2}[.]\d\d\Z|[1-9]\d*/\d+\Z|0123456789\Z"
)
"""Opening hours, fractions, and all digits in order."""
_LISTED: Final = re.compile(r"\s?[,;/&]?\s?(?:[^\W\d_]{1,6}\s){0,2}\Z")
"""Text between two telephone numbers, such as ` or `."""
_THOUSANDS: Final = re.compile(rf"\+?[{SPACES}]?\d{{1,3}}(?:([{SPACES}.])\d{{3}})(?:\1\d{{3}})*\Z")
_MIN_DIGITS: Final = 7
_MIN_LABELLED_DIGITS: Final = 6
_MAX_DIGITS: Final = 15
_MIN_INTERNATIONAL_DIGITS: Final = 9
_SOLID_SCRIPTS: Final = {
    "CN": re.compile("[\u4e00-\u9fff]"),
    "RU": re.compile("[\u0400-\u04ff]"),
}
"""Scripts near a mobile number without a separator or a zero in front."""
_NEAR: Final = 12


def phones(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield telephone numbers; a number with a country code has the value of E.164."""
    last = begin
    for found in _CANDIDATE.finditer(text, begin, behind):
        for start, end in _pieces(text, *found.span()):
            listed = last > begin and _LISTED.match(text[last:start]) is not None
            item = _phone(text, start, end, listed=listed)
            # Digits of something else may follow a number with a country code.
            while not item and text[start] == "+" and (end := text.rfind(" ", start, end)) > start:
                item = _phone(text, start, end)
            if item:
                last = item.end
                yield item


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the numbers of a candidate.

    A slash or a dash between two long numbers parts them. A bracket begins a number, except
    behind a prefix or directly behind a digit.
    """
    at = start
    for sign in _BETWEEN.finditer(text, start, end):
        if sign[0] == "/" and text[at] != "0" and text[at : sign.start()].isdecimal():
            continue  # a fraction
        if _digits_in(text, at, sign.start()) >= _MIN_DIGITS <= _digits_in(text, sign.end(), end):
            yield from _bracketed(text, at, sign.start())
            at = sign.end()
    yield from _bracketed(text, at, end)


def _digits_in(text: str, start: int, end: int) -> int:
    return sum(map(str.isdecimal, text[start:end]))


def _bracketed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for bracket in range(start + 1, end):
        if (
            text[bracket] != "("
            or text[bracket - 1].isdecimal()
            or _COUNTRY_PREFIX.fullmatch(text, at, bracket)
        ):
            continue
        yield _trimmed(text, at, bracket)
        at = bracket
    yield _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and not text[end - 1].isdecimal():
        end -= 1
    if text[start] == "(" and ")" not in text[start:end]:
        start += 1
    return start, end


def _phone(text: str, start: int, end: int, *, listed: bool = False) -> Item | None:
    number = text[start:end]
    digits = "".join(map(str, (int(each) for each in number if each.isdecimal())))
    if not _MIN_LABELLED_DIGITS <= len(digits) <= _MAX_DIGITS + 2 or _DATE.match(number):
        return None
    labelled = is_phone_labelled(text, start) and not (
        number.isdecimal() and digits[0] != "0" and _is_below_word(text, start)
    )
    if _NO_PHONE.match(number) and not labelled:
        digits = ""
    elif number.lstrip("( ")[:1] == "+" or digits.startswith("00"):
        value = _international(text, start, end, digits, labelled=labelled)
        return Item("phone", start, end, value, 0.95) if value else None
    if labelled:
        short = len(digits) < _MIN_DIGITS and number.isdecimal()
        return (
            None if short or len(digits) > _MAX_DIGITS else Item("phone", start, end, digits, 0.9)
        )
    if len(digits) < _MIN_DIGITS or _are_years(number) or is_counted(text, end):
        return None
    numbered = is_numbered(text, start)
    called = (listed and not numbered) or is_called(text, start)
    if (called and _is_callable(number, digits)) or (
        (called or not numbered) and _is_national(text, start, end, digits)
    ):
        return Item("phone", start, end, digits, 0.75)
    return None


def _are_years(number: str) -> bool:
    """Tell whether a number is a range of years; Korean service numbers have the same form."""
    years = _YEARS.match(number)
    return years is not None and years[1] <= years[2]


def _is_below_word(text: str, start: int) -> bool:
    """Tell whether the line above a number ends without a colon: a menu, not a label."""
    before = text[max(0, start - _NEAR) : start]
    said = before.rstrip()
    return "\n" in before[len(said) :] and said[-1:] not in ":："


def _international(text: str, start: int, end: int, digits: str, *, labelled: bool) -> str | None:
    """Return the E.164 form of a number with a country code; None if it is no telephone number."""
    number = text[start:end]
    plus = "+" in number
    parsed = _parse(("+" if plus else "") + (digits if plus else "+" + digits[2:]), None)
    if parsed is None or (not labelled and is_counted(text, end)):
        return None
    thousands = _THOUSANDS.match(number) is not None
    valid = phonenumbers.is_valid_number(parsed)
    if not (labelled or (plus and valid)) and is_numbered(text, start):
        return None
    # A country without its own check is possible by its length alone.
    possible = (
        phonenumbers.is_possible_number(parsed)
        and (labelled or (not thousands and len(digits) >= _MIN_INTERNATIONAL_DIGITS))
        and plus
    )
    if not (valid or possible):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _is_callable(number: str, digits: str) -> bool:
    """Tell whether a number behind `call` looks like a telephone number."""
    valid_only = number.isdecimal() or _THOUSANDS.match(number) is not None
    return not valid_only or any(_is_valid(digits, region) for region in national_forms())


def _is_national(text: str, start: int, end: int, digits: str) -> bool:
    """Tell whether a number has the form of a country and is valid there."""
    number = text[start:end]
    if number.isdecimal():
        return _is_solid_mobile(text, start, end, digits)
    if _THOUSANDS.match(number) and number[0] != "0":
        return False
    return any(_is_valid(digits, region) for region in _regions().get(_shape(number), ()))


def _is_solid_mobile(text: str, start: int, end: int, digits: str) -> bool:
    """Tell whether digits without separators are a mobile number of one of the countries."""
    if digits[0] == "0" and digits[1] != "0":
        return any(_is_mobile(digits, region) for region in national_forms())
    near = text[max(0, start - _NEAR) : start] + text[end : end + _NEAR]
    return any(
        script.search(near) is not None and _is_mobile(digits, region)
        for region, script in _SOLID_SCRIPTS.items()
    )


def _is_mobile(digits: str, region: str) -> bool:
    parsed = _parse(digits, region)
    return (
        parsed is not None
        and phonenumbers.is_valid_number_for_region(parsed, region)
        and phonenumbers.number_type(parsed)
        in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
    )


def _is_valid(digits: str, region: str) -> bool:
    parsed = _parse(digits, region)
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def _parse(number: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except NumberParseException:
        return None


def _shape(number: str) -> str:
    """Return the groups of a number, such as `09 99 99 99 99` for `01 23 45 67 89`."""
    spaced = re.sub(rf"[{_SEPARATORS}]+", " ", number)
    spaced = re.sub(r"\s*([()])\s*", r"\1", spaced)
    masked = re.sub(r"\d", "9", spaced)
    first = 1 if masked[0] == "(" else 0
    return masked[:first] + "0" + masked[first + 1 :] if spaced[first] == "0" else masked


@cache
def national_forms() -> dict[str, tuple[str, ...]]:
    """Return the examples of national forms by country (ISO 3166)."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {region: tuple(listed) for region, listed in data.items()}


@cache
def _regions() -> dict[str, tuple[str, ...]]:
    """Return the countries of each form."""
    regions: dict[str, list[str]] = {}
    for region, listed in national_forms().items():
        for shape in dict.fromkeys(map(_shape, listed)):
            regions.setdefault(shape, []).append(region)
    return {shape: tuple(listed) for shape, listed in regions.items()}
