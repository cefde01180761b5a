"""Personal data and identifiers in a text, with checksums where they exist.

Every pattern is linear in the text: it starts where a token starts and is
bounded or possessive from there.
"""

# ruff: noqa: RUF001 (marks that look like ASCII ones are what is looked for)

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import AddressValueError, IPv6Address
from typing import Final, Literal

from fanmill.core.layout import Span

Kind = Literal[
    "email", "url", "iban", "card", "national-id", "isbn", "doi", "ip", "phone", "money", "hashtag"
]

PERSONAL: Final[frozenset[Kind]] = frozenset(
    {"email", "url", "iban", "card", "national-id", "ip", "phone"}
)
"""What is masked. Money, hashtags, books and articles are public and stay."""

MASK: Final = "█"
"""Takes the place of each masked code point: offsets stay what they are, and it is no word."""

MOST_FOUND: Final = 10_000
"""Items of one text; a database dump has more, and one tag says so."""


@dataclass(frozen=True, slots=True)
class Item:
    """One find: `value` is its normal form, such as `DE89370400440532013000`."""

    kind: Kind
    start: int
    end: int
    value: str
    score: float


_EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}+@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)
_URL: Final = re.compile(
    r"(?:https?|ftp)://[^\s<>\"'`{}|\\^\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]{3,2000}+"
    r"|(?<![A-Za-z0-9.@/])www\.[A-Za-z0-9\-]{1,63}\.[A-Za-z0-9\-./?=&%_~#+]{2,2000}+",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:!?'\")]}>*_"
_IBAN: Final = re.compile(r"\d\d(?<=(?<![A-Za-z0-9])[A-Z]{2}\d\d)(?:[ \u00a0]?[A-Z0-9]){11,30}")
_CARD: Final = re.compile(r"(?<![\d.,\-/])\d(?:[ \-]?\d){12,18}(?![\d.]\d|\d)")
_CHINESE_ID: Final = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
_ISBN: Final = re.compile(
    r"(?<![A-Za-z])ISBN(?:-1[03])?:?\s{0,3}(?P<labelled>[\dXx](?:[ \-–]?[\dXx]){9,12})(?![\dXx])"
    r"|(?<![\d.\-])(?P<bare>97[89](?:[ \-]?\d){10})(?![\d])",
    re.IGNORECASE,
)
_DOI: Final = re.compile(r"(?<![\d.])10\.\d{4,9}/[^\s\"<>\u3000-\u303f\uff00-\uffef]{1,200}+")
_IPV4: Final = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)"
)
_IPV6: Final = re.compile(r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{2,38}+(?![0-9A-Za-z])")
_PHONE: Final = re.compile(
    # +49 30 901820, 0049 30 901820
    r"(?<![\w+.,/])(?<!\d[ \-])"
    r"(?P<world>(?:\+|00)[1-9]\d{0,2}(?:[ \u00a0.\-/]{0,2}\(?\d{1,5}\)?){2,7})"
    r"(?![ \-]?\d)"
    # (415) 555-2671, 415-555-2671, 010-62781234, 020 7946 0958
    r"|(?<![\w+.,/\-])(?<!\d[ \-])(?P<local>\(0?\d{2,4}\) ?\d{3,4}[ \-.]?\d{4}"
    r"|\d{3}[\-.]\d{3}[\-.]\d{4}|0\d{2,4}[ \-/]\d{3,4}[ \-]?\d{3,5})(?![\d\-/.]\d|\d)"
    # 13812345678
    r"|(?<![\w+.,\-/])(?P<mobile>1[3-9]\d[ \-]?\d{4}[ \-]?\d{4})(?![\d\-/.]\d|\d)"
)
_LABELLED_PHONE: Final = re.compile(
    r"(?:tel(?:ephone|efon|éfono|efone)?|phone|mobile|fax|call|電話|电话|手机|热线|тел)"
    r"\.?\s{0,2}[:：]?\s{0,2}(?P<number>\(?\d(?:[ \-./()]{0,3}\d){5,13})(?!\d)",
    re.IGNORECASE,
)
_MONEY: Final = re.compile(
    r"(?:(?:US|A|C|HK|NT|R)?[$€£¥₹₽₩฿]\s?\d{1,3}(?:[.,' ]?\d{3}){0,5}(?:[.,]\d{1,2})?"
    r"(?:\s?(?:million|billion|trillion|mn|bn|m|k)\b)?"
    r"|(?<![A-Za-z0-9.,])\d{1,3}(?:[.,]?\d{3}){0,5}(?:[.,]\d{1,2})?\s?(?:(?:million|billion|trillion|"
    r"Mio\.|Mrd\.|millones de|milliards? d[e'’]|millions? d[e'’])\s)?(?:[万亿億兆]\s?)?"
    r"(?:[€£¥₹₽]|(?:USD|EUR|GBP|CHF|JPY|CNY|RMB|dollars?|euros?|pounds|yuan|Dollar|Euro|рубл\w{0,3}|"
    r"доллар\w{0,3})\b|美元|人民币|欧元|英镑|日元|港元|元|円|ドル|ユーロ))"
)
_HASHTAG: Final = re.compile(r"(?<![\w&/#])#(?=\w{0,99}[^\W\d_])\w{2,100}(?!\w)")
_NUMBER: Final = re.compile(r"\d[\d \-–.,/()]*+")
_BEFORE: Final = 16
_BEHIND: Final = 32
"""Code points around a number where its label or currency stands."""
_SHORTEST_LONG: Final = 7
"""Digits and marks of the shortest address or telephone number."""

_IBAN_LENGTHS: Final = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "FO", "GL", "NL"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "XK"), 20),
    **dict.fromkeys(("CH", "CR", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "BH", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL", "IQ", "TL"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("LY", "PT", "ST"), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("BI", "DJ", "FR", "GR", "IT", "MC", "MR", "SM"), 27),
    **dict.fromkeys(("AL", "AZ", "BY", "CY", "DO", "EG", "GT", "HU", "LB", "NI", "PL", "SV"), 28),
    **dict.fromkeys(("BR", "PS", "QA", "UA"), 29),
    **dict.fromkeys(("JO", "KW", "MU", "YE"), 30),
    **dict.fromkeys(("MT", "SC"), 31),
    "LC": 32,
    "RU": 33,
}


def find(text: str, skip: frozenset[Kind] = frozenset()) -> list[Item]:
    """Return all items of a text in its order, none overlapping another.

    Where two kinds claim the same digits the one with the stricter form wins:
    a card number is no phone number.
    """
    taken: list[Item] = []
    used: dict[int, int] = {}
    for source in _sources(text):
        for item in source(text):
            if item.kind in skip or any(used.get(block, 0) & bits for block, bits in _bits(item)):
                continue
            for block, bits in _bits(item):
                used[block] = used.get(block, 0) | bits
            taken.append(item)
            if len(taken) >= MOST_FOUND:
                return sorted(taken, key=_by_start)
    return sorted(taken, key=_by_start)


def _by_start(item: Item) -> int:
    return item.start


_BLOCK: Final = 64


def _bits(item: Item) -> Iterator[tuple[int, int]]:
    """Yield which code points an item takes, as a bit mask for each block of 64."""
    for block in range(item.start // _BLOCK, (item.end - 1) // _BLOCK + 1):
        low = max(item.start - block * _BLOCK, 0)
        high = min(item.end - block * _BLOCK, _BLOCK)
        yield block, (1 << high) - (1 << low)


def mask(text: str, items: Iterable[Item], kinds: frozenset[Kind] = PERSONAL) -> str:
    """Return the text with each item of these kinds under `█`, code point for code point."""
    parts: list[str] = []
    at = 0
    for item in items:
        if item.kind in kinds:
            parts += (text[at : item.start], MASK * (item.end - item.start))
            at = item.end
    parts.append(text[at:])
    return "".join(parts)


Window = tuple[int, int]
Source = Callable[[str], Iterator[Item]]


def _sources(text: str) -> Iterator[Source]:
    """Yield the finders that have anything to look for, the strictest forms first."""
    if "://" in text or "www." in text or "WWW." in text:
        yield _urls
    if "@" in text:
        yield _emails
    long, any_length = _windows(text)
    if any_length:
        if "10." in text:
            yield _dois
        if long:
            yield _ibans
            for finder in (_isbns, _chinese_ids, _cards, _phones, _ipv4s):
                yield partial(_in_windows, finder=finder, windows=long)
        yield partial(_in_windows, finder=_money, windows=any_length)
    if "::" in text or text.count(":") >= 7:  # noqa: PLR2004  colons of a full address
        yield _ipv6s
    if "#" in text:
        yield _hashtags


def _windows(text: str) -> tuple[list[Window], list[Window]]:
    """Return the stretches around numbers of at least 4 digits and marks, and around any.

    Most of a text has no digits: looking there for numbers would cost more than all else.
    """
    long: list[Window] = []
    any_length: list[Window] = []
    for found in _NUMBER.finditer(text):
        start, end = found.span()
        window = (max(0, start - _BEFORE), end + _BEHIND)
        if end - start >= _SHORTEST_LONG:
            _widen(long, window)
        _widen(any_length, window)
    return long, any_length


def _widen(windows: list[Window], window: Window) -> None:
    if windows and windows[-1][1] >= window[0]:
        windows[-1] = (windows[-1][0], window[1])
    else:
        windows.append(window)


def _in_windows(
    text: str, finder: Callable[[str, int, int], Iterator[Item]], windows: list[Window]
) -> Iterator[Item]:
    for start, end in windows:
        yield from finder(text, start, end)


def _emails(text: str) -> Iterator[Item]:
    for found in _EMAIL.finditer(text):
        yield Item("email", found.start(), found.end(), found[0].lower(), 1.0)


def _urls(text: str) -> Iterator[Item]:
    for found in _URL.finditer(text):
        url = found[0].rstrip(_TRAILING)
        if found[0][len(url) : len(url) + 1] == ")" and "(" in url:
            url += ")"
        yield Item("url", found.start(), found.start() + len(url), url, 1.0)


def _dois(text: str) -> Iterator[Item]:
    for found in _DOI.finditer(text):
        doi = found[0].rstrip(_TRAILING)
        if "/" in doi and not doi.endswith("/"):
            yield Item("doi", found.start(), found.start() + len(doi), doi.lower(), 1.0)


def _isbns(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _ISBN.finditer(text, begin, behind):
        group = "labelled" if found["labelled"] else "bare"
        digits = re.sub(r"[ \-–]", "", found[group]).upper()
        if _isbn13(digits) or (group == "labelled" and _isbn10(digits)):
            yield Item("isbn", found.start(group), found.end(group), digits, 1.0)


def _ibans(text: str) -> Iterator[Item]:
    for found in _IBAN.finditer(text):
        start = found.start() - 2
        length = _IBAN_LENGTHS.get(text[start : start + 2])
        if length is None:
            continue
        compact: list[str] = []
        end = start
        while end < found.end() and len(compact) < length:
            if text[end] not in " \u00a0":
                compact.append(text[end])
            end += 1
        whole = len(compact) == length and not text[end : end + 1].isalnum()
        if whole and iban_is_valid("".join(compact)):
            yield Item("iban", start, end, "".join(compact), 1.0)


def _chinese_ids(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _CHINESE_ID.finditer(text, begin, behind):
        if _chinese_id_is_valid(found[0].upper()):
            yield Item("national-id", found.start(), found.end(), found[0].upper(), 1.0)


def _cards(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _CARD.finditer(text, begin, behind):
        digits = re.sub(r"[ \-]", "", found[0])
        if digits[0] in "23456" and len(set(digits)) > 1 and luhn_is_valid(digits):
            yield Item("card", found.start(), found.end(), digits, 1.0)


_FEWEST_DIGITS: Final = 7
_MOST_DIGITS: Final = 15
_DATE: Final = re.compile(r"(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12]\d|3[01])\Z")


def _phones(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _PHONE.finditer(text, begin, behind):
        group = str(found.lastgroup)
        start, end = found.span(group)
        number = text[start:end]
        digits = "".join(filter(str.isdecimal, number))
        if _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS and not _DATE.match(number):
            score = 0.9 if group == "world" else 0.7
            yield Item("phone", start, end, ("+" if number[0] == "+" else "") + digits, score)
    for found in _LABELLED_PHONE.finditer(text, begin, behind):
        start, end = found.span("number")
        digits = "".join(filter(str.isdecimal, found["number"]))
        if len(digits) >= _FEWEST_DIGITS and not _DATE.match(found["number"]):
            yield Item("phone", start, end, digits, 0.9)


def _ipv4s(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _IPV4.finditer(text, begin, behind):
        yield Item("ip", found.start(), found.end(), found[0], 0.9)


def _ipv6s(text: str) -> Iterator[Item]:
    for found in _IPV6.finditer(text):
        address = found[0].rstrip(":") if not found[0].endswith("::") else found[0]
        try:
            value = str(IPv6Address(address))
        except AddressValueError:
            continue
        # `a::b` is C++, `::1` may be anything.
        if len(address) > len("::1") and any(map(str.isdecimal, address)):
            yield Item("ip", found.start(), found.start() + len(address), value, 0.9)


def _money(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _MONEY.finditer(text, begin, behind):
        yield Item("money", found.start(), found.end(), " ".join(found[0].split()), 0.9)


def _hashtags(text: str) -> Iterator[Item]:
    for found in _HASHTAG.finditer(text):
        yield Item("hashtag", found.start(), found.end(), found[0].lower(), 0.9)


def luhn_is_valid(digits: str) -> bool:
    """Tell whether the last digit is the check digit of ISO/IEC 7812 for those before it."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004
    return total % 10 == 0


def iban_is_valid(iban: str) -> bool:
    """Tell whether an IBAN without spaces has its country's length and its check digits."""
    if _IBAN_LENGTHS.get(iban[:2]) != len(iban):
        return False
    return int("".join(str(int(each, 36)) for each in iban[4:] + iban[:4])) % 97 == 1


def _isbn13(digits: str) -> bool:
    if len(digits) != 13 or not digits.isdecimal() or digits[:3] not in {"978", "979"}:  # noqa: PLR2004
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def _isbn10(digits: str) -> bool:
    if len(digits) != 10 or not digits[:9].isdecimal():  # noqa: PLR2004
        return False
    values = [10 if digit == "X" else int(digit) for digit in digits]
    return sum(value * (10 - place) for place, value in enumerate(values)) % 11 == 0


_CHINESE_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _chinese_id_is_valid(number: str) -> bool:
    month, day = int(number[10:12]), int(number[12:14])
    if number[6:8] not in {"19", "20"} or not (1 <= month <= 12 and 1 <= day <= 31):  # noqa: PLR2004
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(number[:17], _CHINESE_WEIGHTS, strict=True)
    )
    return "10X98765432"[total % 11] == number[17]


def spans_of(items: Iterable[Item], kind: Kind) -> tuple[Span, ...]:
    """Return where the items of one kind stand."""
    return tuple((item.start, item.end) for item in items if item.kind == kind)
