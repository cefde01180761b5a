"""Finders of personal data and identifiers, a function for each kind."""

# ruff: noqa: RUF001 (an en dash separates digits, too)

import re
from collections.abc import Callable, Iterator
from ipaddress import AddressValueError, IPv6Address
from typing import Any, Final

import re2

from fanmill.core.pii.checksums import (
    IBAN_LENGTHS,
    chinese_id_is_valid,
    iban_is_valid,
    isbn10_is_valid,
    isbn13_is_valid,
    luhn_is_valid,
)
from fanmill.core.pii.items import Item
from fanmill.core.pii.patterns import (
    CARD,
    CHINESE_ID,
    DATE,
    DOI,
    EMAIL,
    HASHTAG,
    IBAN,
    IPV4,
    IPV6,
    ISBN,
    LABELLED_PHONE,
    MAX_SCHEME_LENGTH,
    MONEY,
    PHONE,
    PHONE_GATE,
    SCHEME,
    TRAILING,
    URL,
    WWW,
    YEARS,
)

Finder = Callable[[str, int, int], Iterator[Item]]
"""Yields the items of a text between two code points."""


def emails(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield e-mail addresses, in lower case."""
    for found in EMAIL.finditer(text, begin, behind):
        yield Item("email", found.start(), found.end(), found[0].lower(), 1.0)


def urls(text: str) -> Iterator[Item]:
    """Yield URLs with a scheme, without the punctuation of the sentence around them."""
    at = text.find("://")
    while at >= 0:
        scheme = SCHEME.search(text, max(0, at - MAX_SCHEME_LENGTH), at)
        found = URL.match(text, at) if scheme else None
        if scheme and found:
            yield _url(scheme.start(), text[scheme.start() : found.end()])
            at = found.end()
        at = text.find("://", at + (not found))


def hosts(text: str) -> Iterator[Item]:
    """Yield host names that begin with `www.`, with their paths."""
    for found in WWW.finditer(text):
        yield _url(found.start(), found[0])


def _url(start: int, found: str) -> Item:
    """Return the URL without trailing punctuation; a bracket that it opens is kept."""
    url = found.rstrip(TRAILING)
    if found[len(url) : len(url) + 1] == ")" and "(" in url:
        url += ")"
    return Item("url", start, start + len(url), url, 1.0)


def dois(text: str) -> Iterator[Item]:
    """Yield digital object identifiers, in lower case."""
    for found in DOI.finditer(text):
        doi = found[0].rstrip(TRAILING)
        if "/" in doi and not doi.endswith("/"):
            yield Item("doi", found.start(), found.start() + len(doi), doi.lower(), 1.0)


def isbns(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield ISBN-13 with valid check digits, and labelled ISBN-10."""
    for found in ISBN.finditer(text, begin, behind):
        group = "labelled" if found["labelled"] else "bare"
        digits = re.sub(r"[ \-–]", "", found[group]).upper()
        if isbn13_is_valid(digits) or (group == "labelled" and isbn10_is_valid(digits)):
            yield Item("isbn", found.start(group), found.end(group), digits, 1.0)


def ibans(text: str, places: list[int]) -> Iterator[Item]:
    """Yield IBAN with the length of their country and valid check digits."""
    for found in filter(None, (IBAN.match(text, place) for place in places)):
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


def chinese_ids(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield Chinese resident identity numbers with valid check digits."""
    for found in CHINESE_ID.finditer(text, begin, behind):
        if chinese_id_is_valid(found[0].upper()):
            yield Item("national-id", found.start(), found.end(), found[0].upper(), 1.0)


def cards(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield payment card numbers with valid check digits."""
    for found in CARD.finditer(text, begin, behind):
        digits = re.sub(r"[ \-]", "", found[0])
        if digits[0] in "23456" and len(set(digits)) > 1 and luhn_is_valid(digits):
            yield Item("card", found.start(), found.end(), digits, 1.0)


_MIN_DIGITS: Final = 7
_MAX_DIGITS: Final = 15


def phones(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield telephone numbers: international, local, mobile or labelled."""
    for found in PHONE.finditer(text, begin, behind):
        group = str(found.lastgroup)
        start, end = found.span(group)
        number = text[start:end]
        digits = "".join(filter(str.isdecimal, number))
        if _MIN_DIGITS <= len(digits) <= _MAX_DIGITS and not _is_date(number):
            score = 0.9 if group == "world" else 0.7
            yield Item("phone", start, end, ("+" if number[0] == "+" else "") + digits, score)
    for found in LABELLED_PHONE.finditer(text, begin, behind):
        start, end = found.span("number")
        digits = "".join(filter(str.isdecimal, found["number"]))
        if len(digits) >= _MIN_DIGITS and not _is_date(found["number"]):
            yield Item("phone", start, end, digits, 0.9)


def _is_date(number: str) -> bool:
    """Tell whether digits and separators are a date or a span of years."""
    return DATE.match(number) is not None or YEARS.match(number) is not None


def ipv4s(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield IPv4 addresses."""
    for found in IPV4.finditer(text, begin, behind):
        yield Item("ip", found.start(), found.end(), found[0], 0.9)


def ipv6s(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield IPv6 addresses that have a digit."""
    for found in IPV6.finditer(text, begin, behind):
        address = found[0].rstrip(":") if not found[0].endswith("::") else found[0]
        try:
            value = str(IPv6Address(address))
        except AddressValueError:
            continue
        # `a::b` is C++, `::1` may be anything.
        if len(address) > len("::1") and any(map(str.isdecimal, address)):
            yield Item("ip", found.start(), found.start() + len(address), value, 0.9)


def money(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield amounts of money with their currency."""
    for found in MONEY.finditer(text, begin, behind):
        yield Item("money", found.start(), found.end(), " ".join(found[0].split()), 0.9)


def hashtags(text: str) -> Iterator[Item]:
    """Yield hashtags, in lower case."""
    for found in HASHTAG.finditer(text):
        yield Item("hashtag", found.start(), found.end(), found[0].lower(), 0.9)


LONG_FINDERS: Final[tuple[Finder, ...]] = (isbns, chinese_ids, cards, phones, ipv4s)
MIN_GATED_LENGTH: Final = 1_000
"""Code points in the shortest window that is searched with RE2 first."""
GATES: Final[dict[Finder, Any]] = {
    # RE2 has no look-around, so each pattern matches more than its finder does.
    finder: re2.compile(pattern.replace("#", r"\p{Nd}"))
    for finder, pattern in (
        (isbns, r"(?i:isbn)|97[89](?:[ \-]?#){10}"),
        (chinese_ids, "[1-9]#{16}[0-9Xx]"),
        (cards, r"#(?:[ \-]?#){12}"),
        (phones, PHONE_GATE),
        (ipv4s, r"#\.#{1,3}\.#{1,3}\.#"),
    )
}
