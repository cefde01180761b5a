"""Finders of personal data and identifiers, a function for each kind."""

# ruff: noqa: RUF001 (an en dash separates digits, too)

import re
from collections.abc import Callable, Iterator
from ipaddress import AddressValueError, IPv6Address
from typing import Any, Final

import re2

from fanmill.core.pii.cards import cards
from fanmill.core.pii.checksums import (
    IBAN_LENGTHS,
    iban_is_valid,
    isbn10_is_valid,
    isbn13_is_valid,
)
from fanmill.core.pii.contexts import is_versioned
from fanmill.core.pii.items import Item
from fanmill.core.pii.letters import ALPHABETIC
from fanmill.core.pii.national_ids import national_ids
from fanmill.core.pii.patterns import DOI, HASHTAG, IBAN, IPV4, IPV6, ISBN, MONEY, TRAILING
from fanmill.core.pii.phones import phones

Finder = Callable[[str, int, int], Iterator[Item]]
"""Yields the items of a text between two code points."""


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
        length = IBAN_LENGTHS.get(text[start : start + 2].upper())
        if length is None:
            continue
        compact: list[str] = []
        end = start
        while end < found.end() and len(compact) < length:
            if text[end].isalnum():
                compact.append(text[end].upper())
            end += 1
        whole = len(compact) == length and not _GOES_ON.match(text, end)
        if whole and iban_is_valid("".join(compact)):
            yield Item("iban", start, end, "".join(compact), 1.0)


_GOES_ON: Final = re.compile(rf"[{ALPHABETIC}\d]")
_JOINS: Final = re.compile(r"[\s,;/&–\-]*(?:[^\W\d_]{1,4}[\s,]+){0,2}(?:[^\W\d_]{1,4})?\Z")
"""Commas and short words such as `and` between two versions."""


_PACKAGE: Final = re.compile(r"(?:[A-Za-z]/|[=~><^]=\s?)\Z")
"""The end of `Chrome/` and of `package==`, before a version."""


def ipv4s(text: str, begin: int, behind: int) -> Iterator[Item]:
    """Yield IPv4 addresses; versions and the numbers of sections are none."""
    last_version = -1
    for found in IPV4.finditer(text, begin, behind):
        start, end = found.span()
        listed = last_version >= 0 and _JOINS.match(text[last_version:start]) is not None
        if (
            listed
            or _PACKAGE.search(text, max(0, start - 3), start)
            or is_versioned(text, start, end)
        ):
            last_version = end
            continue
        last_version = -1
        yield Item("ip", start, end, found[0], 0.9)


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


LONG_FINDERS: Final[tuple[Finder, ...]] = (isbns, cards, national_ids, ipv4s, phones)
LEAST_DIGITS: Final[dict[Finder, int]] = {isbns: 9, cards: 14, ipv4s: 4, phones: 6}
"""Digits that a window needs for an item; most windows have a date or an amount alone."""
MIN_GATED_LENGTH: Final = 1_000
"""Code points in the shortest window that is searched with RE2 first."""
GATES: Final[dict[Finder, Any]] = {
    # RE2 has no look-around, so each pattern matches more than its finder does.
    finder: re2.compile(pattern.replace("#", r"\p{Nd}"))
    for finder, pattern in (
        (isbns, r"(?i:isbn)|97[89](?:[ \-]?#){10}"),
        (cards, r"#(?:[ \x{a0}\x{2007}\x{2009}\x{202f}\x{2010}\x{2011}\-]?#){13}"),
        (ipv4s, r"#\.#{1,3}\.#{1,3}\.#"),
    )
}
