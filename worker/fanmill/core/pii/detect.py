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
from typing import Any, Final, Literal

import re2

from fanmill.core.pii.checksums import (
    IBAN_LENGTHS,
    chinese_id_is_valid,
    iban_is_valid,
    isbn10_is_valid,
    isbn13_is_valid,
    luhn_is_valid,
)
from fanmill.core.text.characters import DIGITS
from fanmill.core.text.layout import Span

Kind = Literal[
    "email", "url", "iban", "card", "national-id", "isbn", "doi", "ip", "phone", "money", "hashtag"
]

PERSONAL: Final[frozenset[Kind]] = frozenset(
    {"email", "url", "iban", "card", "national-id", "ip", "phone"}
)
"""What is masked. Money, hashtags, books and articles are public and stay."""

MASK: Final = "█"
"""Takes the place of each masked code point: offsets stay what they are, and it is no word."""

MAX_FOUND: Final = 10_000
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
_SCHEME: Final = re.compile(r"(?:https?|ftp)\Z", re.IGNORECASE)
_URL: Final = re.compile(r"://[^\s<>\"'`{}|\\^\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]{3,2000}+")
_MAX_SCHEME_LENGTH: Final = 5
_WWW: Final = re.compile(
    r"www\.(?<![A-Za-z0-9.@/]....)[A-Za-z0-9\-]{1,63}\.[A-Za-z0-9\-./?=&%_~#+]{2,2000}+",
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
_DOI: Final = re.compile(r"10\.(?<![\d.]10\.)\d{4,9}/[^\s\"<>\u3000-\u303f\uff00-\uffef]{1,200}+")
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
_AMOUNT: Final = (
    # 1 700,50 with spaces; else any other sign between thousands, or none.
    r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3}(?!\d))+|\d{1,3}(?:[.,']?\d{3}){0,5})(?:[.,]\d{1,2})?"
)
_MONEY: Final = re.compile(
    rf"(?:(?:US|A|C|HK|NT|R)?[$€£¥₹₽₩฿]\s?{_AMOUNT}"
    r"(?:[\s-]?(?:million|billion|trillion|crore|lakh|mn|bn|m|b|k)\b)?"
    rf"|(?<![A-Za-z0-9.,]){_AMOUNT}\s?(?:(?:million|billion|trillion|"
    r"Mio\.|Mrd\.|Millionen|Milliarden|millones de|milliards? d[e'’]|millions? d[e'’])\s?)?"
    r"(?:[万亿億兆]\s?)?(?:[€£¥₹₽]|(?:USD|EUR|GBP|CHF|JPY|CNY|RMB|dollars?|euros?|yuan|Dollar|Euro|"
    # Pounds alone are a weight as often.
    r"pounds\ssterling|(?<=llion\s)pounds|рубл\w{0,3}|доллар\w{0,3})\b|"
    r"美元|人民币|欧元|英镑|日元|港元|元|円|ドル|ユーロ))"
)
_HASHTAG: Final = re.compile(r"#(?<![\w&/#]#)(?=\w{0,99}[^\W\d_])\w{2,100}(?!\w)")
_SIGNS: Final = frozenset("$€£¥₹₽₩฿")
_AT: Final = re.compile("@")
_TWO_COLONS: Final = re.compile(":[0-9A-Fa-f]{0,4}:")
_NUMBER: Final = re.compile(
    rf"[{DIGITS}][\d \-–.,/()]*+"
    # What may stand behind an amount.
    r"(?P<price>\s?(?:[€£¥₹₽万亿億兆元円]|million|billion|trillion|Mi|Mrd|millones|milliard|USD|EUR|"
    r"GBP|CHF|JPY|CNY|RMB|dollar|euro|pound|yuan|Dollar|Euro|рубл|доллар|美元|人民币|欧元|英镑|日元|"
    r"港元|ドル|ユーロ))?"
)
_BEFORE: Final = 16
_BEHIND: Final = 32
"""Code points around a number where its label or currency stands."""
_MIN_LONG_LENGTH: Final = 7
"""Digits and marks of the shortest address or telephone number."""


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
            if len(taken) >= MAX_FOUND:
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
Finder = Callable[[str, int, int], Iterator[Item]]


def _sources(text: str) -> Iterator[Source]:  # noqa: C901  one kind after the other
    """Yield the finders that have anything to look for, the strictest forms first."""
    if "://" in text:
        yield _urls
    if "www." in text or "WWW." in text:
        yield _hosts
    if "@" in text:
        yield partial(_in_windows, finder=_emails, windows=_around(text, _AT, 80, 300))
    numbers = _numbers(text)
    if "10." in text:
        yield _dois
    if numbers.ibans:
        yield partial(_ibans, places=numbers.ibans)
    if numbers.long:
        for finder in _LONG_FINDERS:
            yield partial(_in_windows, finder=finder, windows=numbers.long)
    if numbers.prices:
        yield partial(_in_windows, finder=_money, windows=numbers.prices)
    if _TWO_COLONS.search(text):
        yield partial(_in_windows, finder=_ipv6s, windows=_around(text, _TWO_COLONS, 40, 48))
    if "#" in text:
        yield _hashtags


@dataclass(slots=True)
class _Numbers:
    """Where in a text it pays to look for what.

    Most of a text has no digits: looking there for numbers would cost more than all else.

    Attributes:
        long: Stretches around numbers of at least 7 digits and marks.
        prices: Stretches around numbers with a currency.
        ibans: Where a country and two digits stand.
    """

    long: list[Window]
    prices: list[Window]
    ibans: list[int]


def _numbers(text: str) -> _Numbers:
    found = _Numbers([], [], [])
    for number in _NUMBER.finditer(text):
        start, end = number.span()
        if end - start >= _MIN_LONG_LENGTH:
            _widen(found.long, start - _BEFORE, end + _BEHIND)
        before = text[start - 1 : start]
        if (
            number["price"]
            or before in _SIGNS
            or (before.isspace() and text[start - 2 : start - 1] in _SIGNS)
        ):
            _widen(found.prices, start - _BEFORE, end + _BEHIND)
        elif "A" <= before <= "Z" and "A" <= text[start - 2 : start - 1] <= "Z":
            found.ibans.append(start)
    return found


def _widen(windows: list[Window], start: int, end: int) -> None:
    if windows and windows[-1][1] >= start:
        windows[-1] = (windows[-1][0], end)
    else:
        windows.append((max(0, start), end))


def _around(text: str, sign: re.Pattern[str], before: int, behind: int) -> list[Window]:
    """Return the stretches around each place of a sign."""
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


def _in_windows(text: str, finder: Finder, windows: list[Window]) -> Iterator[Item]:
    gate = _GATES.get(finder)
    for start, end in windows:
        # Tables and dumps are one long stretch. RE2 tells whether there is anything to find.
        if gate is None or end - start < _GATED or gate.search(text[start:end]):
            yield from finder(text, start, end)


def _emails(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _EMAIL.finditer(text, begin, behind):
        yield Item("email", found.start(), found.end(), found[0].lower(), 1.0)


def _urls(text: str) -> Iterator[Item]:
    at = text.find("://")
    while at >= 0:
        scheme = _SCHEME.search(text, max(0, at - _MAX_SCHEME_LENGTH), at)
        found = _URL.match(text, at) if scheme else None
        if scheme and found:
            yield _url(scheme.start(), text[scheme.start() : found.end()])
            at = found.end()
        at = text.find("://", at + (not found))


def _hosts(text: str) -> Iterator[Item]:
    for found in _WWW.finditer(text):
        yield _url(found.start(), found[0])


def _url(start: int, found: str) -> Item:
    url = found.rstrip(_TRAILING)
    if found[len(url) : len(url) + 1] == ")" and "(" in url:
        url += ")"
    return Item("url", start, start + len(url), url, 1.0)


def _dois(text: str) -> Iterator[Item]:
    for found in _DOI.finditer(text):
        doi = found[0].rstrip(_TRAILING)
        if "/" in doi and not doi.endswith("/"):
            yield Item("doi", found.start(), found.start() + len(doi), doi.lower(), 1.0)


def _isbns(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _ISBN.finditer(text, begin, behind):
        group = "labelled" if found["labelled"] else "bare"
        digits = re.sub(r"[ \-–]", "", found[group]).upper()
        if isbn13_is_valid(digits) or (group == "labelled" and isbn10_is_valid(digits)):
            yield Item("isbn", found.start(group), found.end(group), digits, 1.0)


def _ibans(text: str, places: list[int]) -> Iterator[Item]:
    for found in filter(None, (_IBAN.match(text, place) for place in places)):
        start = found.start() - 2
        length = IBAN_LENGTHS.get(text[start : start + 2])
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
        if chinese_id_is_valid(found[0].upper()):
            yield Item("national-id", found.start(), found.end(), found[0].upper(), 1.0)


def _cards(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _CARD.finditer(text, begin, behind):
        digits = re.sub(r"[ \-]", "", found[0])
        if digits[0] in "23456" and len(set(digits)) > 1 and luhn_is_valid(digits):
            yield Item("card", found.start(), found.end(), digits, 1.0)


_MIN_DIGITS: Final = 7
_MAX_DIGITS: Final = 15
_YEARS: Final = re.compile(r"\(?(?:1[0-9]|20)\d\d[-–. ](?:1[0-9]|20)\d\d\)?\Z")
_DATE: Final = re.compile(r"(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12]\d|3[01])\Z")


def _phones(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _PHONE.finditer(text, begin, behind):
        group = str(found.lastgroup)
        start, end = found.span(group)
        number = text[start:end]
        digits = "".join(filter(str.isdecimal, number))
        if _MIN_DIGITS <= len(digits) <= _MAX_DIGITS and not _is_date(number):
            score = 0.9 if group == "world" else 0.7
            yield Item("phone", start, end, ("+" if number[0] == "+" else "") + digits, score)
    for found in _LABELLED_PHONE.finditer(text, begin, behind):
        start, end = found.span("number")
        digits = "".join(filter(str.isdecimal, found["number"]))
        if len(digits) >= _MIN_DIGITS and not _is_date(found["number"]):
            yield Item("phone", start, end, digits, 0.9)


def _is_date(number: str) -> bool:
    return _DATE.match(number) is not None or _YEARS.match(number) is not None


def _ipv4s(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _IPV4.finditer(text, begin, behind):
        yield Item("ip", found.start(), found.end(), found[0], 0.9)


def _ipv6s(text: str, begin: int, behind: int) -> Iterator[Item]:
    for found in _IPV6.finditer(text, begin, behind):
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


_LONG_FINDERS: Final[tuple[Finder, ...]] = (_isbns, _chinese_ids, _cards, _phones, _ipv4s)
_GATED: Final = 1_000
"""Code points of a stretch from which it is worth to ask first."""
_PHONE_GATE: Final = (
    r"(?:\+|00)[1-9]#{0,2}(?:[ \x{a0}.\-/]{0,2}\(?#{1,5}\)?){2}"
    r"|\(0?#{2,4}\) ?#{3,4}[ \-.]?#{4}|#{3}[\-.]#{3}[\-.]#{4}|0#{2,4}[ \-/]#{3,4}[ \-]?#{3}"
    r"|1[3-9]#[ \-]?#{4}[ \-]?#{4}|(?i:tel|phone|mobile|fax|call|電話|电话|手机|热线|тел)"
)
_GATES: Final[dict[Finder, Any]] = {
    # Each finds whatever the finder does, and more: RE2 cannot look around.
    finder: re2.compile(pattern.replace("#", r"\p{Nd}"))
    for finder, pattern in (
        (_isbns, r"(?i:isbn)|97[89](?:[ \-]?#){10}"),
        (_chinese_ids, "[1-9]#{16}[0-9Xx]"),
        (_cards, r"#(?:[ \-]?#){12}"),
        (_phones, _PHONE_GATE),
        (_ipv4s, r"#\.#{1,3}\.#{1,3}\.#"),
    )
}


def spans_of(items: Iterable[Item], kind: Kind) -> tuple[Span, ...]:
    """Return where the items of one kind stand."""
    return tuple((item.start, item.end) for item in items if item.kind == kind)
